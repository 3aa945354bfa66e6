/** Whether it has this shape, and if it has no password, is a URL: what is wrong with others may be the password */
export const hasShape = (url: string, shape: RegExp): boolean =>
  shape.test(url) && (url.includes('@') || URL.canParse(url))

/** What to do about a URL that cannot be read, or would be read as something else */
export const ESCAPES = 'write / ? # @ : % in a password as %2F %3F %23 %40 %3A %25'

/**
 * Whether a URL with a password in it was read as it was meant. A sign that ends a host's name in the midst of the password makes
 * another URL of it, often a valid one: `smtp://me:25/secret@host` is a host named `me`.
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
