// The stand-alone server, from its settings to the limits of an address.
import { expect, it } from 'vitest'
import { startServer } from '../support/running-server.ts'

/** Wrong tokens, 20 more than an address may send at once */
const TOO_MANY = 320

/** How wrong tokens are answered. @param until sends more until one is answered so: an address gets ten tries back each second */
async function answers(env: Record<string, string>, until?: number): Promise<Set<number>> {
  const server = await startServer(env)
  const ask = async (i: number): Promise<number> => {
    const headers = { authorization: 'Bearer nonsense', 'x-forwarded-for': `10.0.${i >> 8}.${i & 255}` }
    return (await fetch(`${server.url}/support_chat`, { headers })).status
  }
  try {
    const statuses = new Set<number>()
    do {
      for (const status of await Promise.all(Array.from({ length: TOO_MANY }, (_, i) => ask(i)))) statuses.add(status)
    } while (until !== undefined && !statuses.has(until))
    return statuses
  } finally {
    await server.stop()
  }
}

it('a server without a proxy limits wrong tokens of one address, whatever addresses they claim', async () => {
  expect(await answers({}, 429)).toEqual(new Set([401, 429]))
})

it.each([[{ TRUST_PROXY: '1' }], [{ RATE_LIMIT: 'off' }]])(
  'a server with %j answers wrong tokens of many addresses without a limit',
  async (env) => {
    expect(await answers(env)).toEqual(new Set([401]))
  },
)
