import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { compileInspection } from '../facts/inspection.ts'
import type { Mistake } from '../policy/mistake.ts'
import type { YamlDocument } from '../policy/yaml-source.ts'
import { checkLimits } from './check-limits.ts'
import type { ConnectionEntry, CredentialEntry } from './files.ts'
import { checkConnectionMasking } from './read-masking.ts'
import { httpUrl } from './http-url.ts'

/** Mistakes of one connection that its shape does not show. */
export function checkConnection(document: YamlDocument, entry: ConnectionEntry): Mistake[] {
  return [
    ...checkUrl(document, entry),
    ...checkFiles(document, entry),
    ...checkPlainEnv(document, entry),
    ...checkInspection(document, entry),
    ...checkCredentials(document, entry),
    ...checkConnectionMasking(document, entry),
    ...checkLimits(document, entry.limits ?? {}, ['limits']),
  ]
}

function checkUrl(document: YamlDocument, { upstream: { http } }: ConnectionEntry): Mistake[] {
  if (http === undefined) return []
  const url = httpUrl(http.url)
  const hint = 'http or https; a user and password belong into credentials'
  // The line is not shown: it may hold the very password.
  if (url === undefined) return [document.atSecret(['upstream', 'http', 'url'], 'this is not a URL of a server', hint)]
  return url.hash === '' ? [] : [document.at(['upstream', 'http', 'url'], 'a URL of a server has no fragment')]
}

function checkFiles(document: YamlDocument, { upstream: { http, stdio } }: ConnectionEntry): Mistake[] {
  const folder = dirname(document.file)
  const named = [
    { path: ['upstream', 'http', 'ca'], name: http?.ca },
    { path: ['upstream', 'stdio', 'cwd'], name: stdio?.cwd },
  ]
  return named.flatMap(({ path, name }) =>
    name === undefined || existsSync(resolve(folder, name)) ? [] : [document.at(path, `there is no ${name}`)],
  )
}

function checkPlainEnv(document: YamlDocument, { upstream: { stdio } }: ConnectionEntry): Mistake[] {
  return Object.entries(stdio?.env ?? {}).flatMap(([key, value]) =>
    value.startsWith('${') || value.startsWith('file:')
      ? [
          document.at(
            ['upstream', 'stdio', 'env', key],
            'references are not followed here',
            `declare a credential with env: ${key} and store its value with: sallyport credential set`,
          ),
        ]
      : [],
  )
}

function checkInspection(document: YamlDocument, { labels = {}, inspect, dialect }: ConnectionEntry): Mistake[] {
  const compiled = compileInspection({ labels, inspect, dialect })
  return 'kind' in compiled ? [document.at([compiled.key], compiled.message, compiled.hint)] : []
}

function checkCredentials(document: YamlDocument, entry: ConnectionEntry): Mistake[] {
  const names = new Set<string>()
  const places = new Set<string>()
  return (entry.credentials ?? []).flatMap((credential, i) => {
    const place = placeOf(credential)
    const found: Mistake[] = []
    if (names.has(credential.name)) found.push(document.at(['credentials', i, 'name'], 'this name stands here twice'))
    if (place === undefined)
      found.push(document.at(['credentials', i], 'this says not where the credential goes', PLACES))
    else if (places.has(place)) found.push(document.at(['credentials', i], 'another credential goes to the same place'))
    const wanted = entry.upstream.http === undefined ? 'stdio' : 'http'
    const isEnv = credential.env !== undefined
    if (place !== undefined && isEnv !== (wanted === 'stdio')) {
      found.push(document.at(['credentials', i], `this cannot be given to a server over ${wanted}`, PLACES))
    }
    names.add(credential.name)
    if (place !== undefined) places.add(place)
    return found
  })
}

const PLACES = 'header: NAME, bearer: true or basic: true for http; env: NAME for stdio'

function placeOf({ header, bearer, basic, env }: CredentialEntry): string | undefined {
  if (header !== undefined) return `header ${header.toLowerCase()}`
  if (bearer !== undefined || basic !== undefined) return 'header authorization'
  return env === undefined ? undefined : `env ${env}`
}
