import type { Difference } from '../../../approval/compare.ts'
import type { JsonValue } from '../../../base/json.ts'
import type { LastApproved } from '../context.ts'
import { html, type Html, seen } from './html.ts'

/** How a call differs from the last one of its kind that people agreed to. */
export function comparison(last: LastApproved | undefined): Html {
  if (last === undefined) return html`<p class="none">There is none.</p>`
  const { id, sameCall, sameTool, onlyHidden, changes } = last
  const link = html`<a href="/approvals/${id}">${id}</a>`
  return html`${
    sameCall
      ? html`<p>The same as ${link}.</p>`
      : onlyHidden
        ? html`<p class="warning">
            It differs from ${link} in values that are hidden here. Reveal the arguments to see them.
          </p>`
        : html`<p>Against ${link}:</p>
            <div class="changes">${changes.map(change)}</div>`
  }${sameTool ? undefined : html`<p class="warning">The tool is defined otherwise than it was then.</p>`}`
}

function change({ path, before, after }: Difference): Html {
  const [was, is] = [textOf(before), textOf(after)]
  const common = commonEnds(was, is)
  return html`<figure>
    <figcaption>${seen(path)}</figcaption>
    <pre class="was" tabindex="0">${before === undefined ? html`<i>nothing</i>` : part(was, common)}</pre>
    <pre class="is" tabindex="0">${after === undefined ? html`<i>nothing</i>` : part(is, common)}</pre>
  </figure>`
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '')
}

interface Ends {
  readonly start: number
  readonly end: number
}

/** How many characters two texts have in common at their beginning, and at their end. */
function commonEnds(a: string, b: string): Ends {
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start += 1
  let end = 0
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  return { start, end }
}

function part(text: string, { start, end }: Ends): Html {
  const to = text.length - end
  return html`${seen(text.slice(0, start))}<mark>${seen(text.slice(start, to))}</mark>${seen(text.slice(to))}`
}
