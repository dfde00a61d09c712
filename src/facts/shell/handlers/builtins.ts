import type { Call, Handler, Judge } from '../judge.ts'
import { isAnyPath, isStatic, mayBeOption, UNKNOWN } from '../marks.ts'
import { has, optionTable, scan, valueOf, type OptionTable, type Scan } from '../options.ts'

/** A builtin that only changes or shows this shell, with these options. */
function builtin(options: string, then: (result: Scan, call: Call, judge: Judge) => void = () => {}): Handler {
  const table = optionTable(options)
  return (call, judge) => {
    judge.found.verb('read')
    const result = scan(call.words, table)
    if (result.strange.length > 0 || result.injectable) judge.found.unknown(`unknown_option:${call.program}`)
    then(result, call, judge)
  }
}

const anything: Handler = (_, { found }) => found.verb('read')

/** Names of variables as builtins take them: a subscript is evaluated, and may run code. */
const NAME = /^[A-Za-z_]\w*(?:\[(?:\d+|[@*])\])?$/

function setNames(names: readonly string[], judge: Judge): void {
  for (const name of names) {
    if (!NAME.test(name)) judge.found.unknown('dynamic_code')
    else judge.assign(name.replace(/\[.*/, ''), UNKNOWN, { isExported: false })
  }
}

function changeFolder(result: Scan, _: Call, { found }: Judge): void {
  const target = result.operands.at(-1) ?? '~'
  if (isAnyPath(target)) found.unknown()
  found.read(target, 'name')
  found.enter(target)
}

const printf: Handler = ({ words }, judge) => {
  judge.found.verb('read')
  const [first = '', name = ''] = words
  if (first === '-v') setNames([name], judge)
  else if (first !== '--' && mayBeOption(first)) judge.found.unknown()
}

/** `[` and `test`: `-v` evaluates a subscript, everything else compares or looks at files. */
const test: Handler = ({ words }, judge) => {
  const { found } = judge
  found.verb('read')
  for (const [i, word] of words.entries()) {
    const next = words[i + 1] ?? ''
    if ((word === '-v' || word === '-R') && !NAME.test(next)) found.unknown('dynamic_code')
    else if (/^-[a-hkprsuwxGLNOS]$/.test(word) && isStatic(next)) found.read(next, 'name')
  }
}

/** `export` and its relatives; assignments that the parser saw are judged where they stand. */
const declare: Handler = ({ program, words }, judge) => {
  judge.found.verb('read')
  const options = words.filter((word) => word.startsWith('-'))
  const operands = words.filter((word) => !word.startsWith('-'))
  const isGiven = (letters: RegExp): boolean => options.some((option) => letters.test(option))
  for (const operand of operands) declareOne(operand, program === 'export' || isGiven(/x/), judge)
  // Without names they print everything there is, with its values.
  if (operands.length === 0 ? !isGiven(/^-[fF]/) && program !== 'local' : isGiven(/p/)) judge.found.unknown('secrets')
  // A number is evaluated whenever it is set, a reference sets another variable.
  if (program !== 'export' && isGiven(/[in]/)) judge.found.unknown('dynamic_code')
  if (program === 'readonly' || isGiven(/r/)) makeReadonly(operands, judge)
}

/** In a shell that lives on, later assignments fail without a word, and this value stays. */
function makeReadonly(operands: readonly string[], { found, scope }: Judge): void {
  scope.pin(operands.map(nameOf))
  for (const operand of operands) {
    const value = operand.slice(operand.indexOf('=') + 1)
    if (mayBeOption(value) || !isStatic(value) || /[\s*?]/.test(value)) found.unknown()
  }
}

function declareOne(operand: string, isExported: boolean, judge: Judge): void {
  const name = nameOf(operand)
  if (mayBeOption(operand) || !/^[A-Za-z_]\w*$/.test(name)) judge.found.unknown('dynamic_code')
  const at = operand.indexOf('=')
  if (at < 0) return
  const value = operand.slice(at + 1)
  const known = judge.scope.get(name)
  // An array that the parser saw comes here as one text.
  const isSame = typeof known === 'object' && known.join(' ') === value
  judge.assign(name, isSame ? known : operand.charAt(at - 1) === '+' ? UNKNOWN : value, { isExported })
}

function nameOf(operand: string): string {
  return /^[A-Za-z_]\w*(?=\[|\+?=|$)/.exec(operand)?.[0] ?? operand
}

const evaluate: Handler = ({ words }, judge) => {
  judge.found.verb('read')
  const isPlain = /^[A-Za-z_]\w*\s*(?:[-+*/%]?=\s*[\w\s+\-*/%()]+|\+\+|--)$/
  for (const word of words) {
    if (!isPlain.test(word)) judge.found.unknown('dynamic_code')
    else judge.assign(/^\w+/.exec(word)?.[0] ?? '', '0', { isExported: false })
  }
}

const set: Handler = ({ words }, { found }) => {
  found.verb('read')
  if (words.length === 0) return found.unknown('secrets')
  for (const [i, word] of words.entries()) {
    if (word === '--' || (i === 0 && !/^[-+]/.test(word))) return
    if (!/^[-+](?:[abefhkmnptuvxBCEHPTo]+)?$/.test(word) && !/^[a-z-]+$/.test(word)) return found.unknown()
  }
}

/** The text runs later, and changes what this shell knows. */
const trap: Handler = ({ words }, judge) => {
  judge.found.verb('read')
  const operands = words.filter((word) => word !== '--')
  const [action = ''] = operands
  if (operands.length === 0 || /^-[lp]$/.test(action) || action === '-' || action === '') return
  if (operands.length === 1 && /^(?:[A-Z]+|\d+)$/.test(action)) return
  if (mayBeOption(action)) judge.found.unknown('dynamic_code')
  judge.script(action, { via: 'trap', isSameShell: true })
}

const runText: Handler = ({ words }, judge) => {
  judge.script(words.filter((word) => word !== '--').join(' '), { via: 'eval', isSameShell: true })
}

const alias: Handler = ({ words }, judge) => {
  if (words.every((word) => isStatic(word) && !word.includes('='))) return judge.found.verb('read')
  judge.found.unknown('alias')
  for (const word of words) {
    const at = word.indexOf('=')
    if (at >= 0) judge.script(word.slice(at + 1), { via: 'alias' })
  }
}

const source: Handler = ({ words }, { found }) => {
  found.verb('code')
  found.flag('source')
  for (const word of words.slice(0, 1)) found.read(word)
}

const unset = builtin('-fvn', ({ operands }, _, judge) => {
  for (const name of operands) {
    if (!NAME.test(name)) judge.found.unknown('dynamic_code')
    judge.scope.functions.delete(name)
    judge.scope.forget([name])
  }
})

const READ_OPTIONS: OptionTable = optionTable('-ers -a: -d: -i: -n: -N: -p: -t: -u: -k: -q -A:')

const read: Handler = ({ words, program }, judge) => {
  judge.found.verb('read')
  const result = scan(words, READ_OPTIONS)
  if (result.strange.length > 0 || result.injectable) judge.found.unknown(`unknown_option:${program}`)
  const arrays = result.options.filter(({ name }) => name === '-a' || name === '-A').map(({ value }) => value)
  setNames([...result.operands, ...arrays], judge)
}

const hash = builtin('-dlrt', ({ operands }, _, { found }) => {
  // zsh sets the place of a program with `hash ls=/tmp/ls`.
  if (!operands.every((word) => /^[\w.+-]+$/.test(word))) found.unknown()
})

const compgen = builtin('-abcdefgjksuv -A:', (result, _, { found }) => {
  const action = valueOf(result, '-A')
  if (has(result, '-e', '-v') || action === 'export' || action === 'variable') found.unknown('secrets')
})

const jobs = builtin('-lnprs')

export const BUILTINS: Readonly<Record<string, Handler>> = {
  ':': anything,
  true: anything,
  false: anything,
  echo: anything,
  printf,
  test,
  '[': test,
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  let: evaluate,
  set,
  trap,
  eval: runText,
  alias,
  '.': source,
  source,
  unset,
  read,
  hash,
  compgen,
  jobs,
  cd: builtin('-LPe@', changeFolder),
  chdir: builtin('', changeFolder),
  pushd: builtin('-n -# +#', changeFolder),
  popd: builtin('-n -# +#'),
  dirs: builtin('-clpv -# +#'),
  pwd: builtin('-LPW --help'),
  type: builtin('-afptP'),
  unalias: builtin('-a'),
  ulimit: builtin('-HSabcdefiklmnpqrstuvxPRT', ({ operands }, _, { found }) => {
    if (!operands.every((word) => /^(?:\d+|unlimited|hard|soft)$/.test(word))) found.unknown()
  }),
  umask: builtin('-pS'),
  shopt: builtin('-pqsuo'),
  getopts: builtin('', ({ operands }, _, judge) => setNames(operands.slice(1, 2), judge)),
  mapfile: builtin('-t -d: -n: -O: -s: -u:', ({ operands }, _, judge) => setNames(operands, judge)),
  readarray: builtin('-t -d: -n: -O: -s: -u:', ({ operands }, _, judge) => setNames(operands, judge)),
  wait: builtin('-fn -p:', (result, _, judge) => {
    const names = result.options.filter(({ name }) => name === '-p').map(({ value }) => value)
    setNames(names, judge)
  }),
  enable: builtin('-aps'),
  bg: jobs,
  fg: jobs,
  disown: builtin('-ahr'),
  times: anything,
  caller: anything,
  exit: anything,
  return: anything,
  break: anything,
  continue: anything,
  shift: anything,
  logout: anything,
}
