import { isoTime } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { Database } from './database.ts'

export function allowances(db: Database): AllowanceStore {
  const read = db.prepare<{ used_until: string }>('SELECT used_until FROM support_staff_allowances WHERE id = ?')
  const set = db.prepare('INSERT OR REPLACE INTO support_staff_allowances (id, used_until) VALUES (?, ?)')
  const sweep = db.prepare('DELETE FROM support_staff_allowances WHERE used_until <= ?')
  return {
    changeAllowances: (ids, change) =>
      db.transaction(() => {
        const next = change(ids.map((id) => Date.parse(read.get(id)?.used_until ?? isoTime(0))))
        if (next) for (const [i, id] of ids.entries()) set.run(id, isoTime(next[i] ?? 0))
      }),
    sweepAllowances: (now) => db.transaction(() => void sweep.run(now)),
  }
}
