// Servers behind TLS, with a certificate that nobody vouches for but who was told to.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@nats-io/transport-node'
import { createClient } from '@redis/client'
import { afterAll, describe, expect, it } from 'vitest'
import { natsBus } from '../../src/buses/nats.ts'
import { redisBus } from '../../src/buses/redis.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { startNats, startRedis } from '../support/buses.ts'
import { findProgram } from '../support/databases/process.ts'
import { freePort } from '../support/ports.ts'

const dir = mkdtempSync(join(tmpdir(), 'deskbell-tls-'))
const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
const openssl = findProgram(['openssl'])
if (openssl) {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync(openssl, ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
}
const redisPort = await freePort()
const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no']
const redis = openssl && (await startRedis('--tls-port', `${redisPort}`, ...files))
const nats = openssl && (await startNats('--tls', '--tlscert', cert, '--tlskey', key))
afterAll(async () => {
  if (redis) await redis.remove()
  if (nats) await nats.remove()
  rmSync(dir, { recursive: true, force: true })
})

const ignore = (): void => undefined
async function listen(bus: Bus): Promise<void> {
  try {
    await bus.listen(ignore, ignore)
  } finally {
    await bus.close()
  }
}

describe.skipIf(!redis)('redis', () => {
  it('is not trusted without a reason', async () => {
    await expect(listen(redisBus(`rediss://127.0.0.1:${redisPort}`))).rejects.toThrow(
      /^The bus rediss:.+ cannot be used: self-signed certificate/,
    )
  })

  it('is trusted where the client has a reason', async () => {
    const client = createClient({ socket: { tls: true, host: 'localhost', port: redisPort, ca: readFileSync(cert) } })
    await listen(redisBus(client))
  })

  it('leaves nothing when it is closed during the handshake', async () => {
    const proxy = await FaultProxy.start(redisPort)
    proxy.blackhole(true)
    const bus = redisBus(`rediss://127.0.0.1:${proxy.port}`)
    const listening = expect(bus.listen(ignore, ignore)).rejects.toThrow('it was closed')
    await expect.poll(() => proxy.accepted).toBe(1)
    await bus.close()
    await listening
    await expect.poll(() => proxy.ended).toBe(1)
    await proxy.close()
  })
})

describe.skipIf(!nats)('nats', () => {
  const host = new URL(nats ? nats.url : 'nats://none').host

  it('is not trusted without a reason', async () => {
    for (const scheme of ['nats', 'tls'])
      await expect(listen(natsBus(`${scheme}://${host}`))).rejects.toThrow(/^The bus nats:.+: self-signed certificate/)
  })

  it('is trusted where the connection has a reason', async () => {
    const connection = await connect({ servers: [host], tls: { caFile: cert } })
    await listen(natsBus(connection))
    await connection.close()
  })
})
