// Is a run correct? Speed says nothing about a server that loses, doubles or mixes up messages, or says "stored" too early.
import type { Deliveries, LoadResult } from '../driver/load-result.ts'
import type { Result } from '../driver/plan.ts'
import { TROUBLES } from '../driver/troubles.ts'

export interface Stored {
  rows: number
  /** Different messages among them */
  distinct: number
}

export interface Verdict {
  /** Promises that the run broke, as sentences; empty for a correct run */
  broken: string[]
  /** Faults that the target is known for and does not promise to be free of */
  known: string[]
}

const count = (n: number): string => n.toLocaleString('en')

/**
 * @param stored what the database held afterwards; null for a target that keeps nothing
 * @param keepsOrder the target promises that one sender's messages stay in order
 */
export function judge(result: Result, stored: Stored | null, keepsOrder: boolean): Verdict {
  const troubles = TROUBLES.flatMap((trouble) => {
    const n = result.troubles.counts[trouble]
    return n === 0 ? [] : [`${count(n)} ${trouble} (${result.troubles.examples.join('; ')})`]
  })
  if (result.kind === 'fan' && result.delivered !== result.expected)
    troubles.push(`delivered ${count(result.delivered)} of ${count(result.expected)} notifications`)
  if (result.kind !== 'load') return { broken: troubles, known: [] }
  const order = ordered(result)
  return {
    broken: [...troubles, ...delivered(result), ...(keepsOrder ? order : []), ...kept(result, stored)],
    known: keepsOrder ? [] : order,
  }
}

const receivers = (result: LoadResult): [string, Deliveries][] => [
  ['echoes', result.echoes],
  ['notifications', result.notifications],
  ['messages in open chats', result.views],
]

const delivered = (result: LoadResult): string[] =>
  receivers(result).flatMap(([what, { expected, lost, doubled }]) => [
    ...(lost === 0 ? [] : [`lost ${count(lost)} of ${count(expected)} ${what}`]),
    ...(doubled === 0 ? [] : [`doubled ${count(doubled)} of ${count(expected)} ${what}`]),
  ])

const ordered = (result: LoadResult): string[] =>
  receivers(result).flatMap(([what, { expected, disordered }]) =>
    disordered === 0 ? [] : [`${count(disordered)} of ${count(expected)} ${what} came after a later one`],
  )

function kept({ sent }: LoadResult, stored: Stored | null): string[] {
  if (!stored) return []
  const { rows, distinct } = stored
  return [
    ...(distinct === sent ? [] : [`stored ${count(distinct)} of ${count(sent)} messages`]),
    ...(rows === distinct ? [] : [`stored ${count(rows - distinct)} messages twice`]),
  ]
}
