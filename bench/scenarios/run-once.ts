// One run: a fresh server on a fresh database, the driver, and a look into the database afterwards.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../test/support/ports.ts'
import type { Plan, Result } from '../driver/plan.ts'
import { machineBusy } from '../driver/processes.ts'
import { noiseOf } from '../driver/usage.ts'
import { storedNumbers } from '../targets/stored-messages.ts'
import type { Launch, Target } from '../targets/target.ts'
import { DRIVER_CORE, moveTo, SERVER_CORE } from './cores.ts'
import { drive } from './driver-process.ts'
import type { Laboratory } from './laboratory.ts'
import { judge, type Stored, type Verdict } from './promises.ts'
import type { Scenario } from './scenario.ts'
import { ServerProcess } from './server-process.ts'

export interface RunRecord extends Verdict {
  scenario: string
  target: string
  round: number
  /** Cores that others kept busy meanwhile */
  noise: number
  /** Null when the run failed; `broken` then says why */
  result: Result | null
  stored: Stored | null
}

/** Cores that others may keep busy for a run to start at once */
const QUIET = 0.3
const QUIET_TRIES = 8

export async function runOnce(
  scenario: Scenario,
  target: Target,
  round: number,
  laboratory: Laboratory,
): Promise<RunRecord> {
  const names = { scenario: scenario.name, target: target.name, round }
  try {
    const { result, stored } = await measure(scenario, target, laboratory)
    return { ...names, ...judge(result, stored, target.keepsOrder), noise: noiseIn(result), result, stored }
  } catch (error) {
    return { ...names, broken: [String(error)], known: [], noise: 0, result: null, stored: null }
  }
}

async function measure(
  { isPinned, plan }: Scenario,
  target: Target,
  laboratory: Laboratory,
): Promise<{ result: Result; stored: Stored | null }> {
  const folder = mkdtempSync(join(laboratory.folder, 'run-'))
  const port = await freePort()
  const database = await laboratory.database(target.database)
  try {
    if (database) moveTo(isPinned ? SERVER_CORE : undefined, database.pid)
    const ground = { folder, port, databaseUrl: database?.url ?? '', users: usersOf(plan), staff: 10 }
    const launch = await target.prepare(ground)
    await untilQuiet()
    const server = await ServerProcess.start(launch, port, isPinned ? SERVER_CORE : undefined)
    try {
      await pause(500)
      const pids = { serverPids: [server.pid], databasePids: database ? [database.pid] : [] }
      const order = { server: { ...launch.reach, ...pids }, plan }
      const result = await drive(order, folder, { core: isPinned ? DRIVER_CORE : undefined })
      await server.stop()
      return { result, stored: await storedBy(result, launch) }
    } finally {
      await server.stop()
    }
  } finally {
    await database?.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As many people in every scenario: how a database plans depends on the size of its tables */
const PEOPLE = 10_000
const usersOf = (plan: Plan): number =>
  Math.max(PEOPLE, plan.kind === 'load' ? plan.users : plan.kind === 'fan' ? 1 : plan.connections)

async function storedBy(result: Result, { storedIn }: Launch): Promise<Stored | null> {
  if (result.kind !== 'load' || storedIn === null) return null
  const numbers = await storedNumbers(storedIn, result.mark)
  return { rows: numbers.length, distinct: new Set(numbers).size }
}

function noiseIn(result: Result): number {
  return result.kind === 'open' ? Math.max(noiseOf(result.first), noiseOf(result.again)) : noiseOf(result.usage)
}

/** Others may be about to end; if they are not, the noise is shown with the figures */
async function untilQuiet(): Promise<void> {
  for (let i = 0; i < QUIET_TRIES; i++) {
    const before = machineBusy()
    await pause(1000)
    if (machineBusy() - before < QUIET) return
  }
}
