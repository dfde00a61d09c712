import { readFile } from 'node:fs/promises'
import type { Mistake } from '../policy/mistake.ts'
import type { Path, YamlDocument } from '../policy/yaml-source.ts'
import type { SallyportFile } from './files.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The main file, in the right shape. Paths in it are relative to its folder. */
export interface MainFile {
  readonly document: YamlDocument
  readonly entry: SallyportFile
  readonly folder: string
}

/** A mistake where a file names another one that is not there. */
export function cannotRead(document: YamlDocument, path: Path, file: string): Mistake {
  return document.at(path, `${file} cannot be read`, 'check the path; it is relative to this file')
}

/** Undefined where there is no such file, or none that may be read. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return undefined
  }
}
