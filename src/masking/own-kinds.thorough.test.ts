// Kinds of the configuration go where personal data that is built in goes: they are hidden in what comes back and in what is
// kept, and reach the server, which may need them, unless somebody says otherwise.
import { describe, expect, it } from 'vitest'
import { openMasker } from '../../test/support/masking/passages.ts'
import { GatewayError } from '../base/assert.ts'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { Sealed } from '../base/sealed.ts'
import type { PassageMasking } from './passage.ts'
import { compileAllOwn } from './patterns/compile-own.ts'
import type { DetectorSpec } from './patterns/spec.ts'
import type { Terms } from './rule-set.ts'

const NO = 'EMP-004711'
const EMPLOYEE: DetectorSpec = {
  name: 'employee_no',
  pattern: 'EMP-[0-9]{6}',
  with: 'redact',
  examples: { matches: [NO], leaves_alone: ['EMP-1'] },
}
const call = (args: object) =>
  encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'find', arguments: args } }))
const reply = (result: object) => encodeUtf8(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))

interface Given extends Partial<DetectorSpec> {
  readonly terms?: readonly Terms[]
}

/** What becomes of the number, whichever way it goes. */
function seen({ terms = [], ...spec }: Given = {}, args: object = { no: NO }) {
  const { own, mistakes } = compileAllOwn([{ ...EMPLOYEE, ...spec }])
  expect(mistakes).toEqual([])
  using world = openMasker({ own })
  const passage = world.passage({ arguments: terms })
  const sent = passage.outbound(call(args))
  return {
    sent: sent.kind === 'refused' ? sent.why : decodeUtf8(Sealed.open(sent.body)),
    record: decodeUtf8(passage.record.bytes(call(args))),
    result: shown(passage, { text: NO }),
    listed: shown(world.passage({ method: 'tools/list', tool: undefined }), {
      tools: [{ name: 'find', description: `such as ${NO}`, inputSchema: {} }],
    }),
  }
}

function shown({ results }: PassageMasking, result: object): string {
  try {
    return decodeUtf8(results.bytes(reply(result)))
  } catch (error) {
    return error instanceof GatewayError ? `${error.code} ${error.message}` : ''
  }
}

describe('a kind of the configuration', () => {
  it('is hidden in results and in the record, reaches the server, and leaves definitions alone', () => {
    for (const action of ['redact', 'partial', 'surrogate', 'hash']) {
      const { sent, record, result, listed } = seen({ with: action })
      expect(sent).toContain(NO)
      expect(record).not.toContain(NO)
      expect(result).not.toContain(NO)
      expect(listed).toContain(NO)
    }
  })

  it('is hidden in arguments where a rule of the policy or the kind itself says so', () => {
    const terms = [{ entities: ['employee_no'], with: 'redact' as const }]
    for (const given of [{ terms }, { in: ['arguments'] as const }, { in: ['results', 'arguments'] as const }])
      expect(seen(given).sent).toContain('redacted:employee_no')
    expect(seen({ in: ['arguments'] }).result).toContain(NO)
    expect(seen({ in: ['arguments'] }).record).not.toContain(NO)
  })

  it('is hidden by its key too where it is said of arguments', () => {
    const spec = {
      pattern: undefined,
      keys: ['employee'],
      examples: { matches: ['{"employee":"Bob"}'], leaves_alone: ['{"x":"Bob"}'] },
    }
    expect(seen(spec, { employee: 'Bob' }).sent).toContain('Bob')
    expect(seen({ ...spec, in: ['arguments'] }, { employee: 'Bob' }).sent).toContain('redacted:employee_no')
  })

  it('blocks both ways where it blocks, and is kept of neither', () => {
    const { sent, record, result } = seen({ with: 'block' })
    expect(sent).toBe('policy-block')
    expect(record).toContain('redacted:employee_no')
    expect(result).toMatch(/^masking_blocked .*employee_no/)
    expect(seen({ with: 'block', in: ['results'] }).sent).toContain(NO)
  })
})
