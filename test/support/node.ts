// The repository's own Node, for the processes that tests start.
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

export const NODE = join(ROOT, 'node_modules/.bin/node')
export const CLI = join(ROOT, 'src/cli/deskbell.ts')
/** On several threads, TypeScript takes nearly twice as much of the processor, which other tests want at the same time */
export const TSC = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--singleThreaded'] as const
/** Most of what a short process takes is the compilation of the same sources */
export const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/deskbell-tests') }
