import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SupportActivity, SupportNote } from '../../protocol/activity.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import { Api } from '../api.ts'
import { Cable } from '../connection/cable.ts'
import type { SubscriptionHandlers } from '../connection/cable-frames.ts'
import { createCredentials } from '../connection/credentials.ts'
import { createSession } from '../connection/session.ts'
import { ActivityFeed } from './activity-feed.ts'

/** One chat's server in a few lines: what it stores and what it answers */
class Server {
  activities: SupportActivity[] = []
  epoch = 'e1'
  /** Whether it is away */
  isDown = false
  posts: string[] = []
  asked: string[] = []

  store(content: string, client_id: string | null = null): SupportNote {
    const known = this.activities.find((one) => client_id !== null && one.client_id === client_id)
    if (known?.kind === 'note') return known
    const seq = this.activities.length + 1
    const created_at = new Date(seq * 1000).toISOString()
    const by = { actor_id: 'sam', actor_name: 'Sam' }
    const note: SupportNote = { id: `a${seq}`, seq, kind: 'note', ...by, body: { content }, client_id, created_at }
    this.activities.push(note)
    return note
  }

  page(url: URL): object {
    const [after, before, limit] = ['after', 'before', 'limit'].map((name) => Number(url.searchParams.get(name)))
    const all = this.activities.filter(({ seq }) => (before ? seq < before : seq > (after ?? 0)))
    const activities = before ? all.slice(-(limit ?? 0)) : all.slice(0, limit)
    return { activities, has_more: all.length > activities.length, epoch: this.epoch }
  }

  fetch: typeof fetch = async (input, init) => {
    if (this.isDown) throw new TypeError('fetch failed')
    const url = new URL(input instanceof Request ? input.url : input)
    if (init?.method !== 'POST') {
      this.asked.push(url.search)
      return Response.json(this.page(url))
    }
    const { content, client_id } = JSON.parse(init.body as string) as { content: string; client_id: string }
    this.posts.push(`${url.pathname} ${content}`)
    return Response.json(this.store(content, client_id), { status: 201 })
  }
}

let server: Server
let stored: Map<string, string>
let handlers: SubscriptionHandlers | undefined
let isLive = true
beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  stored = new Map()
  isLive = true
})
afterEach(() => vi.useRealTimers())

const token = `x.${btoa(JSON.stringify({ sub: 'sam', aud: 'deskbell-admin' }))}.x`

async function feed(): Promise<ActivityFeed> {
  const session = createSession(createCredentials({ token }))
  await session.token()
  const cable = new Cable({ url: 'ws://desk.example/cable', session })
  vi.spyOn(cable, 'subscribe').mockImplementation((_params, given) => {
    handlers = given
    return {
      connected: isLive,
      get live() {
        return isLive
      },
      perform: () => expect.fail('Notes go by POST alone'),
      resubscribe: () => undefined,
      unsubscribe: () => undefined,
    }
  })
  const api = new Api({ base: 'http://desk.example/', session, fetch: server.fetch })
  const storage = {
    get: (key: string) => stored.get(key) ?? null,
    set: (key: string, text: string | null) => void (text === null ? stored.delete(key) : stored.set(key, text)),
  }
  const one = new ActivityFeed({ api, cable, chatId: 'c1', storage })
  one.open()
  return one
}
const loaded = async (): Promise<ActivityFeed> => {
  const one = await feed()
  one.load({ activities: server.activities.slice(-50), has_more: server.activities.length > 50 }, server.epoch)
  return one
}
const seqs = ({ state }: ActivityFeed): number[] => state.activities.map(({ seq }) => seq)
const hear = (activity: SupportActivity): void => handlers?.message({ type: 'new_activity', activity })
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

