/** Whether each round bracket of a text closes behind one that opens, and none stays open. */
export function isBalanced(text: string): boolean {
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '(') open++
    else if (char === ')' && --open < 0) return false
  }
  return open === 0
}
