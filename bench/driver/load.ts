// Users write, staff watch: how much a server carries, how fast it answers, and whether everything arrives once and in order.
import { setTimeout as pause } from 'node:timers/promises'
import { Latencies } from './latencies.ts'
import type { LoadPlan, LoadResult } from './load-result.ts'
import { NumberedContents } from './numbered-content.ts'
import { residentKib, processTree } from './processes.ts'
import { Senders } from './senders.ts'
import type { ServerUnderTest } from './server-under-test.ts'
import { Troubles } from './troubles.ts'
import { measureUsage, type Usage } from './usage.ts'
import { Watchers } from './watchers.ts'
import { sampleEvents } from './well-formed.ts'
import { Window } from './window.ts'

const PAUSE_BEFORE = 500
/** Milliseconds between two looks for what is still under way */
const DRAIN_STEP = 50

/** @param onStart called when everybody is connected and the first message is about to be sent */
export async function runLoad(
  server: ServerUnderTest,
  plan: LoadPlan,
  onStart: () => void = () => undefined,
): Promise<LoadResult> {
  const contents = new NumberedContents(plan.size)
  const troubles = new Troubles()
  const window = new Window()
  const isWellFormed = sampleEvents(contents.mark)
  const parts = { server, contents, troubles, window, isWellFormed }
  const senders = new Senders(parts, plan.keepEchoes ?? false)
  const watchers = new Watchers(parts, senders)
  const sendLag = new Latencies()

  await senders.connect(plan.users)
  await watchers.connect(plan.staff, plan.views)
  await pause(PAUSE_BEFORE)
  onStart()

  const start = performance.now()
  window.from = start + plan.warmUp * 1000
  window.to = window.from + plan.duration * 1000
  const measuring = measure(server, window)
  if ('rate' in plan.pace) await sendAtRate(plan.pace.rate, start, senders, window, sendLag)
  else senders.keepUnderWay(plan.pace.underWay)
  const { usage, kib } = await measuring
  senders.stop()

  // Counted in pauses: what a stall held up arrives within a few of them
  for (let waited = 0; waited < plan.drain * 1000 && senders.missing() + watchers.missing() > 0; waited += DRAIN_STEP) {
    await pause(DRAIN_STEP)
  }
  const result: LoadResult = {
    kind: 'load',
    mark: contents.mark,
    sent: senders.sent(),
    echoes: senders.deliveries(),
    notifications: watchers.notifications(),
    views: watchers.views(),
    troubles: troubles.report,
    echoed: senders.echoed,
    usage,
    residentKib: kib,
    echoMs: senders.latencies.summary(),
    notificationMs: watchers.latencies.summary(),
    sendLagMs: sendLag.summary(),
    ...(plan.keepEchoes === true ? { echoNumbers: senders.echoNumbers } : {}),
  }
  senders.close()
  watchers.close()
  return result
}

async function measure(server: ServerUnderTest, window: Window): Promise<{ usage: Usage; kib: number }> {
  await pause(Math.max(0, window.from - performance.now()))
  const usageSince = measureUsage(server)
  await pause(window.to - performance.now())
  return { usage: usageSince(), kib: residentKib(processTree(server.serverPids).pids) }
}

async function sendAtRate(
  rate: number,
  start: number,
  senders: Senders,
  window: Window,
  lag: Latencies,
): Promise<void> {
  for (let count = 0; ;) {
    const now = performance.now()
    if (now >= window.to) return
    const due = ((now - start) / 1000) * rate
    for (; count < due; count++) {
      if (window.holds(now)) lag.add(performance.now() - start - (count / rate) * 1000)
      senders.sendNth(count)
    }
    await pause(1)
  }
}
