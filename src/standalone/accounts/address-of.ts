import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { peerOf } from '../../adapters/node-socket.ts'
import { clientAddress } from '../../server/http/address.ts'

/** The network address of the client, as a key for limits, and for the audit log; null where nobody knows */
export const addressOf = (c: Context, trustProxy: number): string | null =>
  clientAddress(c.req.raw, peerOf(c.env as HttpBindings), trustProxy)?.slice(0, 64) ?? null
