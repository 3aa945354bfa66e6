import { hex, hmac } from '../bytes.ts'
import type { NotificationKind } from '../ports/store/notifications.ts'

/** The start of a Thread-Index: a version and a date, of which Outlook only needs that they stay the same */
const OUTLOOK = [0x01, 0xdc, 0, 0, 0, 0]

export interface MailNames {
  /** 32 hexadecimal digits that say nothing to others. The same input has the same name, on every node */
  name(kind: string, of: string): Promise<string>
  /** Makes the mails of a kind about one chat one thread */
  thread(kind: NotificationKind, chatId: string): Promise<Record<string, string>>
  /** `Message-ID`. @param content all that is sent: mails that differ in anything have different ids, and a repetition has the same */
  messageId(kind: NotificationKind, content: string): Promise<Record<string, string>>
}

/**
 * Names mails. All mails of a chat refer to one root, which itself is no mail: Gmail, Apple Mail and Thunderbird go by `References` (and
 * the subject, which never changes), Outlook by `Thread-Index`. Ids are keyed with the secret. Every node makes the same ones, and
 * nobody else can make them or learn from them which chat they belong to.
 */
export function mailNames(secret: string, publicUrl: string): MailNames {
  const { hostname } = new URL(publicUrl)
  const sign = hmac(secret)
  // The space cannot occur in what is signed for a token with the same key
  const bytesOf = async (kind: string, of: string): Promise<Uint8Array> =>
    (await sign(`mail ${kind} ${of}`)).slice(0, 16)
  return {
    name: async (kind, of) => hex(await bytesOf(kind, of)),
    async thread(kind, chatId) {
      const chat = await bytesOf(kind === 'reply' ? 'chat' : 'staff chat', chatId)
      const root = `<chat.${hex(chat)}@${hostname}>`
      const index = btoa(String.fromCharCode(...OUTLOOK, ...chat))
      return { 'In-Reply-To': root, References: root, 'Thread-Index': index }
    },
    messageId: async (kind, content) => ({
      'Message-ID': `<${kind}.${hex(await bytesOf('content', content))}@${hostname}>`,
    }),
  }
}
