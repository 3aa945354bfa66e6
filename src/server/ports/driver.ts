/**
 * A package that the host installs, since only some need it.
 * @param loading `import(name)`: written out where it is needed, so that bundlers see it
 * @throws Error that says how to install it
 */
export async function driver<T>(name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading
  } catch (error) {
    if (!isMissing(error, name)) throw error
    throw new Error(`The package ${name} is not installed. Run: npm install ${name}`, { cause: error })
  }
}

/** Another package may be missing that this one needs */
const isMissing = (error: unknown, name: string): boolean =>
  error instanceof Error &&
  /^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as { code?: unknown }).code)) &&
  error.message.includes(`'${name}'`)
