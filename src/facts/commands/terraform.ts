import type { ShellVerb } from '../facts.ts'
import type { Word } from '../reader.ts'
import { has, options, scan } from './options.ts'
import { cloudOf, reading, type CommandReading } from './reading.ts'
import {
  both,
  commandTable,
  descend,
  does,
  effectOf,
  isQuestion,
  nameFlag,
  pathOf,
  reads,
  withFlags,
  withMore,
  type Entry,
} from './table.ts'

// State holds secrets in the clear, whatever the configuration calls sensitive.
const stateRead = (spec: string): Entry => withFlags(does('read admin', spec), 'secrets')

const TERRAFORM: Readonly<Record<string, Entry>> = {
  validate: reads('-json -no-color -no-tests -test-directory= -help'),
  version: reads('-json -help'),
  'providers | metadata functions': reads('-json -help -test-directory='),
  'providers schema': does('read', '-json -help'),
  'state list': reads('-id= -help'),
  'workspace list | workspace show': reads('-help -no-color'),
  // A plan asks providers, which read; it changes nothing without -out and -generate-config-out.
  plan: withMore(
    does(
      'read network',
      `-compact-warnings -destroy -detailed-exitcode -input=? -json -lock=? -lock-timeout= -no-color
    -parallelism= -refresh-only -refresh=? -replace= -target= -exclude= -var= -var-file= -concise -show-sensitive=? -help`,
    ),
    {
      '-out=|-generate-config-out=': { verbs: ['write'] },
    },
  ),
  'show | output | state show | state pull': stateRead('-json -no-color -raw -help'),
  fmt: reads('-check -diff -recursive -list=? -no-color -help'),
  apply: withMore(does('write network admin'), { '-destroy': { verbs: ['delete'] } }),
  'import | refresh | taint | untaint | force-unlock | state mv | state push | state replace-provider':
    does('write network'),
  'destroy | state rm | workspace delete': does('delete network'),
  'init | get | test | console | graph | query | stacks': does('code network write'),
  'workspace new | workspace select | providers lock | providers mirror | modules | 0.13upgrade': does('write'),
  'login | logout': withFlags(does('admin network'), 'secrets'),
}

const TABLE = commandTable(TERRAFORM)
const GLOBALS = options('-chdir= -version -help -v -h')

/** Reads the words after `terraform` or `tofu`; options have one dash or two. */
export function readTerraform(words: readonly Word[]): CommandReading {
  const place = descend(words, TABLE, { globals: GLOBALS, singleDash: true })
  const own = scan(words, place.entry === undefined ? [] : [place.entry.options], { from: place.at, singleDash: true })
  const scanned = both(place.before, own)
  const effect = effectOf(place.entry, scanned)
  const path = pathOf(place, words)
  const verbs: ShellVerb[] = [...effect.verbs]
  // Without -check it rewrites the files.
  if (place.path === 'fmt' && !has(own, '-check')) verbs.push('write')
  const files = own.found.filter(({ name }) => name === '-var-file').map(({ value }) => value ?? '')
  const outputs = own.found
    .filter(({ name }) => name === '-out' || name === '-generate-config-out')
    .map(({ value }) => value ?? '')
  const read = reading({
    verbs: isQuestion(place, words) ? ['read'] : verbs,
    flags: [...effect.flags, ...nameFlag('terraform', path)],
    reads: files,
    writes: outputs,
  })
  const [service = '', ...action] = path.split(' ')
  return { ...read, cloud: cloudOf(read, { provider: 'terraform', service, action: action.join(' ') }) }
}
