// What a person is told whose BUS_URL cannot work: one line with the reason and without the password.
import { afterAll, describe, expect, it } from 'vitest'
import { natsBus } from '../../src/buses/nats.ts'
import { postgresBus } from '../../src/buses/postgres.ts'
import { redisBus } from '../../src/buses/redis.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import { busServer, startNats, startRedis } from '../support/buses.ts'

const [redis, guarded, nats, named, tokened, postgres] = await Promise.all([
  startRedis('--requirepass', 'pa$$word'),
  startRedis('--user', 'listener', 'on', '>pa$$word', '+@all', '-publish', '~*', '&*'),
  startNats(),
  startNats('--user', 'ann', '--pass', 'pa$$word'),
  startNats('--auth', 'to/ken'),
  busServer('postgres'),
])
afterAll(async () => {
  await Promise.all([redis, guarded, nats, named, tokened, postgres].map(async (server) => server?.remove()))
})

/** @param login what stands in front of the host */
function at(server: { url: string | URL } | undefined, login = '', path = ''): string {
  const { protocol, host } = new URL(server?.url ?? 'none://here')
  return `${protocol}//${login && `${login}@`}${host}${path}`
}

async function listen(bus: Bus): Promise<void> {
  const ignore = (): void => undefined
  try {
    await bus.listen(ignore, ignore)
  } finally {
    await bus.close()
  }
}

async function complaint(bus: Bus): Promise<string> {
  const error: unknown = await listen(bus).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  const { message } = error as Error
  expect(message).toMatch(/^The bus \w+:\/\/[^@\n]+ cannot be used: [^\n]+$/)
  expect(message).not.toContain('pa$$')
  return message
}

describe('any bus', () => {
  it.each([
    ['redis', redisBus],
    ['nats', natsBus],
    ['postgres', postgresBus],
  ] as const)('names a host that is unknown, and one that refuses: %s', async (scheme, make) => {
    expect(await complaint(make(`${scheme}://ann:pa$$word@no-such-host.invalid`))).toMatch(/ENOTFOUND|EAI_AGAIN/)
    expect(await complaint(make(`${scheme}://ann:pa$$word@localhost:1`))).toMatch(/refused/i)
  })
})

describe.skipIf(!redis || !guarded)('redis', () => {
  it('takes a password', () => listen(redisBus(at(redis, ':pa$$word'))))

  it('says that a password is wrong, or missing', async () => {
    expect(await complaint(redisBus(at(redis)))).toContain('NOAUTH')
    expect(await complaint(redisBus(at(redis, ':wrong')))).toContain('WRONGPASS')
  })

  it('says that it may listen and not speak', async () => {
    expect(await complaint(redisBus(at(guarded, 'listener:pa$$word')))).toContain('NOPERM')
  })

  it.skipIf(!nats)('says that it met something else', async () => {
    expect(await complaint(redisBus(at(nats).replace('nats', 'redis')))).toContain('RESP')
  })
})

describe.skipIf(!nats || !named || !tokened)('nats', () => {
  it('takes a name and a password, or a token, and several servers', async () => {
    await listen(natsBus(at(named, 'ann:pa%24$word')))
    await listen(natsBus(at(tokened, 'to%2Fken')))
    await listen(natsBus(`nats://ann:pa$$word@localhost:1,${at(named)}`))
  })

  it('says that they are wrong, or missing', async () => {
    expect(await complaint(natsBus(at(named)))).toContain('Authorization')
    expect(await complaint(natsBus(at(named, 'ann:wrong')))).toContain('Authorization')
    expect(await complaint(natsBus(at(tokened, 'wrong')))).toContain('Authorization')
  })

  it('says that there is no TLS', async () => {
    expect(await complaint(natsBus(at(nats).replace('nats', 'tls')))).toContain('tls')
  })
})

describe.skipIf(!postgres)('postgres', () => {
  it('says that there is no such database, or nobody of that name', async () => {
    const login = `${postgres?.url.username}:pa$$word`
    expect(await complaint(postgresBus(at(postgres, login, '/nothing')))).toContain('"nothing" does not exist')
    expect(await complaint(postgresBus(at(postgres, 'nobody:pa$$word', '/postgres')))).toContain('nobody')
  })
})
