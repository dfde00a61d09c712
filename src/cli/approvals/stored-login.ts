/** What `sallyport login` left for this gateway; undefined where there is nothing. */
export function storedToken(_url: string): Promise<string | undefined> {
  return Promise.resolve(undefined)
}
