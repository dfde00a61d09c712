import type { Config } from '../config/config.ts'
import { loadPolicyFor } from '../config/load.ts'
import { readText } from '../config/main-file.ts'
import { printMistakes } from '../config/print-mistakes.ts'
import { sensitiveFinder } from '../masking/sensitive.ts'
import type { Backtest } from './backtest-run.ts'
import { printError } from './out.ts'
import { UsageError } from './usage.ts'

/** What recorded calls are decided again with: that policy, over the connections of this configuration. */
export async function backtestTerms(
  file: string,
  { connections, readers, masking }: Config,
  span: Pick<Backtest, 'fromMs' | 'toMs'>,
): Promise<Backtest | undefined> {
  const text = await readText(file)
  if (text === undefined) throw new UsageError(`${file} cannot be read.`)
  const loaded = loadPolicyFor(text, { file, connections, readers, masking })
  if (loaded.kind === 'mistakes') {
    printError(printMistakes(loaded.mistakes))
    return undefined
  }
  const findSensitive = sensitiveFinder(masking.scanners, masking.own)
  return { policy: loaded.policy, connections, readers, findSensitive, ...span }
}
