import type { Database } from './database.ts'

/** So long work waits for more of it (ms): an upload takes longer anyway */
const COLLECT = 10

interface Waiting {
  work: () => unknown
  resolve: (result: never) => void
  reject: (error: unknown) => void
}

/**
 * @returns runs work in one transaction with what comes soon after it. Each commit waits for the disk, and on SQLite the whole process waits with
 * it: one for each of a hundred uploads would stop everything else. Work that throws undoes all of its group.
 */
export function grouped(db: Database): <Result>(work: () => Result) => Promise<Result> {
  let group: Waiting[] = []
  const run = async (): Promise<void> => {
    const all = group
    group = []
    try {
      const results = await db.transaction(() => all.map(({ work }) => work()))
      all.forEach(({ resolve }, at) => resolve(results[at] as never))
    } catch (error) {
      for (const { reject } of all) reject(error)
    }
  }
  return (work) =>
    new Promise((resolve, reject) => {
      if (group.length === 0) setTimeout(() => void run(), COLLECT)
      group.push({ work, resolve, reject })
    })
}
