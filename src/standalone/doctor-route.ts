// How a request looks to the server. `deskbell doctor` compares it with what it sent. Its token is signed with the secret, so only
// this installation accepts it.
import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { peerOf } from '../adapters/node-socket.ts'
import { DeskbellError } from '../protocol/errors.ts'
import { clientAddress } from '../server/http/address.ts'
import { problem } from '../server/http/problem.ts'
import { AUDIENCE, type Tokens } from '../server/people/token.ts'
import type { Store } from '../server/ports/store/store.ts'
import { VERSION } from './version.ts'

export interface Examination {
  version: string
  /** Of the server's database */
  epoch: string
  /** The other end of the connection: the last proxy, or the doctor itself */
  peer: string | null
  forwarded_for: string | null
  forwarded_proto: string | null
  host: string | null
  trust_proxy: number
  /** The client's address as the server sees it */
  address: string | null
}

export function mountDoctor(app: Hono, tokens: Tokens, store: Store, trustProxy: number): void {
  app.get('/doctor', async (c) => {
    try {
      const token = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
      if (token === undefined) throw new DeskbellError('unauthorized')
      await tokens.subject(token, AUDIENCE.doctor)
    } catch (error) {
      return problem(error)
    }
    const peer = peerOf(c.env as HttpBindings)
    const seen: Examination = {
      version: VERSION,
      epoch: store.epoch,
      peer: peer.address ?? null,
      forwarded_for: c.req.header('x-forwarded-for') ?? null,
      forwarded_proto: c.req.header('x-forwarded-proto') ?? null,
      host: c.req.header('host') ?? null,
      trust_proxy: trustProxy,
      address: clientAddress(c.req.raw, peer, trustProxy) ?? null,
    }
    return c.json(seen, 200, { 'cache-control': 'no-store' })
  })
}
