// What belongs together is in several documents, and a server need not have transactions. So a node holds them, one after the other in the order
// that all nodes keep to, until it has changed them.
import { isoTime, systemClock } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { MongoDatabase } from './database.ts'
import { othersTurn } from './others-turn.ts'

/** Milliseconds after which the node that holds an allowance is taken for dead */
const HELD = 5_000

/** Until when it is used up, or by whom it is held */
type Held = { used: number } | { heldBy: string }

export function allowances(db: MongoDatabase): AllowanceStore {
  const collection = db.collection('staff_allowances')

  /** @param dead whose hold does not count any more */
  const hold = (id: string, by: string, dead: string | undefined): Promise<Held> =>
    db.change<'staff_allowances', Held>('staff_allowances', id, (known) => {
      const now = systemClock.now()
      const { held_by: heldBy, held_until = null } = known ?? {}
      if (heldBy && heldBy !== dead && held_until !== null && Date.parse(held_until) > now)
        return { result: { heldBy } }
      const used_until = known?.used_until ?? isoTime(0)
      return {
        doc: { _id: id, used_until, held_by: by, held_until: isoTime(now + HELD) },
        result: { used: Date.parse(used_until) },
      }
    })

  /** @returns until when it is used up */
  async function holdInTurn(id: string, by: string): Promise<number> {
    let other = { by: '', since: 0 }
    for (let tries = 1; ; tries++) {
      // By this node's clock too: that of the other one may be fast
      const isDead = performance.now() - other.since > HELD
      const held = await hold(id, by, isDead ? other.by : undefined)
      if ('used' in held) return held.used
      if (held.heldBy !== other.by) other = { by: held.heldBy, since: performance.now() }
      await othersTurn(tries)
    }
  }

  /** @returns false: it was held for so long that another node has it */
  async function letGo(id: string, by: string, used: number): Promise<boolean> {
    const change = { $set: { used_until: isoTime(used), held_by: null, held_until: null }, $inc: { version: 1 } }
    return (await collection.updateOne({ _id: id, held_by: by }, change)).matchedCount === 1
  }

  async function changeAll(ids: readonly string[], change: (used: number[]) => number[] | null): Promise<void> {
    // Where one is another node's meanwhile, it is changed once more, and those that were changed stay as they are
    /** By id, as they were before */
    const changed = new Map<string, number>()
    for (let isDone = false; !isDone;) {
      const by = crypto.randomUUID()
      const held: [id: string, used: number][] = []
      let next: number[] | null = null
      try {
        for (const id of ids) held.push([id, await holdInTurn(id, by)])
        next = change(held.map(([id, used]) => changed.get(id) ?? used))
        isDone = next === null
      } finally {
        for (const [i, [id, used]] of held.entries()) {
          const isLetGo = await letGo(id, by, changed.has(id) ? used : (next?.[i] ?? used))
          if (isLetGo && next !== null && !changed.has(id)) changed.set(id, used)
        }
      }
      isDone ||= changed.size === ids.length
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
