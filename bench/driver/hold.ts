// Many connections that do nothing: what each costs in memory, and what their heartbeats cost in CPU.
import { setTimeout as pause } from 'node:timers/promises'
import { processTree, residentKib } from './processes.ts'
import { connectUser, type ConnectedUser, type ServerUnderTest } from './server-under-test.ts'
import { sideBySide } from './side-by-side.ts'
import { Troubles, type TroubleReport } from './troubles.ts'
import { measureUsage, type Usage } from './usage.ts'

export interface HoldPlan {
  connections: number
  /** Seconds that they are held while CPU is measured */
  hold: number
}

export interface HoldResult {
  kind: 'hold'
  connections: number
  /** Before the first connection */
  emptyKib: number
  fullKib: number
  usage: Usage
  troubles: TroubleReport
}

const CONNECT_AT_ONCE = 50
/** After the last connection, until V8 has collected what opening took: it waits eight seconds for quiet */
const SETTLE = 12_000

export async function runHold(server: ServerUnderTest, plan: HoldPlan): Promise<HoldResult> {
  const troubles = new Troubles()
  const users: ConnectedUser[] = []
  const memory = (): number => residentKib(processTree(server.serverPids).pids)
  const emptyKib = memory()
  await sideBySide(plan.connections, CONNECT_AT_ONCE, async (index) => {
    const user = await connectUser(server, index, {
      onEvent: (_, frame) => troubles.note('foreign', frame),
      onClosed: (reason) => troubles.note('disconnects', reason),
      onError: (reason) => troubles.note('errors', reason),
    })
    users.push(user)
  })
  await pause(SETTLE)
  const usageSince = measureUsage(server)
  await pause(plan.hold * 1000)
  const usage = usageSince()
  const fullKib = memory()
  for (const { client } of users) client.close()
  return { kind: 'hold', connections: users.length, emptyKib, fullKib, usage, troubles: troubles.report }
}
