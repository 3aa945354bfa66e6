// All that has to do with files, once there are any or somebody may send some.
import type * as FilesChunk from './files/files.ts'
import { late } from './late.ts'

export type Files = typeof FilesChunk

export const useFiles = late(() => import('./files/files.ts')).use
