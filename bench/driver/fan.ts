// One message to thousands: what it costs to hand a user's message to each of staff who watch all chats.
import { setTimeout as pause } from 'node:timers/promises'
import type { Listener } from './dialects/dialect.ts'
import { connectStaff, connectUser, type ServerUnderTest } from './server-under-test.ts'
import { sideBySide } from './side-by-side.ts'
import { Troubles, type TroubleReport } from './troubles.ts'
import { measureUsage, type Usage } from './usage.ts'

export interface FanPlan {
  /** Connections of staff */
  listeners: number
  /** Messages a second */
  rate: number
  /** Seconds that are measured */
  duration: number
}

export interface FanResult {
  kind: 'fan'
  /** Messages times listeners */
  expected: number
  delivered: number
  usage: Usage
  troubles: TroubleReport
}

const CONNECT_AT_ONCE = 50
/** From the first message until the measurement, so that the code that runs is compiled, and from the last one until its end (ms) */
const WARM_UP = 3_000
const ARRIVES = 1_000

export async function runFan(server: ServerUnderTest, { listeners, rate, duration }: FanPlan): Promise<FanResult> {
  const troubles = new Troubles()
  let delivered = 0
  const listener: Listener = {
    onEvent: (kind) => void (kind === 'notification' && delivered++),
    onClosed: (reason) => troubles.note('disconnects', reason),
    onError: (reason) => troubles.note('errors', reason),
  }
  const { client, chatId } = await connectUser(server, 0, listener)
  const staff = server.staffTokens.length
  await sideBySide(listeners, CONNECT_AT_ONCE, async (index) => {
    await connectStaff(server, index % staff, [], listener)
  })

  async function send(ms: number): Promise<number> {
    const messages = Math.round((ms / 1000) * rate)
    const start = performance.now()
    for (let i = 0; i < messages; i++) {
      client.send(chatId, `message ${i}`)
      await pause(Math.max(0, start + ((i + 1) * 1000) / rate - performance.now()))
    }
    await pause(ARRIVES)
    return messages
  }

  await send(WARM_UP)
  delivered = 0
  const usageSince = measureUsage(server)
  const sent = await send(duration * 1000)
  return { kind: 'fan', expected: sent * listeners, delivered, usage: usageSince(), troubles: troubles.report }
}
