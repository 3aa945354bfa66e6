// The assistant over HTTP: it answers once, after the message was stored, until a person does, and drafts replies for staff alone.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ActivityPage } from '../../src/protocol/activity.ts'
import type { AdminSupportChat, MessagePage, SupportMessage } from '../../src/protocol/types.ts'
import type { ChatAssistant } from '../../src/protocol/assistant.ts'
import type { AssistantOptions } from '../../src/server/assistant/options.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0).reverse()) await desk.stop()
})

type Awaitable<T> = T | Promise<T>
type Answer = NonNullable<AssistantOptions['answer']>

async function start(
  assistant: AssistantOptions,
  { shared, clock = new FakeClock(Date.now()) }: { shared?: Desk; clock?: FakeClock } = {},
) {
  const desk = await startDesk({ assistant, clock }, shared?.file)
  desks.push(desk)
  const { token: ada, chatId: id } = await desk.person('ada')
  const sam = await desk.admin()
  const messages = async (): Promise<SupportMessage[]> =>
    (await desk.call<MessagePage>('GET', '/support_chat/messages?limit=1000', ada)).body.messages
  /** Waits while time goes on */
  const later = <T>(look: () => Awaitable<T | undefined | false | null>): Promise<T> =>
    until(async () => {
      await clock.advance(500)
      return look()
    })
  return {
    desk,
    clock,
    ada,
    sam,
    id,
    messages,
    later,
    write: (content: string) => desk.call('POST', '/support_chat/messages', ada, { content }),
    reply: (content: string) => desk.call('POST', `/admin/chats/${id}/messages`, sam, { content }),
    count: (n: number) => later(async () => ((await messages()).length >= n ? messages() : null)),
    active: async () => (await desk.call<ChatAssistant>('GET', '/support_chat/assistant', ada)).body.active,
    activities: async () =>
      (await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity`, sam)).body.activities.map(
        ({ kind, body }) => ({ kind, body }),
      ),
    /** The worker has nothing more to do */
    settled: () => later(async () => (await desk.store.nextAnswer()) === undefined),
  }
}

/** A function that the test lets go on */
function held() {
  const calls: {
    signal: AbortSignal
    end: (value: Awaited<ReturnType<Answer>>) => void
    fail: (why: Error) => void
  }[] = []
  const answer: Answer = (_chat, { signal }) =>
    new Promise((resolve, reject) => calls.push({ signal, end: resolve, fail: reject }))
  return { answer, calls }
}

describe('answers', () => {
  it('come once the message is stored, marked as automated, and see the conversation and its user alone', async () => {
    const seen: unknown[] = []
    const { desk, write, reply, count, ada, sam, id, messages } = await start({
      answer: (chat) => {
        seen.push(chat)
        return ` To ${chat.messages.length} `
      },
    })
    await desk.call('POST', `/admin/chats/${id}/notes`, sam, { content: 'a secret of staff' })
    expect((await write('Hello')).status).toBe(201)
    const [, answer] = await count(2)
    expect(answer).toMatchObject({
      seq: 2,
      sender_type: 'admin',
      sender_name: 'Assistant',
      content: 'To 1',
      automated: true,
    })
    expect(seen).toMatchObject([{ id, user: { id: 'ada', name: 'User ada' }, messages: [{ content: 'Hello' }] }])
    expect(JSON.stringify(seen)).not.toContain('secret')
    await write('Again')
    await count(4)
    await reply('A person')
    expect((await messages()).map(({ automated = false }) => automated)).toEqual([false, true, false, true, false])
    // Older fields stay, and each transport has the new one
    const shown = (await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body
    expect(shown.messages[1]).toMatchObject({ automated: true })
    expect(shown.assistant).toEqual({ name: 'Assistant', active: false, suggests: false })
    expect((await desk.call('GET', '/support_chat', ada)).text).toContain('"automated":true')
    expect(shown.assignee).toMatchObject({ id: 'sam' })
  })

  it('are given by one of two nodes, once, while both look', async () => {
    let asked = 0
    const clock = new FakeClock(Date.now())
    const assistant: AssistantOptions = { answer: ({ messages }) => `Answer ${++asked} to ${messages.length}` }
    const first = await start(assistant, { clock })
    await start(assistant, { clock, shared: first.desk })
    for (let n = 1; n <= 5; n++) {
      await first.write(`Question ${n}`)
      await first.count(2 * n)
    }
    await clock.advance(120_000)
    await first.settled()
    expect((await first.messages()).map(({ automated = false }) => automated)).toEqual(
      Array.from({ length: 10 }, (_, i) => i % 2 === 1),
    )
    expect(asked).toBe(5)
  })

  it('of two messages in a row are one', async () => {
    let asked = 0
    const { write, count, settled, messages } = await start({ answer: () => `${++asked}` })
    await write('One')
    await write('Two')
    await count(3)
    await settled()
    expect((await messages()).map(({ content }) => content)).toEqual(['One', 'Two', '1'])
  })

  it('are given up when a person replies first, and the signal says so', async () => {
    const { answer, calls } = held()
    const { write, reply, later, settled, messages, active } = await start({ answer })
    await write('Hello')
    const { signal, end } = await later(() => calls[0])
    expect(signal.aborted).toBe(false)
    await reply('I do it')
    expect(signal.aborted).toBe(true)
    end('Too late')
    await settled()
    await write('And now?')
    await settled()
    expect(calls).toHaveLength(1)
    expect((await messages()).map(({ content }) => content)).toEqual(['Hello', 'I do it', 'And now?'])
    expect(await active()).toBe(false)
  })

  it('are given up for a later message, which gets the answer', async () => {
    const { answer, calls } = held()
    const { write, later, count, messages } = await start({ answer })
    await write('One')
    const first = await later(() => calls[0])
    await write('Two')
    expect(first.signal.aborted).toBe(true)
    const second = await later(() => calls[1])
    first.end('to one')
    second.end('to two')
    await count(3)
    expect((await messages()).map(({ content }) => content)).toEqual(['One', 'Two', 'to two'])
  })

  it('are given up when another node hears of a person', async () => {
    const clock = new FakeClock(Date.now())
    const { answer, calls } = held()
    const first = await start({ answer }, { clock })
    await first.write('Hello')
    const { signal, end } = await first.later(() => calls[0])
    const other = await startDesk({ clock }, first.desk.file)
    desks.push(other)
    await other.call('POST', `/admin/chats/${first.id}/assign`, first.sam, { assignee_id: 'sam' })
    await first.later(() => signal.aborted)
    end('Too late')
    await first.settled()
    expect(await first.messages()).toHaveLength(1)
  })

  it('are given although the chat, which came back from the archive, is taken from whom it was assigned to', async () => {
    const { answer, calls } = held()
    const { desk, sam, id, write, later, count } = await start({ answer })
    await write('Hello')
    await desk.call('POST', `/admin/chats/${id}/assign`, sam, { assignee_id: 'sam' })
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    await write('Another thing')
    const { signal, end } = await later(() => calls.at(-1))
    await desk.call('POST', `/admin/chats/${id}/assign`, sam, { assignee_id: null })
    expect(signal.aborted).toBe(false)
    end('Answer')
    expect((await count(3)).at(-1)).toMatchObject({ content: 'Answer' })
  })

  it.each<[string, Answer]>([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken')
      },
    ],
    ['hangs', () => new Promise(() => undefined)],
    ['returns what is no text', () => ({ content: 7 }) as never],
    ['returns too much', () => 'x'.repeat(10_001)],
  ])('of a function that %s are none, which is reported, and the next message is answered', async (_, answer) => {
    let asked = 0
    const { desk, write, settled, count } = await start({
      timeout: 2_000,
      answer: (...given) => (++asked === 1 ? answer(...given) : 'Fine'),
    })
    expect((await write('Hello')).status).toBe(201)
    await settled()
    expect(desk.errors).toHaveLength(1)
    expect(String(desk.errors[0])).toMatch(/broken|more than 2000 ms|no text|10,000/)
    await write('Again')
    expect((await count(3)).map(({ content }) => content)).toEqual(['Hello', 'Again', 'Fine'])
    desk.errors.splice(0)
  })

  it('of a function that says nothing are none, and the message waits for staff', async () => {
    const given = [null, undefined, '', '  ', {}, { content: null }]
    const { desk, write, settled, messages, active } = await start({ answer: () => given.pop() })
    while (given.length > 0) {
      await write('Hello')
      await settled()
    }
    expect((await messages()).every(({ sender_type }) => sender_type === 'user')).toBe(true)
    expect(await active()).toBe(true)
    expect(desk.errors).toEqual([])
  })

  it('are given after the process was killed, and after an orderly stop, by the next', async () => {
    const { answer, calls } = held()
    const { desk, clock, write, later, count } = await start({ answer })
    await write('Hello')
    const first = await later(() => calls[0])
    await desk.restart()
    expect(first.signal.aborted).toBe(true)
    first.end('Too late')
    // At once: the claim was given back
    const second = await later(() => calls[1])
    // As a process that dies: another node with the same database takes it when the claim has ended
    await desk.store.renewAnswer(
      { chat_id: (await desk.store.findChatOf('ada'))?.id ?? '', seq: 1, claim: 2 },
      new Date(clock.now()).toISOString(),
    )
    second.end('Answer')
    expect((await count(2)).map(({ content }) => content)).toEqual(['Hello', 'Answer'])
  })

  it('end in one chat after so many in an hour, and staff see that a person is to answer', async () => {
    const { write, count, settled, activities, active } = await start({ answer: () => 'Yes', answersPerHour: 2 })
    for (const n of [1, 2]) {
      await write('Why?')
      await count(2 * n)
    }
    await write('Why?')
    await settled()
    expect(await count(5)).toHaveLength(5)
    expect(await activities()).toEqual([{ kind: 'handed_over', body: { by: 'limit' } }])
    expect(await active()).toBe(false)
  })

  it('end in an hour of so many messages that earlier answers are out of sight', async () => {
    let asked = 0
    const { desk, clock, id, write, later, activities } = await start({ answer: () => `${++asked}` })
    const message = {
      chat_id: id,
      content: 'Why?',
      sender_type: 'user',
      sender_id: 'ada',
      sender_name: null,
      client_id: null,
      created_at: new Date(clock.now()).toISOString(),
      notify_at: null,
    } as const
    await desk.store.appendMessages(Array.from({ length: 100 }, () => ({ ...message, id: crypto.randomUUID() })))
    await write('Why?')
    await later(async () => (await activities()).length > 0)
    expect(await activities()).toEqual([{ kind: 'handed_over', body: { by: 'limit' } }])
    expect(asked).toBe(0)
  })
})

describe('a person', () => {
  it('is asked for by the user, once, and the chat comes back from the archive for it', async () => {
    const { desk, ada, sam, id, write, count, settled, messages, activities, active } = await start({
      answer: () => 'Hm',
    })
    const ask = () => desk.call<{ handed_over: boolean }>('POST', '/support_chat/hand_over', ada)
    await write('Hello')
    await count(2)
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    expect(await active()).toBe(true)
    expect((await ask()).body).toEqual({ handed_over: true })
    expect((await ask()).body).toEqual({ handed_over: false })
    expect((await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body.archived).toBe(false)
    expect((await activities()).map(({ kind }) => kind)).toEqual(['archived', 'handed_over', 'unarchived'])
    await write('Is somebody there?')
    await settled()
    expect(await messages()).toHaveLength(3)
    // The next conversation
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    await write('Another thing')
    await count(5)
  })

  it('is asked for anew where one had answered before the archive', async () => {
    const { desk, clock, ada, sam, id, write, count, activities, active } = await start({ answer: () => 'Hm' })
    await write('Hello')
    await count(2)
    await desk.call('POST', `/admin/chats/${id}/messages`, sam, { content: 'I am here' })
    expect(await active()).toBe(false)
    await clock.advance(1_000)
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    // The next message begins anew
    expect(await active()).toBe(true)
    expect((await desk.call('POST', '/support_chat/hand_over', ada)).body).toEqual({ handed_over: true })
    expect((await activities()).map(({ kind }) => kind).slice(-2)).toEqual(['handed_over', 'unarchived'])
  })

  it('is asked for while staff archive the chat, which comes back for it', async () => {
    const { desk, ada, sam, id, write, count, activities } = await start({ answer: () => 'Hm' })
    await write('Hello')
    await count(2)
    const { store } = desk
    const handOver = store.handOver.bind(store)
    store.handOver = async (...handed) => {
      await desk.call('POST', `/admin/chats/${id}/archive`, sam)
      return handOver(...handed)
    }
    expect((await desk.call('POST', '/support_chat/hand_over', ada)).body).toEqual({ handed_over: true })
    expect((await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body.archived).toBe(false)
    expect((await activities()).map(({ kind }) => kind)).toEqual(['archived', 'handed_over', 'unarchived'])
  })

  it('is named by the function, with words or without', async () => {
    const { desk, write, settled, count, activities } = await start({
      answer: ({ messages }) => (messages.length === 1 ? { content: 'I ask', handOver: true } : 'never'),
    })
    await write('Hello')
    await count(2)
    await write('Well?')
    await settled()
    expect(await activities()).toEqual([{ kind: 'handed_over', body: { by: 'assistant' } }])
    const silent = await start({ answer: () => ({ handOver: true }) })
    await silent.write('Hello')
    await silent.later(async () => (await silent.activities()).length > 0)
    expect(await silent.messages()).toHaveLength(1)
    expect(desk.errors).toEqual([])
  })

  it('cannot be asked for by who is blocked, and their chat stays in the archive', async () => {
    const { desk, ada, sam, id, write, count, active } = await start({ answer: () => 'Hm' })
    await write('Hello')
    await count(2)
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    await desk.call('POST', '/admin/users/ada/block', sam)
    expect(await active()).toBe(false)
    expect((await desk.call('POST', '/support_chat/hand_over', ada)).body).toMatchObject({ code: 'blocked' })
    expect((await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body.archived).toBe(true)
  })

  it('cannot be asked for by staff, by others, or where no assistant answers', async () => {
    const { desk, sam, ada } = await start({ suggest: () => 'x' })
    expect((await desk.call('POST', '/support_chat/hand_over', ada)).status).toBe(404)
    expect((await desk.call('GET', '/support_chat/assistant', ada)).status).toBe(404)
    const answering = await start({ answer: () => 'x' })
    expect((await answering.desk.call('POST', '/support_chat/hand_over', sam)).status).toBe(403)
    expect((await answering.desk.call('POST', '/support_chat/hand_over', await desk.user('new'))).status).toBe(404)
    expect((await answering.desk.call('POST', `/admin/chats/${answering.id}/suggestion`, sam)).status).toBe(404)
  })
})

describe('a suggestion', () => {
  const text = (stream: string): string =>
    [...stream.matchAll(/^event: text\ndata: (.*)$/gm)].map(([, data = '']) => JSON.parse(data).text).join('')

  it('streams to staff alone, and sends nothing', async () => {
    const { desk, sam, ada, id, write, messages } = await start({
      async *suggest(chat) {
        yield 'Dear '
        yield `${chat.user.name},\n\n`
        yield 'hello 😀'
      },
    })
    await write('Hello')
    const path = `/admin/chats/${id}/suggestion`
    const answer = await desk.call('POST', path, sam)
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(text(answer.text)).toBe('Dear User ada,\n\nhello 😀')
    expect(answer.text.endsWith('event: done\ndata: {}\n\n')).toBe(true)
    expect((await desk.call('POST', path, ada)).status).toBe(403)
    expect((await desk.call('POST', '/admin/chats/01950000-0000-7000-8000-000000000000/suggestion', sam)).status).toBe(
      404,
    )
    expect(await messages()).toHaveLength(1)
    const statuses = new Set<number>()
    for (let n = 0; n < 25; n++) statuses.add((await desk.call('POST', path, sam)).status)
    expect(statuses).toEqual(new Set([200, 429]))
  })

  it.each<[string, NonNullable<AssistantOptions['suggest']>, string, number]>([
    ['text', () => 'All at once', 'All at once', 0],
    ['nothing', () => null, '', 0],
    [
      'more than a message holds',
      async function* () {
        for (;;) yield '😀'.repeat(501)
      },
      '😀'.repeat(5_000),
      0,
    ],
    [
      'an error',
      () => {
        throw new Error('broken')
      },
      '',
      1,
    ],
    [
      'an error after some text',
      async function* () {
        yield 'Some'
        throw new Error('broken')
      },
      'Some',
      1,
    ],
    [
      'what is no text',
      async function* () {
        yield 7 as never
      },
      '',
      1,
    ],
  ])('of %s ends', async (_, suggest, expected, failures) => {
    const { desk, sam, id } = await start({ suggest })
    const answer = await desk.call('POST', `/admin/chats/${id}/suggestion`, sam)
    expect(text(answer.text)).toBe(expected)
    expect(answer.text).toMatch(failures > 0 ? /event: failed\ndata: \{\}\n\n$/ : /event: done\ndata: \{\}\n\n$/)
    expect(desk.errors.splice(0)).toHaveLength(failures)
  })

  it('stops with its reader, and after its time', async () => {
    const signals: AbortSignal[] = []
    const { desk, sam, id, clock } = await start({
      timeout: 5_000,
      async *suggest(_chat, { signal }) {
        signals.push(signal)
        yield 'Dear'
        await new Promise(() => undefined)
      },
    })
    const controller = new AbortController()
    const url = `${desk.url}/admin/chats/${id}/suggestion`
    const headers = { authorization: `Bearer ${sam}` }
    const response = await fetch(url, { method: 'POST', headers, signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    await until(() => signals[0]?.aborted)
    const slow = desk.call('POST', `/admin/chats/${id}/suggestion`, sam)
    await until(() => signals[1])
    await clock.advance(5_000)
    expect((await slow).text).toMatch(/event: text[\s\S]*event: failed/)
    expect(signals[1]?.aborted).toBe(true)
    expect(desk.errors.splice(0).map(String)).toEqual(['AssistantTimeout: The assistant took more than 5000 ms'])
  })
})

it('the rules of docs/assistant.md answer, hand over and suggest', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/assistant.md'), 'utf8')
  const [, code = expect.fail()] = /```js\n(\/\/ assistant\.js\n[\s\S]*?)```/.exec(docs) ?? []
  const { desk: place } = await start({ suggest: () => null })
  const file = join(place.file, '..', 'assistant.mjs')
  writeFileSync(file, code)
  const { assistant } = (await import(file)) as { assistant: AssistantOptions }
  const { desk, sam, id, write, count, settled, activities } = await start(assistant)
  await write('When are you open?')
  expect((await count(2))[1]).toMatchObject({
    content: 'We are here Monday to Friday, 9:00 to 17:00.',
    sender_name: 'Robo',
  })
  expect((await desk.call('POST', `/admin/chats/${id}/suggestion`, sam)).text).toContain('Hello User ada!')
  await write('Something else')
  await settled()
  await write('I want a person')
  expect((await count(5)).at(-1)?.content).toBe('A colleague will answer here.')
  expect((await activities()).map(({ kind }) => kind)).toEqual(['handed_over'])
})

it('an assistant that cannot work is refused at the start', async () => {
  for (const assistant of [{}, { answer: () => 'x', timeout: 0 }, { answer: () => 'x', answersPerHour: 51 }])
    await expect(startDesk({ assistant }), JSON.stringify(assistant)).rejects.toThrow(/^assistant/)
})

it('a bot of the host marks what it sends, and takes the chat from nobody', async () => {
  const { desk, write, count, active } = await start({ answer: () => 'x' })
  const send = (more: object) =>
    desk.deskbell.chats.send({ userId: 'ada', as: { id: 'bot', name: 'Bot' }, content: 'Welcome', ...more })
  expect((await send({ automated: true })).message).toMatchObject({ automated: true, sender_name: 'Bot' })
  expect(await active()).toBe(true)
  await write('Hello')
  await count(3)
  expect((await send({ content: 'I am a person' })).message).not.toHaveProperty('automated')
  expect(await active()).toBe(false)
  await expect(send({ as: 'user', automated: true })).rejects.toMatchObject({ code: 'invalid_request' })
})
