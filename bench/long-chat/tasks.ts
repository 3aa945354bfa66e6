// How long a page's main thread was busy at a time, as Chromium's trace tells it.
import type { Browser, Page } from 'playwright-core'

export interface Tasks {
  /** Milliseconds of the longest task */
  longest: number
  /** Milliseconds of all tasks together */
  total: number
  /** Number of tasks of more than 50 ms, which people feel */
  long: number
}

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Microseconds of the thread's own time, which other processes do not lengthen */
  tdur?: number
  args: { name?: string; data?: { frames?: { processId: number; isOutermostMainFrame?: boolean }[] } }
}

export async function tasksOf(browser: Browser, page: Page, work: () => Promise<void>): Promise<Tasks> {
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  })
  await work()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const renderer = traceEvents
    .filter(({ name }) => name === 'TracingStartedInBrowser' || name === 'TracingStartedInPage')
    .flatMap(({ args }) => args.data?.frames ?? [])[0]?.processId
  const main = traceEvents.find(
    ({ name, pid, args }) => name === 'thread_name' && pid === renderer && args.name === 'CrRendererMain',
  )
  const durations = traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === main?.pid && tid === main.tid)
    .map(({ tdur = 0 }) => tdur / 1_000)
  return {
    longest: Math.max(0, ...durations),
    total: durations.reduce((a, b) => a + b, 0),
    long: durations.filter((ms) => ms > 50).length,
  }
}
