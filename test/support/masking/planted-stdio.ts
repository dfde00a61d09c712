// A server over standard input and output that says what it was planted with, on its standard error too. It reads its words
// from a file that is not the gateway's.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scripted } from '../scripted-stdio.ts'
import type { Words } from './planted-server.ts'

/** Writes it into a folder; what starts it. */
export function plantedStdio(folder: string, words: Words): { command: string; args: string[] } {
  const said = join(folder, 'words.json')
  const program = join(folder, 'planted-stdio.mjs')
  writeFileSync(said, JSON.stringify(words))
  writeFileSync(
    program,
    scripted(TOOLS, `${FIRST}\nconst words = JSON.parse(readFileSync(${JSON.stringify(said)}, 'utf8'))`),
  )
  return { command: process.execPath, args: [program] }
}

const FIRST = `import { readFileSync } from 'node:fs'
const complain = (words) => {
  for (const line of words.prose.split('\\n')) process.stderr.write(line + '\\n')
  process.stderr.write(JSON.stringify(words.fields) + '\\n')
}
setTimeout(() => complain(words))`

const TOOLS = `{
  'tools/list': (message, reply) => reply({ tools: ['text', 'fails', 'dies'].map((name) => ({ name, inputSchema: { type: 'object' } })) }),
  text(message, reply) {
    complain(words)
    told(words.prose)
    reply({ content: [{ type: 'text', text: words.prose }], structuredContent: words.fields })
  },
  fails(message) {
    out({ id: message.id, error: { code: -32000, message: words.prose, data: words.fields } })
  },
  dies() {
    complain(words)
    told(words.fields)
    raw(JSON.stringify(words.fields) + '\\n' + words.prose + '\\n')
    process.exit(3)
  },
}`
