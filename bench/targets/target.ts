// A server that can be measured.
import type { ServerUnderTest } from '../driver/server-under-test.ts'
import type { StoredIn } from './stored-messages.ts'

export type ServerKind = 'postgres' | 'mysql' | 'mongodb'
export type DatabaseKind = 'none' | 'sqlite' | ServerKind

/** What a target is given for one run */
export interface Ground {
  /** Empty, and removed afterwards */
  folder: string
  port: number
  /** Of an empty database, for targets on a database server; else '' */
  databaseUrl: string
  /** How many the driver may connect */
  users: number
  staff: number
}

export interface Launch {
  command: string
  args: string[]
  env: Record<string, string>
  /** Answers with 200 once the server can serve; null: it can as soon as it accepts connections */
  readyUrl: string | null
  /** How the driver reaches it; the runner knows the processes */
  reach: Omit<ServerUnderTest, 'serverPids' | 'databasePids'>
  /** Null: it keeps nothing */
  storedIn: StoredIn | null
}

export interface Target {
  name: string
  /** As tables call it */
  title: string
  database: DatabaseKind
  isDeskbell: boolean
  /** False for those that are known to mix up one sender's messages, which is then shown but no failure */
  keepsOrder: boolean
  /** Undefined, or why it cannot run on this machine */
  missing(): string | undefined
  /** Makes people and chats, where they have to be there beforehand */
  prepare(ground: Ground): Promise<Launch>
}
