// A request says for whom it is meant. When its credentials have become somebody else's, it does nothing.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PERSON_HEADER, PERSON_PROTOCOL_PREFIX, personTag } from '../../src/protocol/person.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { EXT, TestSocket } from '../support/socket.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.stop())

const ADA = { [PERSON_HEADER]: personTag('user', 'ada') }
const SAM = { [PERSON_HEADER]: personTag('admin', 'sam') }

it('an answer names the person who asked, also one that refuses', async () => {
  const [ada, kim] = [await desk.user('ada'), await desk.admin('kïm (1)')]
  const answers = [
    await desk.call('GET', '/support_chat', ada),
    await desk.call('GET', '/admin/chats', ada),
    await desk.call('POST', '/support_chat/messages', ada, { content: ' ' }),
    await desk.call('GET', '/admin/chats', kim),
  ]
  expect(answers.map(({ status, headers }) => [status, headers.get(PERSON_HEADER)])).toEqual([
    [200, 'user%3Aada'],
    [403, 'user%3Aada'],
    [422, 'user%3Aada'],
    [200, 'admin%3Ak%C3%AFm%20%281%29'],
  ])
  const nobody = await desk.call('GET', '/support_chat')
  expect([nobody.status, nobody.headers.get(PERSON_HEADER)]).toEqual([401, null])
})

it('pages of allowed origins may send the name and read it', async () => {
  const origin = { origin: 'http://desk.example' }
  const asked = await desk.call('OPTIONS', '/support_chat', undefined, undefined, origin)
  expect(asked.headers.get('access-control-allow-headers')).toContain(PERSON_HEADER)
  const answer = await desk.call('GET', '/support_chat', await desk.user('ada'), undefined, origin)
  expect(answer.headers.get('access-control-expose-headers')).toContain(PERSON_HEADER)
})

it('a request that is meant for somebody else is refused on every route, and changes nothing', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  const [bob, kim] = [await desk.user('bob'), await desk.admin('kim')]
  const message = { content: 'From the one before', client_id: 'c1' }
  const requests: [string, string, string, Record<string, string>, unknown?][] = [
    ['GET', '/support_chat', bob, ADA],
    ['GET', '/support_chat/unread', bob, ADA],
    ['GET', '/support_chat/messages', bob, ADA],
    ['GET', '/support_chat/events', bob, ADA],
    ['POST', '/support_chat/messages', bob, ADA, message],
    ['PATCH', '/support_chat/mark_read', bob, ADA, {}],
    ['POST', '/support_chat/typing', bob, ADA, { typing: true }],
    ['GET', '/admin/chats', kim, SAM],
    ['GET', `/admin/chats/${chatId}`, kim, SAM],
    ['POST', `/admin/chats/${chatId}/messages`, kim, SAM, message],
    ['POST', `/admin/chats/${chatId}/archive`, kim, SAM],
    ['POST', `/admin/chats/${chatId}/mark_viewed`, kim, SAM, {}],
    // A user and a member of staff may have the same id
    ['GET', '/admin/chats', await desk.admin('ada'), ADA],
  ]
  for (const [method, path, token, headers, body] of requests) {
    const answer = await desk.call(method, path, token, body, headers)
    expect([path, answer.status, answer.body]).toMatchObject([path, 409, { code: 'other_person' }])
    expect(answer.headers.get(PERSON_HEADER)).not.toBe(headers[PERSON_HEADER])
  }
  const { body } = await desk.call<{ id: string; [field: string]: unknown }[]>('GET', '/admin/chats', kim)
  // Bob has no chat yet, and Ada's is as it was
  expect(body).toMatchObject([{ id: chatId, archived: false, unread: true, message_count: 1 }])
})

it('a socket that is meant for somebody else is refused, one for its own person and one for nobody are not', async () => {
  const token = await desk.admin('kim')
  const open = (person: string[]): Promise<TestSocket> =>
    TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT, ...person])
  const other = await open([PERSON_PROTOCOL_PREFIX + personTag('admin', 'sam')])
  expect(await other.end()).toMatchObject({ reason: 'unauthorized' })
  for (const person of [[], [PERSON_PROTOCOL_PREFIX + personTag('admin', 'kim')]]) {
    const socket = await open(person)
    expect(await socket.frame(() => true)).toMatchObject({ type: 'welcome' })
    socket.close()
  }
})
