// Encrypts for one browser (RFC 8291): one record of the coding aes128gcm (RFC 8188).
import { base64url, type CryptoKey } from 'jose'
import { joined } from '../bytes.ts'

/** Bytes of a record. Push services have to take as much in all, and what a push says is far shorter */
const RECORD = 4096
/** Bytes of a public key */
const POINT = 65

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const utf8 = new TextEncoder()

/** What a browser gave: base64url */
export interface PushTarget {
  p256dh: string
  auth: string
}

/** Made anew for each push */
export interface Ephemeral {
  keys: { publicKey: CryptoKey; privateKey: CryptoKey }
  /** 16 bytes */
  salt: Uint8Array<ArrayBuffer>
}

async function ephemeral(): Promise<Ephemeral> {
  const keys = (await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])) as Ephemeral['keys']
  return { keys, salt: crypto.getRandomValues(new Uint8Array(16)) }
}

/** @throws Error when the keys of the browser are none */
export async function encryptPush(
  plain: Uint8Array,
  { p256dh, auth }: PushTarget,
  made?: Ephemeral,
): Promise<Uint8Array<ArrayBuffer>> {
  const { keys, salt } = made ?? (await ephemeral())
  const theirs = joined([base64url.decode(p256dh)])
  const theirKey = await crypto.subtle.importKey('raw', theirs, CURVE, false, [])
  const ours = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirKey }, keys.privateKey, 256)
  const about = joined([utf8.encode('WebPush: info\0'), theirs, ours])
  const secret = await derived(new Uint8Array(shared), base64url.decode(auth), about, 32)
  const key = await derived(secret, salt, utf8.encode('Content-Encoding: aes128gcm\0'), 16)
  const iv = await derived(secret, salt, utf8.encode('Content-Encoding: nonce\0'), 12)
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  // 2 ends the last record
  const record = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, cipher, joined([plain, Uint8Array.of(2)]))
  const size = new Uint8Array(4)
  new DataView(size.buffer).setUint32(0, RECORD)
  return joined([salt, size, Uint8Array.of(POINT), ours, new Uint8Array(record)])
}

async function derived(
  key: Uint8Array<ArrayBuffer>,
  salt: Uint8Array,
  info: Uint8Array,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: joined([salt]), info: joined([info]) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, bytes * 8))
}
