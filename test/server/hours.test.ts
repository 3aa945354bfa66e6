// The hours of staff, over HTTP and in the mails.
import { afterEach, expect, it } from 'vitest'
import type { DeskbellOptions } from '../../src/server/options.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import type { SupportChat } from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

const HOURS = { open: 'Mo-Fr 9:00-17:00', timeZone: 'Europe/Berlin' }
let desk: Desk
afterEach(() => desk.stop())

/** Tokens are of the time of the machine */
const authenticate: DeskbellOptions['authenticate'] = ({ headers }) => {
  const who = headers.get('x-who') ?? ''
  return { id: who, role: who === 'sam' ? 'admin' : 'user', email: `${who}@example.com`, name: who }
}
const start = (now: string): Promise<[FakeClock, Desk]> => {
  const clock = new FakeClock(now)
  return startDesk({ clock, hours: HOURS, authenticate }).then((desk) => [clock, desk])
}
const call = <Body>(who: string, method: string, path: string, body?: unknown) =>
  desk.call<Body>(method, path, undefined, body, { 'x-who': who })
const open = async (): Promise<SupportChat> => (await call<SupportChat>('ada', 'GET', '/support_chat')).body

it.each([
  // Friday afternoon in Berlin, Saturday, and Monday
  ['2026-01-16T13:00:00Z', '2026-01-16T16:00:00.000Z', '2026-01-19T08:00:00.000Z'],
  ['2026-01-17T13:00:00Z', '2026-01-16T16:00:00.000Z', '2026-01-19T08:00:00.000Z'],
  ['2026-01-19T08:00:00Z', '2026-01-19T16:00:00.000Z', '2026-01-20T08:00:00.000Z'],
])('at %s, says that staff are away from %s until %s', async (now, from, until) => {
  ;[, desk] = await start(now)
  expect((await open()).closed).toEqual({ from, until })
})

it('refuses hours that are none, and a time zone that is none', async () => {
  for (const wrong of [
    { ...HOURS, open: 'always' },
    { ...HOURS, timeZone: 'Mars' },
  ])
    await expect(startDesk({ hours: wrong })).rejects.toThrow(/always must be days and times|Mars/)
  desk = await startDesk({ authenticate })
  expect((await open()).closed).toBeNull()
})

it.each([
  ['within the hours, the mail about a reply waits for its time', '2026-01-16T13:00:00Z', 299_000, 2_000],
  [
    'outside of them it goes out at once, but not before somebody who has the chat open could read',
    '2026-01-17T13:00:00Z',
    9_000,
    2_000,
  ],
])('%s', async (_, now, early, then) => {
  let clock: FakeClock
  ;[clock, desk] = await start(now)
  const { id } = await open()
  await call('sam', 'POST', `/admin/chats/${id}/messages`, { content: 'Here it is' })
  await clock.advance(early)
  expect(desk.mails).toEqual([])
  await clock.advance(then)
  await expect.poll(() => desk.mails.length).toBe(1)
})
