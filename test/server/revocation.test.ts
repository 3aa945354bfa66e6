// Revoked is revoked: on every node, for every dialect, within 5 s, and for nobody else.
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AUDIENCE, LEEWAY } from '../../src/server/people/token.ts'
import { Revocations } from '../../src/server/people/revocations.ts'
import { sqliteStore, type Identity, type Store } from '../../src/entries/node.ts'
import { FakeClock } from '../../src/testing/fake-clock.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { pause, SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { chatId, EXT, refusal, TestSocket, V1 } from '../support/socket.ts'

/** What the guarantee allows (s) */
const SOON = 5

let here: Desk
let there: Desk
let clocks: SkippingClock[]
beforeEach(async () => {
  clocks = [new SkippingClock(), new SkippingClock()]
  here = await startDesk({ clock: clocks[0]! })
  there = await startDesk({ clock: clocks[1]! }, here.file)
})
afterEach(async () => {
  expect([...here.errors, ...there.errors]).toEqual([])
  await there.stop()
  await here.stop()
})

const cable = (desk: Desk, token: string, protocol = V1) =>
  TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [protocol])
const plain = (desk: Desk, token: string) => TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${token}`)
const visit = async (desk: Desk, token: string) => {
  const { status, body } = await desk.call('GET', '/support_chat', token)
  return [status, body['code']]
}

describe('a person', () => {
  it('is out on both nodes, by socket, stream and request; others are not', async () => {
    const { token, chatId: chat } = await here.person('ada')
    const staff = await here.admin('ada')
    const bob = await here.user('bob')
    const mine = await Promise.all(
      [here, there].flatMap((desk) => [cable(desk, token), cable(desk, token, EXT), plain(desk, token)]),
    )
    await mine[0]?.subscribe(chatId(chat))
    const streams = await Promise.all(
      [here, there].map((desk) => TestStream.open(`${desk.url}/support_chat/events`, token)),
    )
    const others = await Promise.all([cable(here, bob), plain(there, bob), cable(there, staff)])

    await here.deskbell.revoke({ id: 'ada', role: 'user' })
    // Each node asks the database now and then
    for (let second = 0; second < SOON; second++) for (const clock of clocks) await clock.skip(1_000)
    for (const socket of mine) {
      const { code, reason } = await socket.end()
      expect([code, reason]).toEqual([socket.ws.protocol === '' ? 4001 : 1000, 'unauthorized'])
      if (socket.ws.protocol !== '') {
        expect(socket.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'unauthorized', reconnect: false })
      }
    }
    for (const stream of streams) await stream.end()

    for (const desk of [here, there]) {
      expect(await visit(desk, token)).toEqual([401, 'token_revoked'])
      expect((await refusal(`${desk.wsUrl}/ws/chat?jid=${token}`)).status).toBe(401)
      const again = await cable(desk, token)
      expect((await again.end()).reason).toBe('unauthorized')
      expect(await visit(desk, await desk.user('ada'))).toEqual([200, undefined])
      expect((await desk.call('GET', '/admin/chats', staff)).status).toBe(200)
    }
    expect(others.map((socket) => socket.closed)).toEqual([undefined, undefined, undefined])
    for (const socket of others) socket.close()
  })

  it('stays out after a restart', async () => {
    const token = await here.user('ada')
    await here.deskbell.revoke({ id: 'ada', role: 'user' })
    await here.restart()
    expect(await visit(here, token)).toEqual([401, 'token_revoked'])
  })

  it('may be revoked again, and then what they got in between is no longer good', async () => {
    await here.deskbell.revoke({ id: 'ada', role: 'user' })
    const between = await here.user('ada')
    expect(await visit(here, between)).toEqual([200, undefined])
    await pause(5)
    await here.deskbell.revoke({ id: 'ada', role: 'user' })
    expect(await visit(here, between)).toEqual([401, 'token_revoked'])
  })

  describe('with tokens of the host', () => {
    const sign = (issuedAt?: number) => {
      const jwt = new SignJWT({ email: 'ada@example.com' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('ada')
        .setAudience(AUDIENCE.user)
        .setExpirationTime('1h')
      return (issuedAt === undefined ? jwt : jwt.setIssuedAt(issuedAt)).sign(new TextEncoder().encode(SECRET))
    }
    /** The second of the last revocation, as hosts write it */
    const revoke = async (): Promise<number> => {
      await here.deskbell.revoke({ id: 'ada', role: 'user' })
      const [{ revoked_at } = { revoked_at: '' }] = await here.store.revocationsSince('')
      return Math.floor(Date.parse(revoked_at) / 1000)
    }

    it('is refused with one that does not say when it was issued', async () => {
      const undated = await sign()
      expect(await visit(here, undated)).toEqual([200, undefined])
      await revoke()
      expect(await visit(here, undated)).toEqual([401, 'token_revoked'])
    })

    it('comes back with one of the second of the revocation, since hosts count in whole seconds', async () => {
      const second = await revoke()
      expect(await visit(here, await sign(second))).toEqual([200, undefined])
      expect(await visit(here, await sign(second - 1))).toEqual([401, 'token_revoked'])
    })

    it('loses the connections of that second all the same, and may open them again', async () => {
      const socket = await cable(there, await sign(Math.floor(Date.now() / 1000) + 1))
      await socket.frame((f) => f.type === 'welcome')
      await revoke()
      await clocks[1]!.skip(SOON * 1_000)
      expect((await socket.end()).reason).toMatch(/^(remote|unauthorized)$/)
    })

    it.each(['here', 'elsewhere'])(
      'is refused with one from a clock that is ahead, used before it, %s',
      async (where) => {
        // As far ahead as clocks may be, less what two of the tokens differ by
        const issuedAt = Math.floor(Date.now() / 1000) + LEEWAY - 2
        const early = await sign(issuedAt)
        expect(await visit(there, early)).toEqual([200, undefined])
        await (where === 'here' ? there : here).deskbell.revoke({ id: 'ada', role: 'user' })
        await clocks[1]!.skip(SOON * 1_000)
        expect(await visit(there, early)).toEqual([401, 'token_revoked'])
        // The node that had seen it told the others
        await until(async () =>
          (await here.store.revocationsSince('')).some((r) => Date.parse(r.revoked_at) > issuedAt * 1000),
        )
        expect(await visit(there, await sign(issuedAt + 1))).toEqual([200, undefined])
      },
    )
  })

  it('does not slip in by a handshake that was under way', async () => {
    let go = (): void => undefined
    const gate = new Promise<void>((resolve) => (go = resolve))
    let waiting = false
    const slow: Store = {
      ...here.store,
      async findChat(id) {
        waiting = true
        await gate
        return here.store.findChat(id)
      },
    }
    const { token, chatId: chat } = await here.person('ada')
    const desk = await startDesk({ store: slow }, here.file)
    const socket = new TestSocket(`${desk.wsUrl}/ws/chat?jid=${token}&chat_id=${chat}`)
    await until(() => waiting)
    await desk.deskbell.revoke({ id: 'ada', role: 'user' })
    go()
    expect((await socket.end()).reason).toBe('unauthorized')
    await desk.stop()
  })
})

describe('a session', () => {
  it('ends by itself, wherever it is used, and the person’s others do not', async () => {
    const sign = (jti: string) =>
      here.tokens.sign({ sub: 'ada', email: 'ada@example.com', jti }, { audience: AUDIENCE.user, expiresIn: 600 })
    const [one, two] = [await sign('s1'), await sign('s2')]
    const sockets = await Promise.all([cable(there, one), cable(there, two)])
    await here.deskbell.revoke({ session: 's1' })
    await clocks[1]!.skip(SOON * 1_000)
    expect((await sockets[0]?.end())?.reason).toBe('unauthorized')
    expect(sockets[1]?.closed).toBeUndefined()
    sockets[1]?.close()
    expect(await visit(there, one)).toEqual([401, 'token_revoked'])
    expect(await visit(there, two)).toEqual([200, undefined])
    // An id is good for one session, so a later token that claims it is none
    expect(await visit(there, await sign('s1'))).toEqual([401, 'token_revoked'])
  })
})

it('a revocation closes the sockets of one whom the host names, and lets the host decide about the next request', async () => {
  const ada: Identity = { id: 'ada', role: 'user', email: 'ada@example.com', name: null, expiresAt: null }
  const clock = new SkippingClock()
  const desk = await startDesk({ authenticate: async () => ada, clock }, here.file)
  const socket = await TestSocket.open(`${desk.wsUrl}/cable`, [V1])
  await here.deskbell.revoke({ id: 'ada', role: 'user' })
  await clock.skip(SOON * 1_000)
  expect(await socket.end()).toEqual({ code: 1001, reason: 'remote' })
  expect(socket.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'remote', reconnect: true })
  expect((await desk.call('GET', '/support_chat')).status).toBe(200)
  const again = await TestSocket.open(`${desk.wsUrl}/cable`, [V1])
  await again.frame((f) => f.type === 'welcome')
  await clock.skip(SOON * 1_000)
  await again.fence()
  expect(again.closed).toBeUndefined()
  again.close()
  await desk.stop()
})

describe('what a node knows', () => {
  const open = async (overrides: Partial<Store> = {}, clock = new FakeClock(), known?: Store) => {
    const real = known ?? (await sqliteStore(':memory:'))
    const errors: unknown[] = []
    const learned: string[] = []
    const revocations = new Revocations({
      store: { ...real, ...overrides },
      clock,
      onError: (error) => errors.push(error),
      onLearned: (subjects) => learned.push(...subjects),
    })
    await clock.advance(0)
    return { real, clock, errors, learned, revocations }
  }
  const ada: Identity = { id: 'ada', role: 'user', email: 'a@b.c', name: null, expiresAt: null, issuedAt: 0 }

  it('comes from nodes whose clock is behind, too', async () => {
    const { real, clock, learned, revocations } = await open()
    const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString()
    await real.revoke({ subject: 'user:bob', revoked_at: at(0) })
    await clock.advance(2_000)
    await real.revoke({ subject: 'user:ada', revoked_at: at(-60) })
    await clock.advance(2_000)
    expect(learned).toEqual(['user:bob', 'user:ada'])
    await expect(revocations.check(ada)).rejects.toMatchObject({ code: 'token_revoked' })
    await revocations.close()
  })

  it('grows also after a node whose clock is a year ahead wrote its row', async () => {
    const { real, clock, learned, revocations } = await open()
    const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString()
    await real.revoke({ subject: 'user:bob', revoked_at: at(365 * 24 * 3_600) })
    await clock.advance(2_000)
    await real.revoke({ subject: 'user:ada', revoked_at: at(0) })
    await clock.advance(2_000)
    expect(learned).toContain('user:ada')
    await revocations.close()
  })

  it('lets nobody in before the database was read, and tells of an outage once', async () => {
    let isAway = true
    const { real, clock, errors, revocations } = await open({
      revocationsSince: (at) => (isAway ? Promise.reject(new Error('away')) : real.revocationsSince(at)),
    })
    await expect(revocations.check(ada)).rejects.toMatchObject({ code: 'unavailable' })
    await clock.advance(10_000)
    expect(errors).toHaveLength(1)
    isAway = false
    await clock.advance(2_000)
    await revocations.check(ada)
    await revocations.close()
  })

  it('is forgotten when no token can be that old', async () => {
    const first = await open()
    await first.revocations.revoke('user:ada')
    await first.revocations.close()
    const later = await open({}, new FakeClock(first.clock.now() + 401 * 24 * 3_600_000), first.real)
    expect(await first.real.revocationsSince('')).toEqual([])
    await later.revocations.check(ada)
    await later.revocations.close()
  })
})
