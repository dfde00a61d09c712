import type { Call, Handler, Judge } from '../judge.ts'
import { isDynamic } from '../marks.ts'

const SHELLS = ['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish', 'mksh', 'rbash', 'csh', 'tcsh']

/** Shells run code: what of it stands in the text is read, too. */
const shell: Handler = (call, judge) => {
  const { found } = judge
  found.verb('code')
  const code = codeOf(call.words)
  if (code.kind === 'text') judge.script(code.text, { via: `${call.program} -c` })
  else if (code.kind === 'missing') found.unknown('dynamic_code')
  else if (code.kind === 'file') {
    found.flag(`run_script:${call.program}`)
    found.read(code.path)
  } else judgeInput(call, judge)
}

type Code = { kind: 'text'; text: string } | { kind: 'file'; path: string } | { kind: 'input' } | { kind: 'missing' }

const VALUED = new Set(['-o', '+o', '-O', '+O', '--rcfile', '--init-file'])

function codeOf(words: readonly string[]): Code {
  const at = words.findIndex((word, i) => !isShellOption(word) && !VALUED.has(words[i - 1] ?? ''))
  const options = words.slice(0, at < 0 ? undefined : at)
  const isCommand = options.some((word) => /^-[a-zA-Z]*c/.test(word) || word === '--command')
  const text = words[at]
  if (text === undefined) return isCommand ? { kind: 'missing' } : { kind: 'input' }
  if (isCommand) return { kind: 'text', text }
  return options.some((word) => /^-[a-zA-Z]*s/.test(word)) ? { kind: 'input' } : { kind: 'file', path: text }
}

function isShellOption(word: string): boolean {
  return /^[-+]/.test(word)
}

function judgeInput(call: Call, judge: Judge): void {
  const { text, isPiped, producer } = call.input
  if (producer !== undefined) judge.found.flag('pipe_to_interpreter')
  if (text !== undefined) judge.script(text, { via: call.program })
  else if (isPiped) judge.found.unknown('dynamic_code')
}

interface Interpreter {
  /** Options whose value is code. */
  readonly code: readonly string[]
}

const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: { code: ['-c'] },
  python2: { code: ['-c'] },
  python3: { code: ['-c'] },
  pypy: { code: ['-c'] },
  pypy3: { code: ['-c'] },
  ipython: { code: ['-c'] },
  perl: { code: ['-e', '-E', '-n', '-p'] },
  ruby: { code: ['-e'] },
  node: { code: ['-e', '--eval', '-p', '--print'] },
  nodejs: { code: ['-e', '--eval', '-p', '--print'] },
  deno: { code: ['eval'] },
  bun: { code: ['-e', '--eval'] },
  php: { code: ['-r'] },
  lua: { code: ['-e'] },
  luajit: { code: ['-e'] },
  osascript: { code: ['-e'] },
  pwsh: { code: ['-c', '-Command', '-command'] },
  powershell: { code: ['-c', '-Command', '-command'] },
  tclsh: { code: [] },
  expect: { code: ['-c'] },
  julia: { code: ['-e', '-E'] },
  R: { code: ['-e'] },
  Rscript: { code: ['-e'] },
  groovy: { code: ['-e'] },
  jshell: { code: [] },
  irb: { code: ['-e'] },
  elixir: { code: ['-e'] },
  erl: { code: ['-eval'] },
  ghci: { code: ['-e'] },
  ocaml: { code: ['-e'] },
  scala: { code: ['-e'] },
  java: { code: [] },
  'ts-node': { code: ['-e', '--eval'] },
  tsx: { code: ['-e', '--eval'] },
  m4: { code: [] },
}

function interpreter(shape: Interpreter): Handler {
  return (call, judge) => {
    const { found } = judge
    const { program, words } = call
    if (isHarmlessModule(call, judge)) return
    found.verb('code')
    for (const word of words) found.mention(word)
    const isInline = words.some((word) =>
      shape.code.some(
        (option) => word === option || (option.length === 2 && new RegExp(`^-[a-zA-Z]*${option[1]}`).test(word)),
      ),
    )
    found.flag(isInline ? `inline_code:${program}` : `run_script:${program}`)
    if (!isInline && call.input.producer !== undefined) found.flag('pipe_to_interpreter')
    if (words.some(isDynamic)) found.flag('dynamic_code')
  }
}

/** Modules of Python that show something: `python -m json.tool`, and pip as a module. */
function isHarmlessModule({ program, words, input, via }: Call, judge: Judge): boolean {
  if (!/^python[23]?$/.test(program) || words[0] !== '-m') return false
  const [, module = '', ...rest] = words
  if (module === 'pip') {
    judge.run(['pip', ...rest], { via, input })
    return true
  }
  // The second operand of json.tool is written.
  const operands = rest.filter((word) => !word.startsWith('-'))
  const isShown =
    module === 'json.tool' &&
    operands.length <= 1 &&
    rest.every((word) => /^(?:--sort-keys|--compact|--no-ensure-ascii|--json-lines|--tab|[^-\0\x04].*)$/.test(word)) // oxlint-disable-line no-control-regex -- marks
  if (!isShown) return false
  judge.found.verb('read')
  for (const path of operands) judge.found.read(path)
  return true
}

/** `watch` gives its words to a shell. */
const watch: Handler = ({ words, program }, judge) => {
  const at = words.findIndex(
    (word, i) => !word.startsWith('-') && !['-n', '--interval', '-q', '--equexit'].includes(words[i - 1] ?? ''),
  )
  judge.found.flag('wrapper:watch')
  if (
    !words
      .slice(0, Math.max(at, 0))
      .every(
        (word) =>
          /^-(?:-?(?:interval|differences|no-title|color|beep|errexit|chgexit|precise|exec)(?:=[\w.]+)?|[dtcbegpxn][dtcbegpxn\d.]*)$/.test(
            word,
          ) || /^[\d.]+$/.test(word),
      )
  ) {
    judge.found.unknown('unknown_option:watch')
  }
  if (at < 0) judge.found.unknown()
  else judge.script(words.slice(at).join(' '), { via: program })
}

/** `script -c command`: a shell, and a file of what it showed. */
const script: Handler = ({ words, program }, judge) => {
  judge.found.verb('code', 'write')
  for (const [i, word] of words.entries()) {
    if (/^-[a-zA-Z]*c$/.test(word) || word === '--command') judge.script(words[i + 1] ?? '', { via: program })
    else if (word.startsWith('--command=')) judge.script(word.slice('--command='.length), { via: program })
  }
}

export const INTERPRETER_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...SHELLS.map((name): [string, Handler] => [name, shell]),
  ...Object.entries(INTERPRETERS).map(([name, shape]): [string, Handler] => [name, interpreter(shape)]),
  ['watch', watch],
  ['script', script],
])
