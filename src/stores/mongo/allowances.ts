import { isoTime } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { MongoDatabase } from './database.ts'

export function allowances(db: MongoDatabase): AllowanceStore {
  const collection = db.collection('staff_allowances')

  /** @returns false: it is not as it was read */
  const put = (id: string, before: number, now: number): Promise<boolean> =>
    db.change('staff_allowances', id, (known) =>
      Date.parse(known?.used_until ?? isoTime(0)) === before
        ? { doc: { _id: id, used_until: isoTime(now) }, result: true }
        : { result: false },
    )

  /** Each is changed where it is as it was read. Where one is not, those before it are given back, and all are read again */
  async function putAll(ids: readonly string[], used: number[], next: number[]): Promise<boolean> {
    for (const [i, id] of ids.entries()) {
      if (await put(id, used[i] ?? 0, next[i] ?? 0)) continue
      // Whoever counted on one of them meanwhile keeps it as it is: it says that more was used
      for (const [k, earlier] of ids.slice(0, i).entries()) await put(earlier, next[k] ?? 0, used[k] ?? 0)
      return false
    }
    return true
  }

  async function changeAll(ids: readonly string[], change: (used: number[]) => number[] | null): Promise<void> {
    for (;;) {
      db.checkOpen()
      const stored = await collection.find({ _id: { $in: [...ids] } }).toArray()
      const byId = new Map(stored.map(({ _id, used_until }) => [_id, Date.parse(used_until)]))
      const used = ids.map((id) => byId.get(id) ?? 0)
      const next = change([...used])
      if (!next || (await putAll(ids, used, next))) return
    }
  }

  return {
    // Two at once may count an allowance twice, which is left to happen between nodes alone
    changeAllowances: (ids, change) => db.inTurn('allowances', () => changeAll(ids, change)),
    async sweepAllowances(now) {
      await collection.deleteMany({ used_until: { $lte: now } })
    },
  }
}
