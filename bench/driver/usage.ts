// Who used the machine between two moments: the server, its database, the driver, and everybody else.
import { machineBusy, processTree } from './processes.ts'

/** Roots of process trees */
export interface Measured {
  serverPids: number[]
  databasePids: number[]
}

interface Moment {
  at: number
  server: number
  database: number
  driver: number
  machine: number
}

/** Seconds */
export interface Usage {
  seconds: number
  server: number
  database: number
  driver: number
  /** CPU that everybody else used: the noise of the run */
  others: number
}

function moment({ serverPids, databasePids }: Measured): Moment {
  const { user, system } = process.cpuUsage()
  return {
    at: performance.now(),
    server: processTree(serverPids).cpu,
    database: processTree(databasePids).cpu,
    driver: (user + system) / 1e6,
    machine: machineBusy(),
  }
}

/** Starts to measure. @returns what was used since then */
export function measureUsage(measured: Measured): () => Usage {
  const start = moment(measured)
  return () => {
    const end = moment(measured)
    const server = end.server - start.server
    const database = end.database - start.database
    const driver = end.driver - start.driver
    const others = Math.max(0, end.machine - start.machine - server - database - driver)
    return { seconds: (end.at - start.at) / 1000, server, database, driver, others }
  }
}

/** Cores that others kept busy */
export const noiseOf = (usage: Usage): number => usage.others / usage.seconds
