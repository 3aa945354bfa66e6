import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes, of both halves. On a large machine V8 would take 128 MiB */
export const YOUNG_AT_MOST = 32 * 1024 * 1024

const size = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0

/**
 * Keeps the part of the heap for new objects from growing further than serving needs. It grows when many people open the chat at once, and an idle
 * server would keep that memory: as much as 10,000 connections take. V8's own limit can be set only where the process is started; who
 * sets that one is left alone.
 */
export function limitYoungGeneration(given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? '']): void {
  if (given.some((flag) => flag.includes('semi-space') || flag.includes('semi_space'))) return
  let grows = true
  new PerformanceObserver(() => {
    // V8 also shrinks it, in quiet hours
    if (grows === size() < YOUNG_AT_MOST) return
    grows = !grows
    setFlagsFromString(`--semi-space-growth-factor=${grows ? 2 : 1}`)
  }).observe({ entryTypes: ['gc'] })
}

/**
 * Gives back what the start took, once: the garbage of loading, and the young generation, which V8 begins with 16 MiB on a large machine and shrinks
 * only long after. Nothing else would collect it in an idle server, whose heap is too small for V8 to look at. Takes less than a tenth of a second.
 */
export function giveBackAfterStart(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
