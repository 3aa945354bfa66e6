// All that has to do with files, once there are any or somebody may send some.
import { late } from './late.ts'

export const useFiles = late(() => import('./files/files.ts')).use
