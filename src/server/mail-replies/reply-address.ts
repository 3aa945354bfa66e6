import { hex, hmac, isEqual } from '../bytes.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/** A chat as the address names it */
type AddressedChat = Pick<ChatRecord, 'id' | 'user_id'>

/** The addresses to which people answer mails: `reply+TOKEN@domain`, one for each chat */
export interface ReplyAddresses {
  of(chat: AddressedChat): Promise<string>
  /** Whether the address is at the reply domain. The part before the @ does not matter */
  isHere(address: string): boolean
  /** Reads the token of an address; undefined: it is none of ours, or was cut off */
  read(address: string): ReplyToken | undefined
  /** Whether this server made the token, for this chat and its user. Compares in constant time */
  isFor(token: ReplyToken, chat: AddressedChat): Promise<boolean>
}

export interface ReplyToken {
  chatId: string
  signature: Uint8Array
}

/** Bytes of a chat's id, and of the signature: 80 bits cannot be guessed, and the local part stays below its 64 octets (RFC 5321) */
const ID = 16
const SIGNATURE = 10
/** RFC 4648, in lower case, since mail servers may change the case of an address. The digits that look like letters are left out */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const LENGTH = Math.ceil(((ID + SIGNATURE) * 8) / 5)

/** @param secrets the first signs; addresses in older mails were signed with any */
export function replyAddresses(domain: string, secrets: readonly [string, ...string[]]): ReplyAddresses {
  const signers = secrets.map(hmac)
  type Sign = ReturnType<typeof hmac>
  // The spaces cannot occur in what is signed for a token with the same key
  const signatureOf = async (sign: Sign, { id, user_id }: AddressedChat): Promise<Uint8Array> =>
    (await sign(`reply address ${id} ${user_id}`)).slice(0, SIGNATURE)
  return {
    async of(chat) {
      const [sign] = signers
      if (!sign) throw new Error('There is no secret')
      const bytes = new Uint8Array(ID + SIGNATURE)
      bytes.set(bytesOf(chat.id))
      bytes.set(await signatureOf(sign, chat), ID)
      return `reply+${encode(bytes)}@${domain}`
    },
    isHere: (address) => address.toLowerCase().endsWith(`@${domain.toLowerCase()}`),
    read(address) {
      const [, token, at] = /^reply\+([a-z2-7]+)@([^@]+)$/i.exec(address.trim()) ?? []
      if (token?.length !== LENGTH || at?.toLowerCase() !== domain.toLowerCase()) return undefined
      const bytes = decode(token.toLowerCase())
      return { chatId: uuidOf(bytes.slice(0, ID)), signature: bytes.slice(ID) }
    },
    async isFor({ signature }, chat) {
      const expected = await Promise.all(signers.map((sign) => signatureOf(sign, chat)))
      return expected.some((one) => isEqual(one, signature))
    },
  }
}

const bytesOf = (uuid: string): number[] =>
  (uuid.replaceAll('-', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))

const uuidOf = (bytes: Uint8Array): string => hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

function encode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

function decode(text: string): Uint8Array {
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from({ length: ID + SIGNATURE }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2))
}
