// Which times are shown: all of a wait, or those of its hours in which staff were there.
import type { ReplyTimes } from '../../../protocol/numbers.ts'

export type Times = 'all' | 'open'

/** Seconds; null: there were none */
export interface ShownTimes {
  median: number | null
  p90: number | null
  lastMedian: number | null
  lastP90: number | null
}

export const timesIn = (of: ReplyTimes, times: Times): ShownTimes =>
  times === 'open'
    ? {
        median: of.open_median_s,
        p90: of.open_p90_s,
        lastMedian: of.open_last_median_s,
        lastP90: of.open_last_p90_s,
      }
    : { median: of.median_s, p90: of.p90_s, lastMedian: of.last_median_s, lastP90: of.last_p90_s }

/** Something was counted by the hours in which staff are there */
export const hasHours = (of: ReplyTimes): boolean => of.open_median_s !== null || of.open_last_median_s !== null
