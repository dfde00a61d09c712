import { judgeEffect } from '../effects.ts'
import type { Call, Handler, Judge } from '../judge.ts'
import { isAnyPath } from '../marks.ts'
import { has, optionTable, scan, valueOf, type OptionTable, type Scan } from '../options.ts'

const LIST = optionTable(
  '-txvzjJaZO -f: -C: --list --extract --get --to-stdout --verbose --gzip --gunzip --bzip2 --xz --zstd --lzma --auto-compress --file: --directory: --wildcards --no-wildcards --exclude: --full-time --numeric-owner --strip-components: --show-transformed-names --block-number --totals --utc',
)

/** `tar`: only listing, and unpacking to the standard output; all else writes, and several options start programs. */
const tar: Handler = (call, judge) => {
  const { found } = judge
  const words = withDashes(call.words)
  const result = scan(words, LIST)
  if (isTarRead(result)) {
    for (const word of result.operands) found.mention(word)
    return readOne(valueOf(result, '-f', '--file') ?? '-', judge)
  }
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

/** `tar tfC x y` is `tar -t -f x -C y`: each letter with a value takes the next word. */
function withDashes(words: readonly string[]): string[] {
  const [first = '', ...rest] = words
  if (!/^[a-zA-Z]+$/.test(first)) return [...words]
  const options = first.split('').map((letter) => `-${letter}`)
  const spread = options.flatMap((option) =>
    LIST.get(option)?.kind === 'value' ? [option, ...rest.splice(0, 1)] : [option],
  )
  return [...spread, ...rest]
}

function isTarRead(result: Scan): boolean {
  if (result.strange.length > 0 || result.injectable) return false
  const isToOutput = has(result, '-O', '--to-stdout')
  if (has(result, '-x', '--extract', '--get')) return isToOutput && !has(result, '-t', '--list')
  return has(result, '-t', '--list') && !isToOutput
}

function readOne(path: string, { found }: Judge): void {
  found.verb('read')
  if (path === '-') return
  // Another program fetches `host:path`.
  if (isAnyPath(path) || path.includes(':')) found.unknown()
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
