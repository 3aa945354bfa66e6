import { beforeEach, describe, expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { Store } from '../ports/store/store.ts'
import { HostUsers, USERS_HOLD, type UserRow } from './host-users.ts'
import { Visits } from './visits.ts'

const page_url = 'https://shop.example/cart'
const ada = { id: 'ada', email: 'ada@token.example', name: 'By token', page_url }

let clock: FakeClock
let store: Store
let row: UserRow
beforeEach(async () => {
  clock = new FakeClock()
  store = await sqliteStore(':memory:')
  await store.savePeople([{ id: 'ada', email: 'first@table.example', name: 'Ada' }], '2026-03-02T09:00:00.000Z')
  return () => store.close()
})

/** What a node has of its own */
function node(updatePeople: Store['updatePeople'] = (visits, at) => store.updatePeople(visits, at)) {
  const parts = { clock, onError: (error: unknown) => expect.fail(String(error)), onDescribed: () => undefined }
  const hostUsers = new HostUsers({ ...parts, store, users: () => [row], onUnusable: () => undefined })
  return { hostUsers, visits: new Visits({ ...parts, store: { updatePeople }, hostUsers, onDemand: true }) }
}

describe('A visit leaves the address that was read from the host’s table last', () => {
  it('where another node read it while an earlier answer counts here', async () => {
    row = { id: 'ada', email: 'old@table.example', name: 'Ada' }
    const here = node()
    await here.hostUsers.refresh(['ada'])
    row = { id: 'ada', email: 'new@table.example', name: 'Ada Lovelace' }
    await node().hostUsers.refresh(['ada'])
    here.visits.note(ada)
    await here.visits.write()
    expect(await store.findPerson('ada')).toMatchObject({ email: 'new@table.example', name: 'Ada Lovelace', page_url })
  })

  it('where the table names no name, which the credentials do', async () => {
    row = { id: 'ada', email: 'old@table.example' }
    const here = node()
    await here.hostUsers.refresh(['ada'])
    row = { id: 'ada', email: 'new@table.example' }
    await node().hostUsers.refresh(['ada'])
    here.visits.note(ada)
    await here.visits.write()
    expect(await store.findPerson('ada')).toMatchObject({ email: 'new@table.example', name: 'By token', page_url })
  })

  it('while the visit was being written', async () => {
    row = { id: 'ada', email: 'old@table.example', name: 'Ada' }
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const { hostUsers, visits } = node(async (people, at) => {
      begun.resolve()
      await held.promise
      return store.updatePeople(people, at)
    })
    visits.note(ada)
    const written = visits.write()
    await begun.promise
    await clock.advance(USERS_HOLD)
    row = { id: 'ada', email: 'new@table.example', name: 'Ada' }
    await hostUsers.refresh(['ada'])
    held.resolve()
    await written
    expect(await store.findPerson('ada')).toMatchObject({ email: 'new@table.example', page_url })
  })

  it('once it could be stored, where that failed before', async () => {
    row = { id: 'ada', email: 'new@table.example', name: 'Ada' }
    const errors: unknown[] = []
    const failing = new Error('The database is away')
    const describePeople: Store['describePeople'] = (people, at) =>
      errors.length === 0 ? Promise.reject(failing) : store.describePeople(people, at)
    const hostUsers = new HostUsers({
      clock,
      store: { findPeople: (ids) => store.findPeople(ids), describePeople },
      users: () => [row],
      onError: (error) => errors.push(error),
      onDescribed: () => undefined,
      onUnusable: () => undefined,
    })
    await hostUsers.refresh(['ada'])
    expect(errors).toEqual([failing])
    await hostUsers.refresh(['ada'])
    expect(await store.findPerson('ada')).toMatchObject({ email: 'new@table.example' })
  })
})
