// Schemathesis, a fuzzer for OpenAPI that others wrote.
import { join } from 'node:path'
import { pythonPrograms } from '../python-programs.ts'

const VERSION = '4.32.5'

/**
 * Installs it on first use, which takes a minute.
 * @returns the path of its command; undefined without Python 3.10 or pip, which is said on the console
 * @throws Error under CI, where it must not be missing
 */
export function installSchemathesis(): string | undefined {
  const folder = pythonPrograms('schemathesis', VERSION, [`schemathesis==${VERSION}`])
  return folder && join(folder, 'schemathesis')
}
