import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import { parseCheckpoints, type SignedCheckpoint } from '../audit/checkpoint.ts'
import { isoMicros } from '../audit/iso-time.ts'
import { tileHashReader } from '../audit/proof.ts'
import { GatewayError } from '../base/assert.ts'
import { clock } from '../base/clock.ts'
import { encodeUtf8, toBase64 } from '../base/bytes.ts'
import { bundleReport, NOT_PROVEN } from '../recording/bundle-report.ts'
import { recordFilter } from '../recording/export/filter.ts'
import { CHECKPOINT } from '../store/segments/heads.ts'
import { keysOf } from '../store/segments/note-keys.ts'
import { readRecords } from '../store/segments/read-records.ts'
import { findStream } from '../store/segments/stream.ts'
import { readTile } from '../store/segments/tile-files.ts'
import { type BundleFiles, contentFiles, manifestOf, proofFiles, type Proving } from './bundle-files.ts'
import { bundlePdf } from './bundle-pdf.ts'
import { gather, type Gathered } from './bundle-gather.ts'
import { outerFiles } from './bundle-outer.ts'
import { type Detected, detectAgain } from './bundle-detect.ts'
import { logFolder } from './log-folder.ts'
import { recordLook } from './look.ts'
import { momentOf } from './moment.ts'
import { EXIT, type ExitCode, printError, printLine } from './out.ts'
import { packKeysOf } from './pack-keys.ts'
import { bundleProgram } from './page-parts.ts'
import { programVersion } from './program-version.ts'
import { readArgs, UsageError } from './usage.ts'
import { writeWhole } from './write-result.ts'

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string', short: 'c' },
  from: { type: 'string' },
  to: { type: 'string' },
  connection: { type: 'string' },
  who: { type: 'string' },
  session: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const

/**
 * `sallyport audit bundle`: all entries of a time with the proof that they are all, the content of selected ones, and a program
 * that checks it without us (audit.md, 15.4).
 */
export async function bundle(args: readonly string[]): Promise<ExitCode> {
  const { values } = readArgs({ args: [...args], options: OPTIONS })
  const { connection, from, output, session, to, who } = values
  if (from === undefined || output === undefined)
    throw new UsageError('Say from when, and where to: audit bundle --from 2026-11-01 [--to 2026-12-01] -o FILE.zip.')
  const nowMs = clock.nowMs()
  const [fromUs, toUs] = [
    momentOf(from, nowMs) * 1000,
    to === undefined ? clock.nowMicros() : momentOf(to, nowMs) * 1000,
  ]
  const folder = await logFolder(values)
  const proving = provingOf(folder)
  const wanted = recordFilter({ connection, who, session })
  const keys = await packKeysOf(values, folder)
  const outer = outerFiles(folder, proving, keys)
  const gathered = await gather(readRecords({ folder, keys }), { size: proving.head.size, fromUs, toUs, wanted })
  if (gathered === undefined) {
    printError(`No record from ${from} to ${to ?? 'now'} is below the newest signed head.`)
    return EXIT.refused
  }
  const said = { from, to, connection, session, who: who === undefined ? undefined : 'named' }
  await recordLook(folder, { kind: 'export', view: { ...said, format: 'evidence', rows: gathered.selected.length } })
  const detected = await detectAgain(gathered.disclosed)
  const selection = { connection, who, session }
  const made = { span: { from: isoMicros(fromUs), to: isoMicros(toUs) }, selection, detected, outer }
  writeWhole(output, [await zipOf(gathered, proving, made)])
  for (const line of saidOf(gathered, output, detected)) printLine(line)
  return detected.found === 0 ? EXIT.fine : EXIT.refused
}

/** The newest signed head, with cosignatures where there are, and the tiles below it. */
function provingOf(dataFolder: string): Proving {
  const stream = findStream(dataFolder)
  if (stream === undefined) throw new UsageError(`There is no log in ${dataFolder}.`)
  const folder = dirname(stream.folder)
  const head = newestHead(folder)
  if (head === undefined) throw new UsageError('No head of this log is signed yet, so nothing of it can be proven.')
  const read = tileHashReader(head.size, (tile) => {
    const bytes = readTile(folder, tile)
    if (bytes === undefined)
      throw new GatewayError('log_unavailable', 'A tile of the tree is missing. "sallyport audit verify" says where.')
    return bytes
  })
  return { head, read, keys: keysOf(dataFolder, stream.origin) }
}

