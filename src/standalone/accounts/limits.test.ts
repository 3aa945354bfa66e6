import { afterEach, beforeEach, expect, it } from 'vitest'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { sqliteStore } from '../../stores/sqlite.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { AttemptLimits, type Attempt } from './limits.ts'

const MINUTE = 60_000
let store: Store
let clock: FakeClock
let limits: AttemptLimits
beforeEach(async () => {
  store = await sqliteStore(':memory:')
  clock = new FakeClock()
  limits = new AttemptLimits(store, clock)
})
afterEach(() => store.close())

const from = (address: string, more: Partial<Attempt> = {}): Attempt => ({
  at: 'password',
  account: 'olga@desk.example',
  address,
  isKnownBrowser: false,
  ...more,
})
/** @returns what came of it, and when to come back (s) */
const attempt = (one: Attempt, isGood = false, by = limits): Promise<string> =>
  by
    .attempt(
      one,
      async () => isGood,
      (good) => good,
    )
    .then(
      (good) => (good ? 'right' : 'wrong'),
      (error: unknown) => (error instanceof DeskbellError ? `${error.code} ${error.retryAfter}` : expect.fail()),
    )
async function tries(n: number, one: (i: number) => Attempt): Promise<Set<string>> {
  const results = new Set<string>()
  for (let i = 0; i < n; i++) results.add(await attempt(one(i)))
  return results
}
const address = (n: number): string => `192.0.2.${n}`

it('after ten wrong passwords from one address one a minute is looked at, and other addresses are not concerned', async () => {
  expect(await tries(10, () => from(address(1)))).toEqual(new Set(['wrong']))
  expect(await attempt(from(address(1)), true)).toBe('rate_limited 60')
  // In whatever way it is written
  expect(await attempt(from(address(1), { account: ' OLGA@desk.example ' }))).toBe('rate_limited 60')
  expect(await attempt(from(address(2)), true)).toBe('right')
  await clock.advance(MINUTE - 1)
  expect(await attempt(from(address(1)))).toBe('rate_limited 0.001')
  await clock.advance(1)
  expect(await attempt(from(address(1)))).toBe('wrong')
  expect(await attempt(from(address(1)))).toBe('rate_limited 60')
})

it('what was right does not count', async () => {
  for (let n = 0; n < 20; n++) expect(await attempt(from(address(1)), true)).toBe('right')
  expect(await tries(10, () => from(address(1)))).toEqual(new Set(['wrong']))
})

it('one password cannot be tried for many accounts', async () => {
  const many = (i: number) => from(address(1), { account: `nobody${i}@desk.example` })
  expect(await tries(30, many)).toEqual(new Set(['wrong']))
  expect(await attempt(many(99))).toBe('rate_limited 5')
})

it('strangers at many addresses cannot guess on, and do not lock out the browsers in which the member was signed in', async () => {
  const known = from(address(1), { isKnownBrowser: true })
  expect(await tries(100, (i) => from(address(i)))).toEqual(new Set(['wrong']))
  expect(await attempt(from(address(200)), true)).toBe('rate_limited 60')
  expect(await attempt(known, true)).toBe('right')
  // A stolen browser cannot guess either
  expect(await tries(10, () => known)).toEqual(new Set(['wrong']))
  expect(await attempt(known)).toBe('rate_limited 60')
})

it('of a code of six digits ten are looked at from all addresses together, then one in five minutes', async () => {
  expect(await tries(10, (i) => from(address(i), { at: 'code' }))).toEqual(new Set(['wrong']))
  expect(await attempt(from(address(11), { at: 'code' }))).toBe('rate_limited 300')
  // The password is another matter
  expect(await attempt(from(address(11)), true)).toBe('right')
})

it('all nodes count together, and what comes at once counts as well', async () => {
  const other = new AttemptLimits(store, clock)
  const results = await Promise.all(
    Array.from({ length: 14 }, (_, i) => attempt(from(address(1)), false, i % 2 ? other : limits)),
  )
  expect(results.filter((one) => one === 'wrong')).toHaveLength(10)
})

it('what is confirmed while signed in is limited alone, and so are mails', async () => {
  const confirm = () =>
    limits
      .confirmation('olga', async () => {
        throw new Error('wrong')
      })
      .catch((error: Error) => error.message)
  for (let n = 0; n < 10; n++) expect(await confirm()).toBe('wrong')
  expect(await confirm()).toBe('Too many requests')
  expect(await limits.confirmation('nina', async () => 'done')).toBe('done')
  const mails = [await limits.mayMail('olga'), await limits.mayMail('olga'), await limits.mayMail('olga')]
  expect([...mails, await limits.mayMail('olga'), await limits.mayMail('nina')]).toEqual([
    true,
    true,
    true,
    false,
    true,
  ])
})

it('sweeps once a minute while somebody tries', async () => {
  let sweeps = 0
  const counting = {
    ...store,
    sweepAllowances(now: string) {
      sweeps++
      return store.sweepAllowances(now)
    },
  }
  const sweeping = new AttemptLimits(counting, clock)
  for (let n = 0; n < 5; n++) await attempt(from(address(1)), false, sweeping)
  expect(sweeps).toBe(1)
  await clock.advance(MINUTE)
  await attempt(from(address(1)), false, sweeping)
  expect(sweeps).toBe(2)
})
