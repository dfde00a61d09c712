import { type JsonObject, stringifyJson } from '../base/json.ts'
import { FIELDS_ARE_MEMBERS } from '../masking/coverage.ts'
import { safe } from '../recording/print.ts'
import type { MaskTerms } from './mask-terms.ts'
import type { Tried, TryOut } from './try-masking.ts'
import { beside } from './wrap.ts'

/** What was masked, and below it what was found and why. */
export function reportLines(tried: TryOut, notes: readonly string[]): string[] {
  const { masked, refused, notInspected } = tried
  // What is masked may be piped on, so it is printed as it is; its own newline at the end is the one of the line.
  const lines = [masked?.replace(/\n$/, '') ?? refused ?? '', '', ...findingLines(tried)]
  if (notInspected.length > 0) lines.push('', ...beside('Not inspected: ', safe([...new Set(notInspected)].join(', '))))
  if (notes.length > 0) lines.push('', ...notes.flatMap((note) => beside('', safe(note))))
  return lines
}

/**
 * One answer of `--json`, a line; offsets and paths say where, so lines do not. A document is told as it would leave: read and
 * written again, its numbers would be others.
 */
export function answerLine({ masked, refused, findings, untold, notInspected }: TryOut, isText: boolean): string {
  const told = stringifyJson({ findings: findings.map(findingJson) })
  const value = masked === undefined || isText ? stringifyJson(masked ?? null) : masked.trim()
  const rest = stringifyJson({
    ...(refused !== undefined && { refused }),
    ...(untold !== undefined && { untold }),
    ...(notInspected.length > 0 && { notInspected }),
  })
  return `${told.slice(0, -1)},"masked":${value}${rest === '{}' ? '' : ','}${rest.slice(1)}`
}

/** What a person should know of how it was tried. */
export function notesOf(
  { connection = '', direction, analyzer, policy, rules }: MaskTerms,
  { isAsked, isJson }: { isAsked: boolean; isJson: boolean },
): string[] {
  const notes: string[] = []
  if (policy?.stopped !== undefined) {
    const { kind, rule } = policy.stopped
    const does = kind === 'deny' ? 'denies this call' : 'wants an approval for this call'
    notes.push(
      `The policy ${does} (rule "${rule}"), so its mask rules say nothing here. Say which call it is: --tool NAME --groups CLAIM,CLAIM.`,
    )
  } else if (policy !== undefined && policy.by[direction].length > 0)
    notes.push(`Rules of the policy: ${policy.by[direction].join(', ')}.`)
  if (analyzer !== undefined && !isAsked && direction === 'results')
    notes.push(`The analyzer of "${connection}" was not asked for names in prose: --analyzer asks it.`)
  if (rules.paths.length > 0 && !isJson)
    notes.push(`This is no JSON: ${FIELDS_ARE_MEMBERS} (${rules.paths.map(({ text }) => text).join(', ')}).`)
  return notes
}

/** A finding as `--json` tells it. */
export function findingJson({ entity, start, end, hidden, path, score, rule, why, action }: Tried): JsonObject {
  return {
    entity,
    start,
    end,
    ...(hidden !== undefined && { hidden: { start: hidden.start, end: hidden.end } }),
    ...(path !== undefined && { path }),
    score,
    rule,
    why,
    action,
  }
}

function findingLines({ findings, untold }: TryOut): string[] {
  if (untold !== undefined) return beside('', `${untold.charAt(0).toUpperCase()}${untold.slice(1)}.`)
  return findings.length === 0 ? ['Nothing was found.'] : tableLines(findings)
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
