import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isQuorum } from '../audit/trusted-head.ts'
import { parseTrustPolicy, type TrustPolicy } from '../audit/trust-policy.ts'
import { parseDuration, SECOND_MS } from '../base/units.ts'
import type { Mistake } from '../policy/mistake.ts'
import type { Path, YamlDocument } from '../policy/yaml-source.ts'
import type { AnchorConfig, WitnessesConfig } from './config.ts'
import type { AnchorEntry } from './files.ts'
import { httpUrl } from './http-url.ts'
import { cannotRead, type MainFile } from './main-file.ts'
import { secretReference } from './secret-reference.ts'

/** Witnesses and anchors, with the trust policy that is named. */
export function readOutsiders(main: MainFile, mistakes: Mistake[]): OutsidersConfig {
  const anchors = main.entry.audit?.anchors ?? []
  return {
    witnesses: readWitnesses(main, mistakes),
    anchors: anchors.flatMap((entry, i) => readAnchor({ main, entry, at: ['audit', 'anchors', i] }, mistakes)),
  }
}

interface OutsidersConfig {
  readonly witnesses: WitnessesConfig | undefined
  readonly anchors: readonly AnchorConfig[]
}

function readWitnesses(main: MainFile, mistakes: Mistake[]): WitnessesConfig | undefined {
  const witnesses = main.entry.audit?.witnesses
  if (witnesses === undefined) return undefined
  const at = ['audit', 'witnesses'] as const
  const everyMs = parseDuration(witnesses.every ?? '10s') ?? 0
  const atMostMs = parseDuration(witnesses.at_most ?? '60s') ?? 0
  if (everyMs < SECOND_MS) mistakes.push(main.document.at([...at, 'every'], 'this must be at least 1s'))
  if (atMostMs < everyMs) mistakes.push(main.document.at([...at, 'at_most'], 'this must not be shorter than every'))
  const policyFile = resolve(main.folder, witnesses.policy)
  const policy = readPolicy(main.document, policyFile, mistakes)
  return policy && { policyFile, policy, everyMs, atMostMs }
}

function readPolicy(document: YamlDocument, file: string, mistakes: Mistake[]): TrustPolicy | undefined {
  const at = ['audit', 'witnesses', 'policy']
  const read = readPolicyFile(file)
  if (read?.kind === 'policy') {
    const why = unreachable(read.policy)
    if (why !== undefined) mistakes.push(document.at(at, `${file}: ${why}`))
    return read.policy
  }
  if (read === undefined) mistakes.push(cannotRead(document, at, file))
  for (const { do: hint, line, what: message } of read?.mistakes ?? [])
    mistakes.push({ file, line, column: 1, message, hint })
  return undefined
}

function readPolicyFile(path: string): ReturnType<typeof parseTrustPolicy> | undefined {
  try {
    return parseTrustPolicy(readFileSync(path))
  } catch {
    return undefined
  }
}

/** A quorum that can never come about would be an alert without an end. */
function unreachable({ quorum, witnesses }: TrustPolicy): string | undefined {
  const asked = witnesses.filter(({ url }) => url !== undefined)
  const bad = asked.find(({ url }) => httpUrl(url ?? '') === undefined)
  if (bad !== undefined) return `the URL of ${bad.name} is not http or https`
  if (asked.length === 0) return 'no witness has a URL, so none can be asked'
  return isQuorum(quorum, new Set(asked.map(({ name }) => name)))
    ? undefined
    : 'the quorum cannot be reached by the witnesses that have a URL'
}

interface AnchorAt {
  readonly main: MainFile
  readonly entry: AnchorEntry
  readonly at: Path
}

/** What each kind needs, and what it may have besides `kind` and `every`. */
const KEYS = {
  file: { needs: ['path'], may: [] },
  rfc3161: { needs: ['url', 'ca'], may: [] },
  'object-lock': {
    needs: ['endpoint', 'bucket', 'access_key_id', 'secret_access_key'],
    may: ['region', 'prefix', 'retain'],
  },
} as const satisfies Record<AnchorEntry['kind'], { needs: readonly string[]; may: readonly string[] }>

function readAnchor({ at, entry, main }: AnchorAt, mistakes: Mistake[]): AnchorConfig[] {
  const before = mistakes.length
  checkKeys({ at, entry, main }, mistakes)
  const everyMs = parseDuration(entry.every ?? (entry.kind === 'rfc3161' ? '1d' : '1m')) ?? 0
  if (everyMs < SECOND_MS) mistakes.push(main.document.at([...at, 'every'], 'this must be at least 1s'))
  for (const key of ['url', 'endpoint'] as const) {
    if (entry[key] === undefined || httpUrl(entry[key]) !== undefined) continue
    mistakes.push(main.document.at([...at, key], 'this must be an http or https URL'))
  }
  return mistakes.length > before ? [] : [toAnchor(entry, main.folder, everyMs)]
}

function checkKeys({ at, entry, main }: AnchorAt, mistakes: Mistake[]): void {
  const { may, needs } = KEYS[entry.kind]
  const known: readonly string[] = ['kind', 'every', ...needs, ...may]
  for (const key of needs)
    if (entry[key] === undefined) mistakes.push(main.document.at(at, `an anchor of kind ${entry.kind} needs ${key}`))
  for (const key of Object.keys(entry))
    if (!known.includes(key))
      mistakes.push(main.document.at([...at, key], `an anchor of kind ${entry.kind} has no ${key}`))
}

function toAnchor(entry: AnchorEntry, folder: string, everyMs: number): AnchorConfig {
  const { ca = '', kind, path = '', url = '' } = entry
  switch (kind) {
    case 'file':
      return { kind, everyMs, path: resolve(folder, path) }
    case 'rfc3161':
      return { kind, everyMs, url, caFile: resolve(folder, ca) }
    case 'object-lock':
      return { kind, everyMs, ...toBucket(entry, folder) }
  }
}

function toBucket(
  { access_key_id = '', bucket = '', endpoint = '', prefix = '', region = 'us-east-1', ...more }: AnchorEntry,
  folder: string,
) {
  const { retain = '400d', secret_access_key = '' } = more
  return {
    bucket,
    endpoint,
    prefix,
    region,
    retainMs: parseDuration(retain) ?? 0,
    accessKeyId: secretReference(access_key_id, folder),
    secretAccessKey: secretReference(secret_access_key, folder),
  }
}
