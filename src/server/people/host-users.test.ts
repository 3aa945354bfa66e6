import { expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { HostUsers, MAX_USERS } from './host-users.ts'

it('Thousands of users cost a query of the store for each call of the host’s table, and none for each user', async () => {
  const store = await sqliteStore(':memory:')
  const ids = Array.from({ length: 1_000 }, (_, n) => `u${n}`)
  const at = '2026-03-02T09:00:00.000Z'
  const old = ids.map((id) => ({ id, email: `${id}@old.example`, name: null }))
  await store.savePeople(old, at)
  const asked: number[] = []
  const users = (wanted: string[]) => wanted.map((id) => ({ id, email: `${id}@new.example` }))
  let table: typeof users | undefined = users
  const hostUsers = new HostUsers({
    users: (wanted) => table?.(wanted) ?? expect.fail(),
    store: {
      describePeople: (people, when) => store.describePeople(people, when),
      findPeople(wanted) {
        asked.push(wanted.length)
        return store.findPeople(wanted)
      },
    },
    clock: new FakeClock(),
    onUnusable: () => undefined,
    onError: () => undefined,
    onDescribed: () => undefined,
  })
  expect(await hostUsers.refresh(ids)).toBe(true)
  expect(asked).toEqual(Array.from({ length: 5 }, () => MAX_USERS))
  expect(await store.findPerson('u999')).toMatchObject({ email: 'u999@new.example' })

  // While the host's table cannot be read, those of whom it has not said anything stay as they are stored
  table = undefined
  asked.length = 0
  const others = Array.from({ length: 300 }, (_, n) => ({
    id: `v${n}`,
    email: `v${n}@token.example`,
    name: 'By token',
  }))
  await store.savePeople([{ id: 'v7', email: 'v7@stored.example', name: null }], at)
  const described = await hostUsers.described([...old.slice(0, 1), ...others])
  expect(asked).toEqual([300])
  expect([described[0], described[1], described[8]]).toMatchObject([
    { id: 'u0', email: 'u0@new.example' },
    { id: 'v0', email: 'v0@token.example', name: 'By token' },
    { id: 'v7', email: 'v7@stored.example', name: null },
  ])
  await store.close()
})
