// The control of the driver's own counters: the prototype with faults that it counts. They are decided by the number of each message and
// by nothing else, so that what the driver reports can be compared exactly.
import { servePrototype, type Keep } from '../references/prototype/server.ts'
import type { Posted } from '../references/message.ts'

export interface FaultCounts {
  received: number
  lost: number
  doubled: number
  /** Published after a later message of the same sender */
  disordered: number
  /** Published late */
  late: number
}

export interface FaultyServer {
  port: number
  did: FaultCounts
  close: () => void
}

/** Of each sender's messages, those whose number ends so */
const LOST = 3
const DOUBLED = 5
const OVERTAKEN = 7
/** Of this sender, all are late */
const LATE_SENDER = 0

/** @param lateMs by how much */
export async function serveFaulty(lateMs: number): Promise<FaultyServer> {
  const did: FaultCounts = { received: 0, lost: 0, doubled: 0, disordered: 0, late: 0 }
  /** By chat: one that waits to be overtaken by the next */
  const held = new Map<string, Posted>()

  const keep: Keep = (posted, publish) => {
    did.received++
    const { sender, number } = numbersIn(posted.message.content)
    const digit = number % 10
    const overtaken = held.get(posted.chatId)
    held.delete(posted.chatId)
    if (sender === LATE_SENDER) {
      did.late++
      setTimeout(publish, lateMs, posted)
    } else if (digit === LOST) {
      did.lost++
    } else if (digit === OVERTAKEN) {
      held.set(posted.chatId, posted)
    } else {
      publish(posted)
      if (digit === DOUBLED) {
        did.doubled++
        publish(posted)
      }
    }
    if (overtaken) {
      did.disordered++
      publish(overtaken)
    }
  }
  const { port, close } = await servePrototype(0, keep)
  return {
    port,
    get did() {
      // What nothing overtook was never published
      return { ...did, lost: did.lost + held.size }
    },
    close,
  }
}

function numbersIn(content: string): { sender: number; number: number } {
  const [, sender, number] = /^#\w+:(\d+):(\d+)#/.exec(content) ?? []
  return { sender: Number(sender), number: Number(number) }
}
