// Reads what the documents promise, so that a test can hold it against the repository.

/** Whether a dependency's version names one release: `1.2.3`, or an alias of one. */
export function isExact(version: string): boolean {
  return /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)
}

/** Cells of every table row, heads and rules left out. */
export function rowsOf(markdown: string): string[][] {
  const rows: string[][] = []
  const lines = markdown.split('\n')
  for (const [at, line] of lines.entries()) {
    const isHead = /^\|[-| :]+\|$/.test(lines[at + 1] ?? '')
    if (!line.startsWith('|') || isHead || /^\|[-| :]+\|$/.test(line)) continue
    rows.push(
      line
        .replaceAll(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    )
  }
  return rows
}

/** Names of npm scripts that a text tells people to run. */
export function commandsNamedIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short ?? '')
}
