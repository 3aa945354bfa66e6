/**
 * In JavaScript, and where a variable of the environment is not set, it may be anything.
 * @param method a connection of the host's has it
 * @throws Error that says what the store takes
 */
export function checkDatabase(database: unknown, method: string, takes: string): void {
  const isUrl = typeof database === 'string' && database !== ''
  if (!isUrl && typeof (Object(database) as Record<string, unknown>)[method] !== 'function')
    throw new Error(`${takes}. Is the variable of the environment set from which you take it?`)
}
