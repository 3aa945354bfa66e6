import type { AllowanceStore } from 'deskbell/core'
import type { Tables } from './tables.ts'

export const allowanceFacet = (tables: Tables): AllowanceStore => ({
  async changeAllowances(ids, change) {
    const next = change(ids.map((id) => tables.open.allowances.get(id) ?? 0))
    if (next) for (const [i, id] of ids.entries()) tables.allowances.set(id, next[i] ?? 0)
  },
  async sweepAllowances(now) {
    for (const [id, used] of tables.open.allowances) if (used <= Date.parse(now)) tables.allowances.delete(id)
  },
})
