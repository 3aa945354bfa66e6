// The dashboard's state on a real server, without a browser: the parts together, and where they have to agree with the server.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Cable } from '../../src/client/connection/cable.ts'
import { createSession } from '../../src/client/connection/session.ts'
import { MemoryAddressBar } from '../../src/dashboard/testing/memory-address-bar.ts'
import { MemoryDesktop, MemoryTabs } from '../../src/dashboard/testing/memory-desktop.ts'
import { createDesk } from '../../src/dashboard/state/create-desk.ts'
import type { Desk } from '../../src/dashboard/state/desk.ts'
import { DeskApi } from '../../src/dashboard/state/desk-api.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { startDesk, type Desk as Server } from '../support/desk.ts'

let server: Server
let staff: Dashboard[]
beforeEach(async () => {
  server = await startDesk()
  staff = []
})
afterEach(async () => {
  for (const { desk } of staff) desk.close()
  await server.stop()
})

class RecordingApi extends DeskApi {
  /** What was asked, such as `GET admin/chats` */
  readonly requests: string[] = []

  override request(method: string, path: string, body?: unknown): Promise<Response> {
    this.requests.push(`${method} ${path.replace(/\?.*/, '')}`)
    return super.request(method, path, body)
  }
}

interface Dashboard {
  desk: Desk
  bar: MemoryAddressBar
  clock: FakeClock
  requests: string[]
  show(isVisible: boolean): void
  /** The session ends: the server takes this dashboard for nobody */
  expire(): void
  /** Waits for the network, while time passes by the dashboard's clock */
  poll<T>(look: () => T): ReturnType<typeof expect.poll<T>>
}

/** @param socket where the socket is dialled, the server unless given */
async function openDashboard({ search = '', socket = server.wsUrl } = {}): Promise<Dashboard> {
  let token = await server.admin()
  const session = createSession({ get: async () => token, refresh: async () => null })
  const clock = new FakeClock(Date.now())
  const bar = new MemoryAddressBar(search)
  const api = new RecordingApi({ base: server.url, session })
  const stored = new Map<string, string>()
  const visibility = { isVisible: true, listener: () => {} }
  let tell = (_attended: boolean): void => {}
  const desk = createDesk({
    api,
    cable: new Cable({ url: `${socket}/cable`, session }),
    location: bar,
    visibility: {
      get isVisible() {
        return visibility.isVisible
      },
      onChange(listener) {
        visibility.listener = listener
        return () => {
          visibility.listener = () => {}
        }
      },
    },
    watchAttendance(listener) {
      tell = listener
      tell(true)
      return () => {
        tell = () => {}
      }
    },
    clock,
    storage: {
      get: (key) => stored.get(key) ?? null,
      set: (key, value) => void (value === null ? stored.delete(key) : stored.set(key, value)),
    },
    isOnline: () => true,
    desktop: new MemoryDesktop(),
    tabs: new MemoryTabs(clock).tab(),
    canChime: () => false,
    begun: clock.now(),
    chime: () => {},
    describe: () => ({ title: '', body: '' }),
  })
  const dashboard: Dashboard = {
    desk,
    bar,
    clock,
    requests: api.requests,
    show(isVisible) {
      visibility.isVisible = isVisible
      tell(isVisible)
      visibility.listener()
    },
    expire() {
      token = 'no longer valid'
    },
    poll: (look) =>
      expect.poll(async () => {
        await clock.advance(60)
        return look()
      }) as ReturnType<typeof expect.poll<ReturnType<typeof look>>>,
  }
  staff.push(dashboard)
  return dashboard
}

async function say(id: string, content: string): Promise<string> {
  const { token, chatId } = await server.person(id)
  await server.call('POST', '/support_chat/messages', token, { content })
  return chatId
}
const rows = ({ desk }: Dashboard): string => desk.lists.current.value.rows.value.map((row) => row.user_id).join(' ')

describe('the list', () => {
  it('follows what happens, by the socket, and counts what is unread', async () => {
    await say('ada', 'One')
    const bob = await say('bob', 'Two')
    const page = await openDashboard()
    await page.poll(() => rows(page)).toBe('bob ada')
    await page.poll(() => page.desk.unread.value).toBe(2)
    await say('ada', 'Three')
    await say('eve', 'Four')
    await page.poll(() => rows(page)).toBe('eve ada bob')
    await page.poll(() => page.desk.unread.value).toBe(3)
    expect(await page.desk.archive(bob, true)).toBe(true)
    await page.poll(() => rows(page)).toBe('eve ada')
    await page.poll(() => page.desk.unread.value).toBe(2)
    page.desk.navigation.navigate({ archived: true })
    await page.poll(() => rows(page)).toBe('bob')
    await say('bob', 'Five')
    await page.poll(() => rows(page)).toBe('')
  })

  it('is asked for every five seconds where no socket comes up', async () => {
    await say('ada', 'One')
    const page = await openDashboard({ socket: 'ws://127.0.0.1:1' })
    await page.poll(() => rows(page)).toBe('ada')
    await say('bob', 'Two')
    await page.poll(() => rows(page)).toBe('bob ada')
    await page.poll(() => page.desk.unread.value).toBe(2)
  })

  it('says that a chat was not archived', async () => {
    const page = await openDashboard()
    expect(await page.desk.archive('no-such-chat', true)).toBe(false)
    expect(page.desk.failure.value).toBe('archive')
    await page.clock.advance(8_000)
    expect(page.desk.failure.value).toBeNull()
  })
})

