// The client side of Firebase with Firebase's own client: permissions that end while somebody listens.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { joinFirebase } from '../../src/client/services/firebase.ts'
import { firebasePublisher } from '../../src/entries/node.ts'
import type { FirebaseListening } from '../../src/protocol/listening.ts'
import type { RealtimeHint } from '../../src/protocol/publication.ts'
import type { PublishedTopic } from '../../src/server/ports/publisher.ts'
import { until } from '../support/desk.ts'
import { accountAt, FIREBASE_KEY, startFirebase } from '../support/realtime-services/firebase.ts'
import type { TestService } from '../support/realtime-services/service.ts'

/** So soon (ms) that nobody begins to listen with it any more */
const SOON = 30_000
/** Long enough to sign in, and to listen */
const MOMENT = 15_000
const MINUTES = 5 * 60_000

let service: TestService
/** How long (ms) the next permission is good */
let good: number
/** What the next permission is for */
let allowed: PublishedTopic
/** Permissions that were asked for */
let asked: number
const all: AbortController[] = []

beforeEach(async () => {
  service = await startFirebase()
  good = MINUTES
  allowed = { type: 'staff' }
  asked = 0
})
afterEach(async () => {
  for (const one of all.splice(0)) one.abort()
  await until(() => service.sockets === 0)
  await service.stop()
})

const publisher = () =>
  firebasePublisher({ url: service.origin, key: FIREBASE_KEY, serviceAccount: accountAt(service) })
const join = joinFirebase(() =>
  Promise.all([import('@firebase/app'), import('@firebase/auth'), import('@firebase/database')]),
)

/** Listens to one chat, and writes down what it is told */
async function listen(owner: object, chatId: string) {
  const controller = new AbortController()
  all.push(controller)
  const told: string[] = []
  await join({
    listening: publisher().listen({ type: 'chat', chatId }) as FirebaseListening,
    signal: controller.signal,
    owner,
    authorize() {
      asked++
      return publisher().authorize(allowed, {
        side: 'user',
        id: 'ada',
        mayBeSeen: true,
        connection: undefined,
        expiresAt: Date.now() + good,
      })
    },
    joined: () => told.push('joined'),
    lost: () => told.push('lost'),
    refused() {
      told.push('refused')
      controller.abort()
    },
    hinted: ({ seq }: Partial<RealtimeHint>) => told.push(`hint ${seq}`),
    typing: () => undefined,
    present: () => undefined,
  })
  return told
}
const publish = (chatId: string, seq: number) =>
  publisher().publish(
    { topics: [{ type: 'chat', chatId }], event: 'new-message', data: { chat_id: chatId, seq } },
    AbortSignal.timeout(60_000),
  )

it('chats that are entered together share a sign-in and a connection, and so does one that is entered later', async () => {
  const owner = {}
  const [a, b] = await Promise.all([listen(owner, 'a'), listen(owner, 'b')])
  await until(() => a.length === 1 && b.length === 1)
  const c = await listen(owner, 'c')
  await until(() => c.length === 1)
  expect([asked, service.sockets]).toEqual([1, 1])
  await publish('c', 1)
  await until(() => c.length === 2)
  expect([a, b, c]).toEqual([['joined'], ['joined'], ['joined', 'hint 1']])
})

it('what a chat’s node has of old is no hint', async () => {
  await publish('a', 1)
  const a = await listen({}, 'a')
  await until(() => a.length === 1)
  await publish('a', 2)
  await until(() => a.length === 2)
  expect(a).toEqual(['joined', 'hint 2'])
})

it('a chat that is entered when the permission is about to end gets the next one, and the others go on', async () => {
  const owner = {}
  good = SOON
  const a = await listen(owner, 'a')
  await until(() => a.length === 1)
  good = MINUTES
  const b = await listen(owner, 'b')
  await until(() => b.length === 1)
  expect([asked, service.sockets]).toEqual([2, 1])
  await publish('a', 1)
  await until(() => a.length === 2)
  expect([a, b]).toEqual([['joined', 'hint 1'], ['joined']])
})

it('who comes back with a permission that has ended is refused, and enters again with the next one', async () => {
  const owner = {}
  good = MOMENT
  const a = await listen(owner, 'a')
  await until(() => a.length === 1)
  const ended = Date.now() + MOMENT
  service.gone = true
  await until(() => a.length === 2 && Date.now() > ended)
  service.gone = false
  await until(() => a.includes('refused'))
  // The client says that it is connected before the service has looked at what it listens to
  expect(a).toEqual(['joined', 'lost', 'joined', 'refused'])
  good = MINUTES
  const again = await listen(owner, 'a')
  await until(() => again.length === 1)
  expect([again, asked]).toEqual([['joined'], 2])
})

it('what the next permission is not for is left', async () => {
  const owner = {}
  good = SOON
  const a = await listen(owner, 'a')
  await until(() => a.length === 1)
  allowed = { type: 'chat', chatId: 'b' }
  const b = await listen(owner, 'b')
  await until(() => a.length === 2 && b.length === 1)
  expect([a, b]).toEqual([['joined', 'refused'], ['joined']])
})

it('without a permission nothing is entered, and the next try asks for one again', async () => {
  const owner = {}
  service.api = 'fails'
  await expect(listen(owner, 'a')).rejects.toThrow()
  service.api = 'answers'
  const again = await listen(owner, 'a')
  await until(() => again.length === 1)
  expect([again, asked]).toEqual([['joined'], 2])
})
