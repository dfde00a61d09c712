import { HOUR_MS, MINUTE_MS, parseDuration } from '../base/units.ts'
import type { AnalyzerTerms, ConnectionMasking, SurrogateTerms } from '../masking/connection-masking.ts'
import { compileAllOwn } from '../masking/patterns/compile-own.ts'
import type { OwnDetector } from '../masking/patterns/own-detector.ts'
import { Scanners } from '../masking/scanners.ts'
import { compilePath } from '../masking/structure/paths.ts'
import { toldEntity } from '../masking/told.ts'
import type { Mistake } from '../policy/mistake.ts'
import type { YamlDocument } from '../policy/yaml-source.ts'
import type { ConnectionEntry, ConnectionMaskingEntry, SallyportFile } from './files.ts'
import { httpUrl } from './http-url.ts'

/** Masking, as the main file says it. */
export interface MaskingSettings {
  /** Kinds of the configuration, tried with their examples, in the order of their ids. */
  readonly own: readonly OwnDetector[]
  /** Automata for these and for what is built in; each is built when somebody needs it. */
  readonly scanners: Scanners
  readonly surrogates: SurrogateTerms
}

const LIFETIME_MS = { least: MINUTE_MS, most: 24 * HOUR_MS, default: 8 * HOUR_MS }
const PER_SCOPE = 100_000
/** As many as one call may hold: more is not one person's work but a table that is carried away. */
const RESTORES_PER_MINUTE = 1_000

export function readMasking(document: YamlDocument, entry: SallyportFile, mistakes: Mistake[]): MaskingSettings {
  const { detectors = [], surrogates = {} } = entry.masking ?? {}
  const epochMs = surrogates.lifetime === undefined ? LIFETIME_MS.default : (parseDuration(surrogates.lifetime) ?? 0)
  if (epochMs < LIFETIME_MS.least || epochMs > LIFETIME_MS.most)
    mistakes.push(document.at(['masking', 'surrogates', 'lifetime'], 'this must be 1m to 24h'))
  const compiled = compileAllOwn(detectors.map((detector) => ({ ...detector, with: detector.with ?? 'redact' })))
  for (const { key, message, hint } of compiled.mistakes)
    mistakes.push(document.at(['masking', 'detectors', ...key], message, hint))
  return {
    own: compiled.own,
    scanners: new Scanners(compiled.own),
    surrogates: {
      epochMs,
      perScope: surrogates.per_scope ?? PER_SCOPE,
      restoresPerMinute: surrogates.restores_per_minute ?? RESTORES_PER_MINUTE,
    },
  }
}

const ENTITIES_HINT = 'names of Presidio that masking knows too, such as PERSON, LOCATION and EMAIL_ADDRESS'

/** Mistakes that the shape does not show. */
export function checkConnectionMasking(document: YamlDocument, { masking }: ConnectionEntry): Mistake[] {
  const { analyzer, restore } = masking ?? {}
  const found = analyzer === undefined ? [] : checkAnalyzer(document, analyzer)
  for (const [i, { argument, field }] of (restore?.sinks ?? []).entries()) {
    const place = ['masking', 'restore', 'sinks', i]
    const path = argument ?? field
    if (path === undefined || (argument !== undefined && field !== undefined)) {
      found.push(document.at(place, NO_PLACE, 'argument: email, or field: email'))
      continue
    }
    const compiled = compilePath(path)
    const key = argument === undefined ? 'field' : 'argument'
    if ('mistake' in compiled) found.push(document.at([...place, key], compiled.mistake))
  }
  return found
}

const NO_PLACE = 'this must name an argument or a field of a form, and not both'

function checkAnalyzer(document: YamlDocument, analyzer: AnalyzerEntry): Mistake[] {
  const { url, timeout, entities = [] } = analyzer
  const found: Mistake[] = []
  if (httpUrl(url) === undefined)
    found.push(document.atSecret(['masking', 'analyzer', 'url'], 'this is not a URL of a server', 'http or https'))
  if (timeout !== undefined && (parseDuration(timeout) ?? 0) <= 0)
    found.push(document.at(['masking', 'analyzer', 'timeout'], 'this is no time', 'such as 2s'))
  for (const [i, name] of entities.entries()) {
    const place = ['masking', 'analyzer', 'entities', i]
    if (toldEntity(name) === undefined)
      found.push(document.at(place, `nothing says how "${name}" is hidden`, ENTITIES_HINT))
  }
  return found
}

type AnalyzerEntry = NonNullable<ConnectionMaskingEntry['analyzer']>

/** Characters of values that may stand inside a longer text where a sink says no others. */
const WITHIN_DEFAULT = 'A-Za-z0-9@._+-'

export function toMasking(name: string, entry: ConnectionMaskingEntry = {}): ConnectionMasking {
  const { restore, analyzer } = entry
  return {
    profile: entry.profile ?? 'default',
    binary: entry.binary ?? 'pass',
    group: entry.group ?? name,
    restore: restore && {
      why: restore.why,
      sinks: restore.sinks.map(({ tool, argument, field, within }) => ({
        tool,
        argument,
        field,
        within: within === true ? WITHIN_DEFAULT : within === false ? undefined : within,
      })),
    },
    analyzer: analyzer && toAnalyzer(analyzer),
  }
}

function toAnalyzer(entry: AnalyzerEntry): AnalyzerTerms {
  return {
    url: entry.url,
    timeoutMs: parseDuration(entry.timeout ?? '2s') ?? 0,
    language: entry.language ?? 'en',
    score: entry.score ?? 0.5,
    entities: entry.entities ?? ['PERSON', 'LOCATION'],
    tools: entry.tools ?? ['*'],
    concurrent: entry.concurrent ?? 8,
  }
}
