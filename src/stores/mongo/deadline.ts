// An end for every operation. The driver limits how long it connects and how long an answer takes, but not all: a command that it writes to a
// socket which is closing without an error waits for room in it, and is never told that it has closed (seen with 7.9, when a server is killed).
// A host's client may have no limits at all.

// Node's own timers, as the driver has: what waits for a server must not end early where tests let time pass faster
import { clearTimeout, setTimeout } from 'node:timers'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'

/** How long one operation may take (ms). After that, the database counts as away */
const LONGEST = 15_000

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable('MongoDB did not answer in time')), LONGEST)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The same database, collection or cursor, of which every promise ends in time, as do those of what it returns */
export const withDeadline = <Part extends object>(part: Part): Part =>
  new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...values: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, values)
        if (result instanceof Promise) return inTime(result)
        return typeof result === 'object' && result !== null ? withDeadline(result) : result
      }
    },
  })
