import { encodeUtf8 } from '../base/bytes.ts'
import type { AnalyzerTerms } from '../masking/connection-masking.ts'
import { textsOf } from '../masking/texts.ts'
import { type Told, toldOf } from '../masking/told.ts'
import { Analyzer } from '../transport/analyzer.ts'

/** Asks the outside detector of a connection about one text, as a gateway would. Throws `masking_blocked` where it fails. */
export async function askAnalyzer(terms: AnalyzerTerms, text: string): Promise<readonly Told[]> {
  await using analyzer = new Analyzer(terms)
  const texts = textsOf(encodeUtf8(text))
  return toldOf(texts, await Promise.all(texts.map((one) => analyzer.analyze(one))))
}
