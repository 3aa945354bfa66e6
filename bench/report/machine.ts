// What the figures were measured on.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Machine {
  date: string
  cpu: string
  cores: number
  memoryGib: number
  kernel: string
  node: string
  /** Median of appending 4 KiB and having the disk confirm them, in milliseconds */
  syncMs: number
}

export const describeMachine = (folder: string): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  syncMs: Number(syncTime(folder).toFixed(2)),
})

const APPENDS = 301

function syncTime(folder: string): number {
  const file = join(folder, 'sync')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4096, 7)
  const times = Array.from({ length: APPENDS }, () => {
    writeSync(descriptor, page)
    const start = performance.now()
    fdatasyncSync(descriptor)
    return performance.now() - start
  })
  closeSync(descriptor)
  rmSync(file)
  return times.sort((a, b) => a - b)[APPENDS >> 1] ?? NaN
}
