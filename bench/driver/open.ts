// Everybody comes, and comes back: how many connections a second a server opens, with all that a page asks of it.
import { setTimeout as pause } from 'node:timers/promises'
import { connectUser, type ConnectedUser, type ServerUnderTest } from './server-under-test.ts'
import { sideBySide } from './side-by-side.ts'
import { Troubles, type TroubleReport } from './troubles.ts'
import { measureUsage, type Usage } from './usage.ts'

export interface OpenPlan {
  connections: number
  /** So many are being opened at any time */
  atOnce: number
}

export interface OpenResult {
  kind: 'open'
  connections: number
  /** People whom the server sees for the first time */
  first: Usage
  /** The same people after all their connections ended, as after a deploy */
  again: Usage
  troubles: TroubleReport
}

/** Until the server has noticed that everybody left */
const BETWEEN = 2_000

export async function runOpen(server: ServerUnderTest, plan: OpenPlan): Promise<OpenResult> {
  const troubles = new Troubles()

  async function openAll(): Promise<Usage> {
    const users: ConnectedUser[] = []
    const usageSince = measureUsage(server)
    await sideBySide(plan.connections, plan.atOnce, async (index) => {
      const user = await connectUser(server, index, {
        onEvent: (_, frame) => troubles.note('foreign', frame),
        onClosed: (reason) => troubles.note('disconnects', reason),
        onError: (reason) => troubles.note('errors', reason),
      })
      users.push(user)
    })
    const usage = usageSince()
    for (const { client } of users) client.close()
    await pause(BETWEEN)
    return usage
  }

  const first = await openAll()
  const again = await openAll()
  return { kind: 'open', connections: plan.connections, first, again, troubles: troubles.report }
}
