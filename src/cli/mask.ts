import { isObject, type JsonObject, parseJson, stringifyJson } from '../base/json.ts'
import { safe } from '../recording/print.ts'
import { coverageLines } from './mask-coverage.ts'
import { termsFrom } from './mask-terms.ts'
import { EXIT, type ExitCode, printLine } from './out.ts'
import { jsonFrom, readInput } from './read-input.ts'
import { Trial, type Tried, type TryOut } from './try-masking.ts'
import { readArgs, UsageError } from './usage.ts'
import { beside } from './wrap.ts'

/** `sallyport mask [FILE|-]`: what masking does with a text, and why; `--coverage` says what it looks for. */
export async function mask(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean' },
      config: { type: 'string', short: 'c' },
      connection: { type: 'string' },
      coverage: { type: 'boolean' },
      entity: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  })
  const [file = '-', ...more] = positionals
  if (more.length > 0) throw new UsageError('Name one file, or - for standard input.')
  if (values.coverage === true && positionals.length > 0) throw new UsageError('--coverage takes no file.')
  const { config, connection, entity: entities = [] } = values
  const terms = await termsFrom({ config, connection, entities })
  if (terms === undefined) return EXIT.refused
  if (values.coverage === true) {
    if (values.json === true) printLine(JSON.stringify(terms.coverage))
    else for (const line of coverageLines(terms.coverage)) printLine(safe(line))
    return EXIT.fine
  }
  const trial = new Trial(terms, { keepsAll: values.all === true })
  const text = readInput(file)
  if (values.json === true) answerLines(text, trial)
  else for (const line of reportLines(trial.mask(text))) printLine(line)
  return EXIT.fine
}

function answerLines(text: string, trial: Trial): void {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = jsonFrom(line, `Line ${index + 1}`)
    const isText = typeof value === 'string'
    if (!isText && !Array.isArray(value) && !isObject(value))
      throw new UsageError(`Line ${index + 1} is neither a string, nor an object or array of JSON.`)
    const { masked, refused, findings, notInspected } = trial.mask(isText ? value : line)
    printLine(
      stringifyJson({
        findings: findings.map(withoutLine),
        masked: masked === undefined ? null : isText ? masked : parseJson(masked),
        ...(refused !== undefined && { refused }),
        ...(notInspected.length > 0 && { notInspected }),
      }),
    )
  }
}

/** What reads JSON counts in offsets and paths. */
function withoutLine({ entity, start, end, path, score, rule, why, action }: Tried): JsonObject {
  return { entity, start, end, ...(path !== undefined && { path }), score, rule, why, action }
}

function reportLines({ masked, refused, findings, notInspected }: TryOut): string[] {
  // What is masked may be piped on, so it is printed as it is; its own newline at the end is the one of the line.
  const lines = [masked?.replace(/\n$/, '') ?? refused ?? '', '']
  if (findings.length === 0) lines.push('Nothing was found.')
  else lines.push(...tableLines(findings))
  if (notInspected.length > 0) lines.push('', ...beside('Not inspected: ', safe([...new Set(notInspected)].join(', '))))
  return lines
}

function tableLines(findings: readonly Tried[]): string[] {
  const rows = findings.map(({ entity, score, action, rule, why, ...at }) => ({
    cells: [
      entity,
      at.path === undefined || at.path === '' ? `${at.line}:${at.column}` : at.path,
      score.toFixed(2),
      action,
    ],
    why: why.startsWith(rule) ? why : `${rule}: ${why}`,
  }))
  const all = [HEAD, ...rows.map(({ cells }) => cells)]
  const widths = HEAD.map((_, i) => Math.min(CELL_CHARS_MAX, Math.max(...all.map((cells) => cells[i]?.length ?? 0))))
  const line = (cells: readonly string[]) =>
    safe(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  return [line(HEAD), ...rows.flatMap(({ cells, why }) => [line(cells), ...beside('    ', why).map(safe)])]
}

const HEAD: readonly string[] = ['entity', 'place', 'score', 'action']
/** A longer path moves what stands behind it, in its own line only. */
const CELL_CHARS_MAX = 40