describe('the search in addresses', () => {
  it('shows live rows where the server would put them, and only those that it would find', async () => {
    for (const id of ['adam', 'Adele', 'bob', 'AD-min']) await say(id, 'Hello')
    const page = await openDashboard()
    page.desk.search.type('ad')
    await page.poll(() => rows(page)).toBe('AD-min Adele adam')
    for (const id of ['adam', 'vlad', 'ada', 'ADZ', 'ad_x']) await say(id, 'Hello again')
    // Everybody here is called after their id
    const live = 'ad_x ADZ ada adam AD-min Adele'
    await page.poll(() => rows(page)).toBe(live)
    const asked = page.requests.length
    const fresh = await openDashboard()
    fresh.desk.search.type('AD')
    await fresh.poll(() => rows(fresh)).toBe(live)
    expect(page.requests.slice(asked).filter((request) => request === 'GET admin/chats')).toEqual([])
  })
})

describe('a chat', () => {
  it('that is opened counts as read once somebody looks at it', async () => {
    const chat = await say('ada', 'One')
    const page = await openDashboard({ search: `?chat=${chat}` })
    page.show(false)
    await page.poll(() => page.desk.openChat.loaded.value?.state.messages.length).toBe(1)
    expect(page.desk.openChat.user.value?.user_email).toBe('ada@example.com')
    await say('ada', 'Two')
    await page.poll(() => page.desk.openChat.state.value?.unread_count).toBe(1)
    await page.poll(() => page.desk.unread.value).toBe(1)
    page.show(true)
    await page.poll(() => page.desk.openChat.state.value?.unread_count).toBe(0)
    await page.poll(() => page.desk.unread.value).toBe(0)
  })

  it('that is left sends what was written in it', async () => {
    const [ada, bob] = [await say('ada', 'One'), await say('bob', 'Two')]
    const page = await openDashboard({ search: `?chat=${ada}` })
    await page.poll(() => page.desk.openChat.loaded.value !== null).toBe(true)
    page.desk.openChat.loaded.value?.send('An answer')
    page.desk.navigation.navigate({ chat: bob })
    await page.poll(() => page.desk.openChat.loaded.value?.state.chat_id).toBe(bob)
    const { token } = await server.person('ada')
    await expect
      .poll(async () => {
        const { body } = await server.call<{ messages: { content: string }[] }>('GET', '/support_chat/messages', token)
        return body.messages.map(({ content }) => content)
      })
      .toEqual(['One', 'An answer'])
  })

  it('shows the message that the address names', async () => {
    let chat = ''
    for (let n = 1; n <= 120; n++) chat = await say('ada', `line ${n}`)
    const page = await openDashboard({ search: `?chat=${chat}&at=30` })
    await page.poll(() => page.desk.jump.state.value).toEqual({ kind: 'here', seq: 30 })
    const held = page.desk.openChat.loaded.value?.state.messages.map(({ seq }) => seq) ?? []
    expect(held).toEqual(Array.from({ length: held.length }, (_, n) => n + 121 - held.length))
    page.desk.navigation.navigate({ at: 121 })
    await page.poll(() => page.desk.jump.state.value).toEqual({ kind: 'missing' })
  })
})

describe('the end', () => {
  it('of the session is noticed by any answer, and nothing goes on after it', async () => {
    await say('ada', 'One')
    const page = await openDashboard()
    await page.poll(() => rows(page)).toBe('ada')
    page.expire()
    expect(await page.desk.archive('any', true)).toBe(false)
    expect(page.desk.signedOut.value).toBe(true)
    await endsQuietly(page)
  })

  it('leaves no timer, no listener and no connection', async () => {
    const chat = await say('ada', 'One')
    const page = await openDashboard({ search: `?chat=${chat}` })
    await page.poll(() => page.desk.openChat.loaded.value !== null).toBe(true)
    page.desk.search.type('ad')
    await page.poll(() => page.desk.search.results.value?.q).toBe('ad')
    page.desk.search.type('a')
    page.desk.close()
    page.desk.close()
    await endsQuietly(page)
    const { route } = page.desk.navigation
    page.bar.push('?chat=other')
    page.bar.go(0)
    page.show(false)
    expect([route.value.chat, page.desk.isAttended.value]).toEqual([chat, true])
  })

  /** Whatever happens and however long it takes, the server hears nothing of it */
  async function endsQuietly(page: Dashboard): Promise<void> {
    const open = () => Object.values(server.deskbell.load().connections).reduce((sum, n) => sum + n, 0)
    await expect.poll(open).toBe(0)
    const asked = page.requests.length
    const shown = rows(page)
    await say('bob', 'Two')
    await page.clock.advance(60_000)
    expect([page.requests.length, rows(page)]).toEqual([asked, shown])
  }
})
