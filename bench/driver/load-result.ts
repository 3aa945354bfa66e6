// What a load is made of, and what is known of it afterwards.
import type { LatencySummary } from './latencies.ts'
import type { TroubleReport } from './troubles.ts'
import type { Usage } from './usage.ts'

export interface LoadPlan {
  users: number
  staff: number
  /** Chats that each of staff has open */
  views: number
  /** Messages a second of all users together, however slow the server is; or: as fast as they are answered, each with so many under way */
  pace: { rate: number } | { underWay: number }
  /** Characters of a message */
  size: number
  /** Seconds that are not measured, seconds that are, and how long to wait for what is still under way */
  warmUp: number
  duration: number
  drain: number
  /** Also say which messages were echoed */
  keepEchoes?: boolean
}

/** Messages that one kind of receiver should have got, and what became of them */
export interface Deliveries {
  expected: number
  lost: number
  doubled: number
  disordered: number
}

export interface LoadResult {
  kind: 'load'
  /** How the content of each message began */
  mark: string
  sent: number
  /** To senders, to staff on their notifications, to staff in chats that they have open */
  echoes: Deliveries
  notifications: Deliveries
  views: Deliveries
  troubles: TroubleReport
  /** Echoes in the measured time */
  echoed: number
  usage: Usage
  residentKib: number
  echoMs: LatencySummary
  notificationMs: LatencySummary
  /** How late the driver itself sent (only at a rate): what of the latencies is its own */
  sendLagMs: LatencySummary
  /** `sender:number` of every message whose echo arrived, where the plan asks for it */
  echoNumbers?: string[]
}
