import { isObject } from '../base/json.ts'
import { Shape } from '../policy/check-shape.ts'
import type { Mistake } from '../policy/mistake.ts'
import { callSchema } from '../policy/policy-schema.ts'
import type { CallQuestion } from '../policy/run-tests.ts'
import { readYaml } from '../policy/yaml-source.ts'
import { jsonFrom, readInput } from './read-input.ts'
import { UsageError } from './usage.ts'

/** Options that say which call a command asks about. */
export const CALL_OPTIONS = {
  call: { type: 'string' },
  connection: { type: 'string' },
  tool: { type: 'string' },
  args: { type: 'string' },
  groups: { type: 'string' },
  at: { type: 'string' },
} as const

interface CallValues {
  readonly call?: string | undefined
  readonly connection?: string | undefined
  readonly tool?: string | undefined
  readonly args?: string | undefined
  readonly groups?: string | undefined
  readonly at?: string | undefined
}

const HOW =
  'Say which call: --call call.json (written as a test of a policy, without expect), or --connection NAME --tool NAME --args JSON --groups CLAIM,CLAIM.'

/** The call that a person asks about; a UsageError says what is wrong with it. */
export function callOf({ call, connection, tool, args, groups, at }: CallValues): CallQuestion {
  const parts = { connection, tool, args, groups, at }
  if (call !== undefined && Object.values(parts).some((value) => value !== undefined))
    throw new UsageError(`Either --call, or the call in options. ${HOW}`)
  return call === undefined ? fromOptions(parts) : fromFile(call)
}

/** JSON is YAML: a test can be taken out of a policy as it stands. */
function fromFile(file: string): CallQuestion {
  const name = file === '-' ? 'standard input' : file
  const { documents, mistakes } = readYaml(readInput(file), name)
  const [document] = documents
  const [syntax] = mistakes
  if (syntax !== undefined) throw wrong(syntax)
  if (document === undefined) throw new UsageError(`${name} holds no call. ${HOW}`)
  const shaped = new Shape<CallQuestion>(callSchema()).check(document)
  if (shaped.kind === 'shaped') return shaped.value
  throw wrong(shaped.mistakes[0])
}

function wrong(mistake: Mistake | undefined): UsageError {
  if (mistake === undefined) return new UsageError(HOW)
  const { file, line, column, message, hint } = mistake
  return new UsageError(
    `${file}:${line}:${column}: ${message}${hint === undefined ? '' : `; ${hint.replace(/\.$/, '')}`}.`,
  )
}

function fromOptions({ connection, tool, args, groups, at }: Omit<CallValues, 'call'>): CallQuestion {
  if (connection === undefined) throw new UsageError(HOW)
  if (args !== undefined && tool === undefined) throw new UsageError('--args are those of a tool: name it with --tool.')
  const given = jsonFrom(args ?? '{}', '--args')
  if (!isObject(given)) throw new UsageError('--args is a JSON object, such as \'{"sql": "SELECT 1"}\'.')
  return {
    ...(groups === undefined ? {} : { as: { groups: groups.split(',').map((group) => group.trim()) } }),
    ...(at === undefined ? {} : { at }),
    call: { connection, ...(tool === undefined ? {} : { tool }), args: given },
  }
}
