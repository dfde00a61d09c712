import { isObject } from '../base/json.ts'

/** Facts for people: one line each, without those that say nothing. */
export function factLines(facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts).flatMap(([kind, of]) => (isObject(of) ? membersOf(kind, of) : []))
}

function membersOf(kind: string, facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    if (name === 'present' || saysNothing(value)) return []
    if (Array.isArray(value) && value.some(isObject))
      return value.flatMap((one, i) => (isObject(one) ? membersOf(`${kind}.${name}[${i}]`, one) : []))
    return [`${`${kind}.${name}`.padEnd(22)} ${Array.isArray(value) ? value.map(shown).join(', ') : shown(value)}`]
  })
}

function saysNothing(value: unknown): boolean {
  return value === '' || value === -1 || (Array.isArray(value) && value.length === 0)
}

/** A word that is only known at run time is a NUL in facts. */
function shown(value: unknown): string {
  return value === '\0' ? '(known at run time only)' : String(value)
}
