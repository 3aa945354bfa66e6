export const isMongodb = (url: string): boolean => /^mongodb(\+srv)?:/.test(url)

/** MongoDB's URLs may name several hosts, which no URL of the standard does: the same one with the first host alone */
export const withOneHost = (url: string): string => url.replace(/^(mongodb:\/\/(?:[^/?#@]*@)?[^,/?#@]*),[^/?#@]*/, '$1')

/** Whether a URL has this shape. One with a password need not parse: `isReadable` then explains which characters to escape */
export const hasShape = (url: string, shape: RegExp): boolean =>
  shape.test(url) && (url.includes('@') || URL.canParse(url))

/** The cure for a URL that does not parse, or parses as something else */
export const ESCAPES = 'write / ? # @ : % in a password as %2F %3F %23 %40 %3A %25'

/**
 * Whether a URL with a password parses as it was meant. A character in the password that ends a host's name makes another URL of
 * it, often a valid one: `smtp://me:25/secret@host` has the host `me`.
 */
export function isReadable(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { username, password, pathname, search, hash } = new URL(url)
  try {
    decodeURIComponent(username + password)
  } catch {
    return false
  }
  return !/@/.test(pathname + search + hash) && (username !== '' || password !== '' || !url.includes('@'))
}