describe('the activity of a chat', () => {
  it('has what comes live once and in order, and fills a gap by itself', async () => {
    server.store('1')
    const one = await loaded()
    hear(server.store('2'))
    hear(server.activities[1] ?? expect.fail())
    expect(seqs(one)).toEqual([1, 2])
    server.store('lost')
    hear(server.store('4'))
    expect(seqs(one)).toEqual([1, 2])
    await settle()
    expect(seqs(one)).toEqual([1, 2, 3, 4])
    one.close()
  })

  it('resumes from the last entry it has, and joins a newer page to what it holds', async () => {
    for (let n = 0; n < 3; n++) server.store(`${n}`)
    const one = await loaded()
    expect(handlers?.cursor?.()).toEqual({ streams: { 'activity:c1': { offset: 3, epoch: 'e1' } } })
    server.store('4')
    one.load({ activities: server.activities.slice(1), has_more: true }, 'e1')
    expect(seqs(one)).toEqual([1, 2, 3, 4])
    // A page that leaves a gap replaces what is held; so does a page of a restored database
    for (let n = 0; n < 100; n++) server.store('more')
    one.load({ activities: server.activities.slice(-50), has_more: true }, 'e1')
    expect([seqs(one)[0], one.state.has_more]).toEqual([55, true])
    one.load({ activities: server.activities.slice(0, 2), has_more: false }, 'e2')
    expect([seqs(one), one.state.has_more]).toEqual([[1, 2], false])
    one.close()
  })

  it('never goes back behind what it holds, whatever a page that was read earlier says', async () => {
    const one = await loaded()
    hear(server.store('came while the page was on its way'))
    one.load({ activities: [], has_more: false }, 'e1')
    expect(seqs(one)).toEqual([1])
    // Of the first two nothing was heard, and the page was read before them
    server.store('lost')
    server.isDown = true
    hear(server.store('3'))
    await settle()
    one.load({ activities: server.activities.slice(0, 1), has_more: false }, 'e1')
    server.isDown = false
    await vi.advanceTimersByTimeAsync(POLL_EVERY)
    expect(seqs(one)).toEqual([1, 2, 3])
    one.close()
  })

  it('knows what it has not got yet, though an empty page comes after it was told of', async () => {
    const one = await loaded()
    server.store('lost')
    server.isDown = true
    hear(server.store('2'))
    await settle()
    one.load({ activities: [], has_more: false }, 'e1')
    server.isDown = false
    await vi.advanceTimersByTimeAsync(POLL_EVERY)
    expect(seqs(one)).toEqual([1, 2])
    one.close()
  })

  it('is asked for while nothing comes by itself', async () => {
    isLive = false
    const one = await loaded()
    server.store('1')
    await vi.advanceTimersByTimeAsync(POLL_EVERY)
    expect(seqs(one)).toEqual([1])
    isLive = true
    server.asked = []
    await vi.advanceTimersByTimeAsync(3 * POLL_EVERY)
    expect(server.asked).toEqual([])
    one.close()
  })

  it('reaches back as far as the messages do, and no further', async () => {
    for (let n = 0; n < 400; n++) server.store(`${n}`)
    const one = await loaded()
    expect(seqs(one)[0]).toBe(351)
    await one.reachBack(new Date(300_500).toISOString())
    expect([seqs(one)[0], one.state.has_more]).toEqual([251, true])
    await one.reachBack('')
    expect([seqs(one), one.state.has_more]).toEqual([server.activities.map(({ seq }) => seq), false])
    one.close()
  })
})

describe('a note', () => {
  it('is pending until it is stored, then there once, whichever answer comes first', async () => {
    const one = await loaded()
    const seen: string[] = []
    one.subscribe(() => {
      const { activities, pending } = one.state
      seen.push(`${pending.length}+${activities.length}`)
    })
    expect(one.write('  Hm \0 ')).toBe(true)
    expect(one.state.pending).toMatchObject([{ content: 'Hm', status: 'sending', kept: true }])
    await settle()
    hear(server.activities[0] ?? expect.fail())
    expect(one.state.pending).toEqual([])
    expect(one.state.activities).toMatchObject([{ body: { content: 'Hm' } }])
    expect(seen).not.toContain('1+1')
    expect(seen.slice(1)).not.toContain('0+0')
    expect([one.write(' \u200b'), server.posts]).toEqual([false, ['/admin/chats/c1/notes Hm']])
    one.close()
  })

  it('is never shown as both, though a page that replaces what is held brings several', async () => {
    server.isDown = true
    const one = await loaded()
    one.write('One')
    one.write('Two')
    await settle()
    for (const { content, client_id } of one.state.pending) server.store(content, client_id)
    const seen: string[] = []
    one.subscribe(() => {
      const { activities, pending } = one.state
      seen.push(`${pending.length}+${activities.length}`)
    })
    one.load({ activities: server.activities, has_more: false }, 'e2')
    expect(seen).toEqual(['0+2'])
    one.close()
  })

  it('is kept when the page is closed, apart from replies, and sent once as a note by the next page', async () => {
    server.isDown = true
    const one = await loaded()
    one.write('Kept')
    await settle()
    one.close()
    expect([...stored.keys()]).toEqual(['deskbell:notes:http://desk.example/:admin%3Asam:c1'])
    server.isDown = false
    const two = await loaded()
    await settle()
    expect(server.posts).toEqual(['/admin/chats/c1/notes Kept'])
    expect([two.state.pending, two.state.activities.length, stored.size]).toEqual([[], 1, 0])
    two.close()
  })
})
