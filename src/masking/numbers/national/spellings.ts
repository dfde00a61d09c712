/** Terms as texts, columns and keys join their words: `tax file number`, `tax_file_number`, `tax-file-number`, `taxfilenumber`. */
export function spellings(...terms: readonly string[]): readonly string[] {
  return terms.flatMap((term) => (term.includes(' ') ? JOINTS.map((joint) => term.replaceAll(' ', joint)) : [term]))
}

const JOINTS = [' ', '_', '-', ''] as const
