interface Spanned {
  readonly start: number
  readonly end: number
}

/**
 * Spans by where they begin, of those that begin together the wider first; else in the order in which they came. Almost all
 * come in order: only those that do not are sorted, and put between the others.
 */
export function inOrder<S extends Spanned>(spans: readonly S[]): readonly S[] {
  const ordered: S[] = []
  const strays: S[] = []
  let last: S | undefined
  for (const span of spans) {
    if (last !== undefined && compare(last, span) > 0) {
      strays.push(span)
      continue
    }
    ordered.push(span)
    last = span
  }
  return strays.length === 0 ? spans : merged(ordered, strays.toSorted(compare))
}

/** Of two that are equal, the one in order came first: what came later begins behind a stray. */
function merged<S extends Spanned>(ordered: readonly S[], strays: readonly S[]): S[] {
  const all: S[] = []
  let next = 0
  for (const span of ordered) {
    for (let stray = strays[next]; stray !== undefined && compare(stray, span) < 0; stray = strays[next]) {
      all.push(stray)
      next++
    }
    all.push(span)
  }
  return next === strays.length ? all : [...all, ...strays.slice(next)]
}

function compare(a: Spanned, b: Spanned): number {
  return a.start - b.start || b.end - a.end
}
