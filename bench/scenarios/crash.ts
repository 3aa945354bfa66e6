// Does an echo mean "stored"? Kills the server amid a load, and its database server too, and looks for echoed messages that are gone.
// It finds those who echo before they commit; it cannot find a disk that lies.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../test/support/ports.ts'
import type { Plan } from '../driver/plan.ts'
import { storedNumbers } from '../targets/stored-messages.ts'
import type { Target } from '../targets/target.ts'
import { drive } from './driver-process.ts'
import type { Laboratory } from './laboratory.ts'
import { ServerProcess } from './server-process.ts'

export interface CrashRecord {
  target: string
  echoed: number
  /** Echoed and gone */
  missing: number
  /** Stored, but the echo did not get out before the kill: allowed */
  unechoed: number
}

const PLAN: Plan = {
  kind: 'load',
  users: 100,
  staff: 1,
  views: 0,
  pace: { underWay: 2 },
  size: 100,
  warmUp: 0,
  duration: 5,
  drain: 0,
  keepEchoes: true,
}
/** Milliseconds from the first message to the kill */
const KILL_AFTER = 2_500

export async function crash(target: Target, laboratory: Laboratory): Promise<CrashRecord> {
  const folder = mkdtempSync(join(laboratory.folder, 'crash-'))
  const port = await freePort()
  const database = await laboratory.database(target.database)
  try {
    const launch = await target.prepare({ folder, port, databaseUrl: database?.url ?? '', users: 100, staff: 1 })
    const server = await ServerProcess.start(launch, port)
    const started = Promise.withResolvers<void>()
    const order = { server: { ...launch.reach, serverPids: [], databasePids: [] }, plan: PLAN }
    const driving = drive(order, folder, { onStart: started.resolve })
    // Where the driver fails before it begins, there is nothing to wait for
    await Promise.race([started.promise, driving])
    await pause(KILL_AFTER)
    await server.kill()
    await laboratory.crash(target.database)
    const result = await driving
    if (result.kind !== 'load') throw new Error('The driver did something else')
    const echoes = result.echoNumbers ?? []
    const rows = new Set(launch.storedIn === null ? [] : await storedNumbers(launch.storedIn, result.mark))
    const missing = echoes.filter((number) => !rows.has(number)).length
    return { target: target.name, echoed: echoes.length, missing, unechoed: rows.size - (echoes.length - missing) }
  } finally {
    await database?.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}
