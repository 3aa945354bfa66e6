import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { Database } from './database.ts'

interface Waiting {
  work: () => unknown
  resolve: (result: never) => void
  reject: (error: unknown) => void
}

/**
 * @param collect how long work waits for more of it (ms). Default: what comes in the same turn of the event loop goes together
 * @returns runs work in one transaction with what comes soon after it. Each commit waits for the disk, and on SQLite the whole process waits with
 * it: one for each of a hundred uploads, or of ten thousand people who open a chat, would stop everything else. Where one throws, the others of
 * its group run by themselves.
 */
export function grouped(db: Database, collect?: number): <Result>(work: () => Result) => Promise<Result> {
  let group: Waiting[] = []

  async function run(all: Waiting[]): Promise<void> {
    try {
      const results = await db.transaction(() => all.map(({ work }) => work()))
      all.forEach(({ resolve }, at) => resolve(results[at] as never))
    } catch (error) {
      if (all.length > 1 && !(error instanceof StoreUnavailable)) for (const one of all) await run([one])
      else for (const { reject } of all) reject(error)
    }
  }

  function flush(): void {
    const all = group
    group = []
    void run(all)
  }

  return (work) =>
    new Promise((resolve, reject) => {
      group.push({ work, resolve, reject })
      if (group.length > 1) return
      if (collect === undefined) setImmediate(flush)
      else setTimeout(flush, collect)
    })
}
