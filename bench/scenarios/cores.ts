// Which core a process may use (Linux's taskset).
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { processTree } from '../driver/processes.ts'

export const SERVER_CORE = 0
export const DRIVER_CORE = 1

/** A command that runs on one core */
export const onCore = (core: number, command: string, args: string[]): [string, string[]] => [
  'taskset',
  ['-c', `${core}`, command, ...args],
]

/** Moves a running server with all its processes. @param core undefined: any */
export function moveTo(core: number | undefined, pid: number): void {
  const cores = core === undefined ? `0-${availableParallelism() - 1}` : `${core}`
  for (const each of processTree([pid]).pids) {
    try {
      execFileSync('taskset', ['-apc', cores, `${each}`], { stdio: 'ignore' })
    } catch {
      // It has ended
    }
  }
}
