// The URLs at which files open. Pages load them without credentials, so whoever has one opens the file, for a day or two.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { base64url, hmac, isEqual } from '../bytes.ts'
import type { Clock } from '../ports/clock.ts'
import type { AttachmentRecord, StoredAttachment } from '../ports/store/attachments.ts'

const DAY = 86_400
/** Bytes: 128 bits cannot be guessed */
const SIGNATURE = 16

export class AttachmentLinks {
  readonly #signers: ReturnType<typeof hmac>[]
  readonly #clock: Clock

  /** @param secrets the first signs; URLs that were made with any are good */
  constructor(secrets: readonly [string, ...string[]], clock: Clock) {
    this.#signers = secrets.map(hmac)
    this.#clock = clock
  }

  /** The message with URLs of its files; itself when it has none */
  async signedMessage(message: SupportMessage, chatId: string): Promise<SupportMessage> {
    if (message.attachments.length === 0) return message
    return { ...message, attachments: await Promise.all(message.attachments.map((one) => this.signed(one, chatId))) }
  }

  /** All that are made on one day (UTC) are the same, so that browsers keep what they loaded */
  async signed({ id, name, type, size, width, height }: StoredAttachment, chatId: string): Promise<SupportAttachment> {
    const [sign] = this.#signers
    if (!sign) throw new Error('There is no secret')
    const today = Math.floor(this.#clock.now() / 1000 / DAY)
    const expires = (today + 2) * DAY
    const signature = await signatureOf(sign, { id, chatId, expires })
    const url = `attachments/${id}?expires=${expires}&signature=${base64url(signature)}`
    return { id, name, type, size, width, height, url }
  }

  /** Whether a URL of this file was made here, for the chat in which it is now, and is good still. Compares in constant time */
  async isGood({ id, chat_id: chatId }: AttachmentRecord, expires: number, signature: string): Promise<boolean> {
    if (expires * 1000 <= this.#clock.now()) return false
    const given = new TextEncoder().encode(signature)
    const expected = await Promise.all(this.#signers.map((sign) => signatureOf(sign, { id, chatId, expires })))
    return expected.some((one) => isEqual(new TextEncoder().encode(base64url(one)), given))
  }
}

interface Signed {
  id: string
  chatId: string
  /** Seconds since 1970 */
  expires: number
}

/** The spaces cannot occur in what is signed for a token with the same key */
const signatureOf = async (sign: ReturnType<typeof hmac>, { id, chatId, expires }: Signed): Promise<Uint8Array> =>
  (await sign(`attachment ${chatId} ${id} ${expires}`)).slice(0, SIGNATURE)
