/** Of a percent sign that is spelled in percent signs itself, as often as that may be. */
const ESCAPE = /%(?:25)*([0-7][0-9a-f])/gi
/** Some of an escape may be escaped, so that it shows only now. */
const ROUNDS = 3
const SKIPPED = /[\p{Cc}\s]+/gu

/** What a URI says to whoever reads percent signs in it, without what parsers of URLs skip: `%68t%09tps:` is an address of the web. */
export function plainUri(uri: string): string {
  let text = uri
  for (let i = 0; i < ROUNDS && text.includes('%'); i += 1)
    text = text.replaceAll(ESCAPE, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
  return text.replaceAll(SKIPPED, '')
}
