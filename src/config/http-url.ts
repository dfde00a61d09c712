/** The URL of an http or https address without user and password; undefined where it is none. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.parse(text)
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  return url !== null && isHttp && url.username === '' && url.password === '' ? url : undefined
}
