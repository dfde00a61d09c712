import { expect } from 'vitest'
import { NamedValues } from './named-values.ts'

const names = new NamedValues()

export const leaf = (text: string): string => JSON.stringify({ t: text })

export const unescaped = (value: string, levels: number): string =>
  levels === 0 ? value : unescaped(String(JSON.parse(`"${value}"`)), levels - 1)

/** What is found by its name, each value once. */
export function valuesIn(text: string, raw = true): string[] {
  return [...new Set(names.find(text, { raw }).map(({ value }) => value))]
}

/** The same text as it is, and in JSON up to the third level: found everywhere, and cut at the same places. */
export function expectEverywhere(
  text: string,
  expected: readonly string[],
  values: (text: string, raw: boolean) => string[] = valuesIn,
): void {
  const wrapped = JSON.stringify({ a: 1, t: text, b: 2 })
  const forms: [string, boolean, number][] = [
    [text, false, 0],
    [leaf(text), true, 1],
    [leaf(wrapped), true, 2],
    [leaf(JSON.stringify({ a: 1, t: text, b: 2 }, undefined, 2)), true, 2],
    [leaf(leaf(wrapped)), true, 3],
  ]
  for (const [form, raw, levels] of forms)
    expect([
      form,
      values(form, raw)
        .map((value) => unescaped(value, levels))
        .toSorted(),
    ]).toEqual([form, [...expected].toSorted()])
}
