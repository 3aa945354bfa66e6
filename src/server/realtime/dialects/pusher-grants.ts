import { CompactEncrypt, compactDecrypt } from 'jose'
import { sha256 } from '../../bytes.ts'
import type { Identity } from '../../people/identity.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ChannelRequest } from '../pusher/auth-routes.ts'

/** Clients subscribe at once with what they were granted (ms) */
const GRANT_HOLDS = 120_000

/** That one connection may hear one channel, and for whom */
export interface Grant {
  identity: Identity
  /** The request that the host was asked about; undefined: a token said who it is */
  hostRequest: Request | undefined
  /** Milliseconds since 1970 */
  grantedAt: number
}

interface Sealed {
  socket: string
  channel: string
  identity: Identity
  asked?: { url: string; headers: [string, string][] }
  at: number
}

type Subscription = Pick<ChannelRequest, 'socketId' | 'channel'>

/**
 * What clients send as `auth` when they subscribe: `KEY:` and a grant, in place of Pusher's signature. It names the person and their
 * session, because any node may hold the connection. It is encrypted (RFC 7516, `dir` and A256GCM), because the headers in which the
 * host finds its session must not become readable to scripts of the page.
 */
export class PusherGrants {
  /** Names the app to clients */
  readonly key: string
  /** The first seals; all of them open */
  readonly #keys: Promise<[Uint8Array, ...Uint8Array[]]>
  readonly #clock: Clock

  constructor(key: string, [first, ...others]: readonly [string, ...string[]], clock: Clock) {
    const keyOf = (secret: string): Promise<Uint8Array> => sha256(`deskbell pusher grant ${secret}`)
    this.key = key
    this.#keys = Promise.all([keyOf(first), ...others.map(keyOf)])
    this.#clock = clock
  }

  async seal({ socketId, channel, identity, hostRequest }: ChannelRequest): Promise<string> {
    const grant: Sealed = { socket: socketId, channel, identity, at: this.#clock.now() }
    if (hostRequest) grant.asked = { url: hostRequest.url, headers: [...hostRequest.headers] }
    const [key] = await this.#keys
    const sealed = new CompactEncrypt(new TextEncoder().encode(JSON.stringify(grant)))
    return `${this.key}:${await sealed.setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key)}`
  }

  /** @returns undefined for what was made elsewhere, for another subscription, or too long ago */
  async open(auth: string, { socketId, channel }: Subscription): Promise<Grant | undefined> {
    const prefix = `${this.key}:`
    if (!auth.startsWith(prefix)) return undefined
    const grant = await this.#decrypt(auth.slice(prefix.length))
    if (grant?.socket !== socketId || grant.channel !== channel) return undefined
    // Clocks of nodes differ a little
    if (Math.abs(this.#clock.now() - grant.at) > GRANT_HOLDS) return undefined
    const { identity, asked, at } = grant
    return { identity, grantedAt: at, hostRequest: asked && new Request(asked.url, { headers: asked.headers }) }
  }

  async #decrypt(text: string): Promise<Sealed | undefined> {
    for (const key of await this.#keys) {
      try {
        const { plaintext } = await compactDecrypt(text, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        // Only this server can have sealed it
        return JSON.parse(new TextDecoder().decode(plaintext)) as Sealed
      } catch {
        // It may be sealed with the other secret
      }
    }
    return undefined
  }
}
