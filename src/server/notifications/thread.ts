import type { DueNotification } from '../ports/store/notifications.ts'

export interface MailThread {
  /** Names the mail: 32 hexadecimal digits, the same for every try of the same mail */
  id: string
  /** `Message-ID`, and what makes the mails of one chat one thread */
  headers: Record<string, string>
}

/** The start of a Thread-Index: a version and a date, of which Outlook only needs that they stay the same */
const OUTLOOK = [0x01, 0xdc, 0, 0, 0, 0]

/**
 * Names mails. All mails of a chat refer to one root, which itself is no mail: Gmail, Apple Mail and Thunderbird go by `References` (and
 * the subject, which never changes), Outlook by `Thread-Index`. Ids are keyed with the secret. Every node makes the same ones, and
 * nobody else can make them or learn from them which chat they belong to.
 */
export function mailThreads(secret: string, publicUrl: string): (due: DueNotification) => Promise<MailThread> {
  const { hostname } = new URL(publicUrl)
  const key = crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  // The space cannot occur in what is signed for a token with the same key
  const nameOf = async (kind: string, id: string): Promise<Uint8Array> => {
    const signature = await crypto.subtle.sign('HMAC', await key, new TextEncoder().encode(`mail ${kind} ${id}`))
    return new Uint8Array(signature).slice(0, 16)
  }
  return async ({ chat_id, message }) => {
    const chat = await nameOf('chat', chat_id)
    const id = hex(await nameOf('reply', message.id))
    const root = `<chat.${hex(chat)}@${hostname}>`
    const headers = {
      'Message-ID': `<reply.${id}@${hostname}>`,
      'In-Reply-To': root,
      References: root,
      'Thread-Index': btoa(String.fromCharCode(...OUTLOOK, ...chat)),
    }
    return { id, headers }
  }
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
