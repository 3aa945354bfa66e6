/** What a store can be opened with */
export interface Accepted {
  /** In words, with the name of the store */
  takes: string
  /** A connection of the host's has it */
  method: string
  /** How a URL of it begins, the usual way first. Default: a text is a path, which may be any */
  urls?: readonly string[]
}

/**
 * In JavaScript, and where a variable of the environment is not set, it may be anything. The error never repeats a text, which may hold a password.
 * @throws Error that says what the store takes
 */
export function checkDatabase(database: unknown, { takes, method, urls }: Accepted): void {
  if (typeof database !== 'string' || database === '') {
    if (typeof (Object(database) as Record<string, unknown>)[method] === 'function') return
    throw new Error(`${takes}. Is the variable of the environment set from which you take it?`)
  }
  if (urls && !urls.some((start) => database.toLowerCase().startsWith(start)))
    throw new Error(`${takes}. What it was given does not begin with ${urls[0]}`)
}
