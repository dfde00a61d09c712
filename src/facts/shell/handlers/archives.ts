import { judgeEffect } from '../effects.ts'
import type { Call, Handler, Judge } from '../judge.ts'
import { isAnyPath } from '../marks.ts'
import { has, optionTable, scan, valueOf, type OptionTable, type Scan } from '../options.ts'

const LIST = optionTable(
  '-tvzjJaZO -f: -C: --list --verbose --gzip --gunzip --bzip2 --xz --zstd --lzma --auto-compress --file: --directory: --wildcards --no-wildcards --exclude: --full-time --numeric-owner --strip-components: --show-transformed-names --block-number --totals --utc',
)

/** `tar`: only listing; creating and unpacking write, and several options start programs. */
const tar: Handler = (call, judge) => {
  const { found } = judge
  // `tar tzf x` is `tar -tzf x`.
  const [first = '', ...rest] = call.words
  const words = /^[a-zA-Z]+$/.test(first) ? [`-${first}`, ...rest] : call.words
  const result = scan(words, LIST)
  const isList = has(result, '-t', '--list') && result.strange.length === 0 && !result.injectable && !has(result, '-O')
  const file = valueOf(result, '-f', '--file') ?? '-'
  // `host:path` is fetched by another program.
  if (isList && !file.includes(':')) return readOne(file, judge)
  found.unknown()
  found.verb('write')
  for (const word of words) {
    found.mention(word)
    if (
      /^--(?:checkpoint-action|to-command|use-compress-program|rsh-command|info-script|new-volume-script)|^-[a-zA-Z]*[IF]$/.test(
        word,
      )
    )
      found.verb('code')
  }
}

function readOne(path: string, { found }: Judge): void {
  found.verb('read')
  if (path === '-') return
  if (isAnyPath(path)) found.unknown()
  found.read(path)
}

/** Packers that write files unless an option says otherwise. */
function packer(options: string, isRead: (result: Scan, call: Call) => boolean): Handler {
  const table: OptionTable = optionTable(options)
  return (call, judge) => {
    const result = scan(call.words, table)
    if (result.strange.length > 0 || result.injectable || !isRead(result, call))
      return judgeEffect({ verbs: ['write'], takes: 'targets' }, call, judge)
    judge.found.verb('read')
    const named = result.options.filter(({ use }) => use === 'read').map(({ value }) => value)
    for (const path of [...named, ...result.operands]) readOne(path, judge)
  }
}

const STREAM =
  '-cdktlvqn19fhL0 -# -T: --stdout --to-stdout --decompress --uncompress --keep --test --list --verbose --quiet --force --threads: --best --fast --no-name'

/** To the standard output, or only looking. Without a file name, it stands in a pipe. */
const isStream = (result: Scan): boolean =>
  has(result, '-c', '--stdout', '--to-stdout', '-l', '--list', '-t', '--test') ||
  result.operands.every((path) => path === '-')

const isCat = (): boolean => true

export const ARCHIVE_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['tar', tar],
  ['gtar', tar],
  ['bsdtar', tar],
  ...['gzip', 'gunzip', 'bzip2', 'bunzip2', 'xz', 'unxz', 'lzma', 'zstd', 'unzstd', 'lz4', 'pigz', 'brotli'].map(
    (name): [string, Handler] => [name, packer(STREAM, isStream)],
  ),
  ...['zcat', 'gzcat', 'bzcat', 'xzcat', 'zstdcat', 'lz4cat', 'lzcat'].map((name): [string, Handler] => [
    name,
    packer('-fqv -S: --force --quiet', isCat),
  ]),
  ['unzip', packer('-lvptqZ12mhT', (result) => has(result, '-l', '-p', '-t', '-Z', '-v'))],
  ['zipinfo', packer('-12smlvhtTzM', isCat)],
  ['ar', packer('', () => false)],
  ['cpio', packer('-itvn -F:r --list --verbose --quiet', (result) => has(result, '-t', '--list'))],
  ['7z', packer('-ba -slt', (result) => result.operands[0] === 'l' && result.operands.length <= 2)],
  ['unrar', packer('', (result) => /^(?:l|lb|v|vb|t)$/.test(result.operands[0] ?? '') && result.operands.length <= 2)],
  ['jar', packer('', (result) => /^tv?f$/.test(result.operands[0] ?? ''))],
  ['dpkg-deb', packer('-cIfW --contents --info --field --show', (result) => result.options.length > 0)],
  ['rpm2cpio', packer('', isCat)],
])
