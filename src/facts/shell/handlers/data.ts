import type { Handler, Judge } from '../judge.ts'
import { isAnyPath, isDynamic } from '../marks.ts'
import { has, optionTable, scan, type Scan } from '../options.ts'

const JQ = optionTable(
  '-cnesrRCMSaj0hVL -f:r --compact-output --null-input --exit-status --slurp --raw-output --raw-input --raw-output0 --join-output --ascii-output --color-output --monochrome-output --sort-keys --tab --indent: --stream --seq --unbuffered --arg:2 --argjson:2 --slurpfile:2r --rawfile:2r --from-file:r --args --jsonargs',
)

/** `jq` reads files only where they are named; its programs see the environment, and modules. */
const jq: Handler = (call, judge) => {
  const { found } = judge
  found.verb('read')
  const result = scan(call.words, JQ)
  if (result.strange.length > 0 || has(result, '-L')) found.unknown('unknown_option:jq')
  const hasFile = has(result, '-f', '--from-file')
  const [filter, ...rest] = result.operands
  if (!hasFile) judgeFilter(filter ?? '.', judge)
  const areTexts = has(result, '--args', '--jsonargs')
  readFiles(result, areTexts ? [] : hasFile ? result.operands : rest, judge)
}

/** The environment. Before jq 1.7, spaces and comments may stand between `$` and the name. */
const ENVIRONMENT = /\$(?:\s|#[^\n]*\n)*ENV\b|(?<![.\w"$])env\b(?!\s*:)/
/** `import` and `include` read other files. */
const OTHER_FILES = /\b(?:import|include|get_search_list|modulemeta)\b|\$__prog_args/

function judgeFilter(filter: string, { found }: Judge): void {
  if (isDynamic(filter)) return found.unknown('dynamic_code')
  if (ENVIRONMENT.test(filter)) found.unknown('secrets')
  if (OTHER_FILES.test(filter)) found.unknown()
}

function readFiles({ options }: Scan, operands: readonly string[], judge: Judge): void {
  const named = options.filter(({ use }) => use === 'read').map(({ value }) => value)
  for (const path of [...named, ...operands]) {
    if (path === '-') continue
    if (isAnyPath(path)) judge.found.unknown()
    judge.found.read(path)
  }
  for (const { use, value } of options) if (use === 'write') judge.found.write(value)
}

const YQ = optionTable(
  '-rPjCMneyYcSsh0N -o: -p: -I: -w: --unwrapScalar:? --prettyPrint --tojson --colors --no-colors --null-input --exit-status --yaml-output --yaml-roundtrip --output-format: --input-format: --indent: --no-doc --raw-output --compact-output --sort-keys --slurp',
)

/** Both programs of that name; the older one's `eval` is a sub-command. `-i` edits, `-s` of one of them writes files. */
const yq: Handler = (call, judge) => {
  const { found } = judge
  found.verb('read')
  const words = ['e', 'eval', 'ea', 'eval-all', 'r', 'read'].includes(call.words[0] ?? '')
    ? call.words.slice(1)
    : call.words
  const result = scan(words, YQ)
  if (result.strange.length > 0 || result.injectable || has(result, '-s')) found.unknown('unknown_option:yq')
  const [filter, ...files] = result.operands
  judgeFilter(filter ?? '.', judge)
  if (/\b(?:load\w*|strenv|envsubst|eval|system)\b/.test(filter ?? '')) found.unknown()
  readFiles(result, files, judge)
}

export const DATA_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['jq', jq],
  ['gojq', jq],
  ['jaq', jq],
  ['yq', yq],
])
