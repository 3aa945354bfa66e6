// The search in the list of chats, by name and by address: one list in two parts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SupportChatListItem } from '../../src/protocol/types.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let sam: string
beforeEach(async () => {
  desk = await startDesk()
  sam = await desk.admin()
})
afterEach(() => desk.stop())

/** A person with a chat, whose message is of the minute `minute` */
async function person(id: string, name: string | null, minute = 1, email = `${id}@example.com`): Promise<string> {
  const at = new Date(Date.UTC(2026, 2, 2, 9, minute)).toISOString()
  await desk.store.savePeople([{ id, email, name }], at)
  const chat = await desk.store.openChat(id, crypto.randomUUID(), at)
  await desk.store.appendMessages([
    {
      id: crypto.randomUUID(),
      chat_id: chat.id,
      content: 'hello',
      sender_type: 'user',
      sender_id: id,
      sender_name: name,
      client_id: null,
      created_at: at,
      notify_at: null,
    },
  ])
  return chat.id
}

async function pages(q: string, more = ''): Promise<string[][]> {
  const all: string[][] = []
  let next: string | undefined = `/admin/chats?q=${encodeURIComponent(q)}${more}`
  while (next !== undefined && all.length < 99) {
    const { status, body, headers }: Awaited<ReturnType<typeof desk.call<SupportChatListItem[]>>> = await desk.call(
      'GET',
      next,
      sam,
    )
    expect(status).toBe(200)
    all.push(body.map((chat) => chat.user_id))
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
  }
  return all
}
const found = async (q: string, more = '') => (await pages(q, more)).flat()

describe('the search in the list', () => {
  it('finds people by name first, the newest message first, then by address, and nobody twice', async () => {
    await person('anna.z', 'Anna Rossi', 2)
    await person('x', 'Rossana Anders', 3, 'x@example.com')
    await person('an-b', null, 9)
    await person('an-a', 'Bea', 8)
    await person('old', 'Anna Archived', 7)
    const { id } = await desk.store.openChat('old', crypto.randomUUID(), new Date().toISOString())
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    expect(await found('an')).toEqual(['x', 'anna.z', 'an-a', 'an-b'])
    for (const limit of [1, 2, 3, 4, 200])
      expect([limit, await pages('an', `&limit=${limit}`)]).toEqual([
        limit,
        Array.from({ length: Math.ceil(4 / limit) }, (_, n) =>
          ['x', 'anna.z', 'an-a', 'an-b'].slice(n * limit, (n + 1) * limit),
        ),
      ])
    expect(await found('an', '&archived=true')).toEqual(['old'])
    expect(await found(' ROSSI   anna ')).toEqual(['anna.z'])
    expect(await found('anna.z@')).toEqual(['anna.z'])
    for (const none of ['%', '_', '.*', 'nna', 'anna bea', '\u{10FFFF}'])
      expect([none, await found(none)]).toEqual([none, []])
  })

  it('takes the cursors that servers before it made, and no others', async () => {
    for (const id of ['ada', 'adam', 'adele']) await person(id, null)
    const before = Buffer.from(JSON.stringify(['ada@example.com', 'ada'])).toString('base64url')
    expect(await found('ad', `&cursor=${before}`)).toEqual(['adam', 'adele'])
    for (const odd of [['a', 'b', 'c'], ['a', 'b', 'name', 'd'], ['a', 1, 'name'], ['a']]) {
      const cursor = Buffer.from(JSON.stringify(odd)).toString('base64url')
      expect((await desk.call('GET', `/admin/chats?q=ad&cursor=${cursor}`, sam)).status).toBe(400)
    }
    // A place that no page by name ends with is behind all of them
    const odd = Buffer.from(JSON.stringify(['x', 'y', 'name'])).toString('base64url')
    expect(await found('ad', `&cursor=${odd}`)).toEqual(['ada', 'adam', 'adele'])
  })

  it('goes through hundreds who are found by name and by address, and ends', async () => {
    for (let n = 0; n < 120; n++) await person(`kim${1000 + n}`, `Kim ${n}`, n)
    await person('zoe', 'Zoe', 1, 'kimono@example.com')
    const ids = Array.from({ length: 120 }, (_, n) => `kim${1119 - n}`)
    expect(await found('kim', '&limit=50')).toEqual([...ids, 'zoe'])
    expect((await pages('kim', '&limit=120')).map((page) => page.length)).toEqual([120, 1])
  })
})
