// What belongs together is in several documents, and a server need not have transactions. So a node holds them, one after the other in the order
// that all nodes keep to, until it has changed them.
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { MongoDatabase } from './database.ts'
import { othersTurn } from './others-turn.ts'

/** Milliseconds after which the node that holds an allowance is taken for dead */
const HELD = 5_000

export function allowances(db: MongoDatabase): AllowanceStore {
  const collection = db.collection('staff_allowances')

  /** @returns until when it is used up; undefined: another node holds it */
  const hold = (id: string, by: string): Promise<number | undefined> =>
    db.change('staff_allowances', id, (known) => {
      const now = systemClock.now()
      if (known?.held_until && Date.parse(known.held_until) > now) return { result: undefined }
      const used_until = known?.used_until ?? isoTime(0)
      return {
        doc: { _id: id, used_until, held_by: by, held_until: isoTime(now + HELD) },
        result: Date.parse(used_until),
      }
    })

  async function holdInTurn(id: string, by: string): Promise<number> {
    for (let tries = 1; ; tries++) {
      const used = await hold(id, by)
      if (used !== undefined) return used
      await othersTurn(tries)
    }
  }

  /** @returns false: it was held for so long that another node has it */
  async function letGo(id: string, by: string, used: number): Promise<boolean> {
    const change = { $set: { used_until: isoTime(used), held_by: null, held_until: null }, $inc: { version: 1 } }
    return (await collection.updateOne({ _id: id, held_by: by }, change)).matchedCount === 1
  }

  async function changeAll(ids: readonly string[], change: (used: number[]) => number[] | null): Promise<void> {
    for (let isDone = false; !isDone;) {
      const by = crypto.randomUUID()
      const used: number[] = []
      let next: number[] | null = null
      try {
        for (const id of ids) used.push(await holdInTurn(id, by))
        next = change([...used])
        isDone = true
      } finally {
        // Where one is another node's meanwhile, all are changed once more: those before it then say that more was used than was
        for (const [i, before] of used.entries())
          if (!(await letGo(ids[i] ?? '', by, next?.[i] ?? before))) isDone &&= next === null
      }
    }
  }

  return {
    changeAllowances: (ids, change) => db.inTurn('allowances', () => changeAll(ids, change)),
    async sweepAllowances(now) {
      const free = [{ held_until: null }, { held_until: { $lte: now } }]
      await collection.deleteMany({ used_until: { $lte: now }, $or: free })
    },
  }
}
