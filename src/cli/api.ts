import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import { problem } from './api-pages.ts'

/** Answers what is below one path. */
export interface ApiPart {
  readonly path: string
  readonly answer: (request: ApiRequest) => Promise<Page>
}

/** Everything below `/api/v1/`: a part answers its own path and all below it. */
export function api(parts: readonly ApiPart[]): (request: ApiRequest) => Promise<Page> {
  return async (request) => {
    const { path } = request
    const part = parts.find((one) => path === one.path || path.startsWith(`${one.path}/`))
    if (part !== undefined) return part.answer(request)
    return problem(404, `No such page. There are: ${parts.map((one) => one.path).join(', ')}.`)
  }
}
