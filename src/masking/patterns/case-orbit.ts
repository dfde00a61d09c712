/** Letters of which no other letter's capital or small form leads to all of their kin: long s, Kelvin, Ångström, Greek variants … */
const KIN = [
  0x17f, 0x212a, 0x212b, 0x2126, 0x1e9e, 0x1e9b, 0x3c2, 0x3d0, 0x3d1, 0x3d5, 0x3d6, 0x3f0, 0x3f1, 0x3f4, 0x3f5, 0x1fbe,
  0x345, 0x1c4, 0x1c5, 0x1c7, 0x1c8, 0x1ca, 0x1cb, 0x1f1, 0x1f2, 0x1c80, 0x1c81, 0x1c82, 0x1c83, 0x1c84, 0x1c85, 0x1c86,
  0x1c87, 0x1c88, 0xa64a,
]

/** A character with all that are the same in whatever case, in order. */
export function caseOrbit(code: number): number[] {
  const same = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu')
  const text = String.fromCodePoint(code)
  const forms = [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    text.toUpperCase().toLowerCase(),
    text.toLowerCase().toUpperCase(),
  ]
  const candidates = [...forms, ...KIN.map((kin) => String.fromCodePoint(kin))]
  const codes = candidates.flatMap((form) => (same.test(form) ? (form.codePointAt(0) ?? code) : []))
  return [...new Set(codes)].toSorted((a, b) => a - b)
}
