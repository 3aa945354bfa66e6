/** What may be done so often, and counts on all nodes together */
export interface AllowanceStore {
  /**
   * Reads and changes until when allowances are used up, in one step.
   * @param ids at most 64 characters each, in ascending order
   * @param change gets times in milliseconds since 1970, in the order of `ids`, 0 for what was never used; returns the new ones, or null to
   *   leave them. It may be called again after a conflict, with other times
   */
  changeAllowances(ids: readonly string[], change: (usedUntil: number[]) => number[] | null): Promise<void>
  /** Deletes those that are not used up any more at `now` */
  sweepAllowances(now: string): Promise<void>
}
