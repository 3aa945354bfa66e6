import { readFileSync } from 'node:fs'

/** The package's version; the path holds from source and from dist */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
