// The stand-alone server, from its settings to the limits of an address.
import { expect, it } from 'vitest'
import { startServer } from '../support/running-server.ts'

/** How 320 wrong tokens are answered, 20 more than an address may send at once */
async function answers(env: Record<string, string>): Promise<Set<number>> {
  const server = await startServer(env)
  const ask = (i: number) =>
    fetch(`${server.url}/support_chat`, {
      headers: { authorization: 'Bearer nonsense', 'x-forwarded-for': `10.0.${i >> 8}.${i & 255}` },
    })
  try {
    return new Set((await Promise.all(Array.from({ length: 320 }, (_, i) => ask(i)))).map(({ status }) => status))
  } finally {
    await server.stop()
  }
}

it.each<[Record<string, string>, number[]]>([
  [{}, [401, 429]],
  [{ TRUST_PROXY: '1' }, [401]],
  [{ RATE_LIMIT: 'off' }, [401]],
])('a server with %j gives wrong tokens from many claimed addresses %j', async (env, statuses) => {
  expect(await answers(env)).toEqual(new Set(statuses))
})