function newestHead(folder: string): SignedCheckpoint | undefined {
  try {
    return parseCheckpoints(readFileSync(join(folder, CHECKPOINT), 'utf8')).heads.at(-1)?.head
  } catch {
    // None was published yet.
    return undefined
  }
}

interface Made {
  readonly span: { readonly from: string; readonly to: string }
  readonly selection: Readonly<Record<string, string | undefined>>
  readonly detected: Detected
  readonly outer: BundleFiles
}

async function zipOf(
  gathered: Gathered,
  proving: Proving,
  { detected, outer, selection, span }: Made,
): Promise<Uint8Array> {
  const { first, last, origin, policies, selected } = gathered
  const files = new Map([...proofFiles(gathered, proving), ...outer, ...contentFiles(gathered)])
  files.set('detectors.json', encodeUtf8(`${JSON.stringify(detected, undefined, 2)}\n`))
  files.set('verify.mjs', encodeUtf8(bundleProgram()))
  const claim = claimOf(gathered, proving.head, detected)
  const facts = [
    ['stream', origin],
    ['records', `${first} to ${last}`],
    ['from, to', `${span.from}, ${span.to}`],
    ['shown', `${selected.length} of ${last - first + 1} records`],
    [
      'selection',
      Object.entries(selection)
        .flatMap(([key, one]) => (one === undefined ? [] : [`${key} ${one}`]))
        .join(', ') || 'everything',
    ],
    ['head', `size ${proving.head.size}, root ${toBase64(proving.head.root)}`],
    ['policies in force', policies.join(', ')],
    ['gone', `${gathered.gone.length} parts; ${gathered.tombstones.length} tombstones`],
  ] as const
  const check =
    'node verify.mjs BUNDLE.zip --key KEY, with the verifier key of the log from whoever you trust, or --policy FILE with a trust policy, which also says whose cosignatures are enough. Compare verify.mjs with the one of a release first.'
  const report = { claim, facts, detectors: detectorText(detected), notProven: NOT_PROVEN, check }
  files.set('REPORT.html', encodeUtf8(bundleReport(report)))
  files.set('REPORT.pdf', await bundlePdf(report))
  const manifest = manifestOf(files, {
    claim,
    not_claimed: NOT_PROVEN,
    origin,
    range: { first, last, ...span },
    selection,
    selected,
    head: { size: proving.head.size, root: toBase64(proving.head.root) },
    policies,
    made_by: `sallyport ${programVersion()}`,
  })
  return zipSync(Object.fromEntries([['manifest.json', manifest], ...files]), { mtime: ZIP_TIME })
}

/** The same content makes the same bytes. */
const ZIP_TIME = '1980-01-01T12:00:00'

function claimOf({ first, last, origin, selected }: Gathered, { size }: SignedCheckpoint, detected: Detected): string {
  return (
    `In stream ${origin}, records ${first} to ${last} are complete and contiguous below the signed head of size ${size}; ` +
    `of ${selected.length} of them all that was recorded is shown. ${detectorText(detected)}`
  )
}

function detectorText({ found, searched, unread }: Detected): string {
  const values = found === 0 ? 'no value' : `${found} values`
  const rest = unread === 0 ? '' : ` ${unread} parts could not be searched.`
  return `The detectors of sallyport ${programVersion()}, default profile, were run again over ${searched} parts and find ${values} that it hides.${rest}`
}

function saidOf({ first, last, selected }: Gathered, output: string, detected: Detected): readonly string[] {
  return [
    `Records ${first} to ${last}, ${selected.length} of them shown, in ${output}.`,
    detectorText(detected),
    'It proves nothing to somebody who takes the key from the bundle: hand over the verifier key another way ("sallyport audit checkpoint" prints it).',
  ]
}
