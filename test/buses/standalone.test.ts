// BUS_URL, from the setting to the hints that a server sends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openBus } from '../../src/standalone/bus.ts'
import { readSettings, SettingsError } from '../../src/standalone/settings.ts'
import { startRedis } from '../support/buses.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'
import { freePort } from '../support/ports.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-bus-'))
const redis = await startRedis()
afterAll(async () => {
  await redis?.remove()
  rmSync(dir, { recursive: true, force: true })
})

const busUrl = (env: Record<string, string>): string | null => readSettings({ DATA_DIR: dir, ...env }).busUrl

describe('BUS_URL', () => {
  it('is none for a file, and PostgreSQL itself for PostgreSQL', () => {
    expect(busUrl({})).toBeNull()
    expect(busUrl({ DATABASE_URL: 'mysql://db/x' })).toBeNull()
    expect(busUrl({ DATABASE_URL: 'postgres://db/x' })).toBe('postgres://db/x')
    expect(busUrl({ DATABASE_URL: 'postgresql://db/x' })).toBe('postgresql://db/x')
    expect(busUrl({ DATABASE_URL: 'postgres://db/x', BUS_URL: 'redis://r' })).toBe('redis://r')
    expect(busUrl({ DATABASE_URL: 'postgres://db/x', BUS_URL: 'off' })).toBeNull()
    expect(busUrl({ BUS_URL: 'redis://:pa,ss@r' })).toBe('redis://:pa,ss@r')
    expect(busUrl({ BUS_URL: 'nats://a,nats://b:1' })).toBe('nats://a,nats://b:1')
  })

  it.each([
    'redis',
    'redis:',
    'http://localhost',
    'amqp://rabbit',
    'memory://x',
    'none',
    'redis://h:port',
    'nats://a,b',
  ])('refuses %s', (url) => {
    expect(() => busUrl({ BUS_URL: url })).toThrow(
      new SettingsError(
        'BUS_URL is not valid: it must be redis://…, rediss://…, nats://…, tls://…, postgres://… or off',
      ),
    )
  })

  it('tells why a bus cannot be used, and what to do', async () => {
    const error: unknown = await openBus('redis://:pa$$word@no-such-host.invalid', 'e').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(SettingsError)
    // As the machine's resolver says it
    expect((error as Error).message).toMatch(
      /^The bus redis:\/\/no-such-host\.invalid cannot be used: getaddrinfo (ENOTFOUND|EAI_AGAIN) no-such-host\.invalid\. Set BUS_URL to another bus, or to off for a single node$/,
    )
  })

  it('may name a bus that is away: a node that restarts meanwhile must not be down as well', async () => {
    const away = `redis://127.0.0.1:${await freePort()}`
    await expect(openBus(away, 'e')).rejects.toThrow('ECONNREFUSED')
    const server = await ServerProcess.start({ DATA_DIR: dir, BUS_URL: away })
    await expect.poll(() => server.errors).toContain('cannot be used')
    expect(await server.stop()).toBe(0)
  })

  it.skipIf(!redis)(
    'leads to a bus that the server speaks on, in a channel of its database, and lets go of',
    async () => {
      const client = await createClient({ url: redis!.url }).connect()
      onTestFinished(() => client.destroy())
      const heard: { channel: string; hint: string }[] = []
      await client.pSubscribe('deskbell.*', (hint, channel) => heard.push({ channel, hint }))
      const server = await ServerProcess.start({ DATA_DIR: dir, BUS_URL: redis!.url })
      const headers = { authorization: `Bearer ${await userToken('ann')}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ content: 'a secret word' })
      const write = async (): Promise<string> => {
        const response = await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
        expect(response.status).toBe(201)
        return heard.map(({ hint }) => hint).join()
      }
      // A server answers before it has joined the bus, and what it says until then is not heard
      await expect.poll(write, { interval: 500 }).toContain('"type":"messages"')
      for (const { channel, hint } of heard) {
        expect(channel).toMatch(/^deskbell\.[\w-]+$/)
        expect(hint).not.toContain('secret')
      }
      expect(await server.stop()).toBe(0)
      await expect.poll(() => client.clientList()).toHaveLength(1)
    },
  )
})
