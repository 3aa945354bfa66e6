import { isEmailAddress, plainAddress } from '../../protocol/email-address.ts'
import type { Assignee, MailBlock } from '../../protocol/types.ts'
import { secretsOf } from '../people/keys.ts'
import { CHAT_HEADER, MailRefused, type Mail } from '../ports/mailer.ts'
import type { DeliveryStore } from '../ports/store/deliveries.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { atMost } from '../stop/at-most.ts'
import { addressReferences } from './address-reference.ts'
import { MailMaker, type MailMakerOptions } from './mail-maker.ts'

/** A chat in which messages of the user wait */
export interface WaitingChat {
  chat_id: string
  user: { id: string; email: string; name: string | null }
  /** How many of their messages nobody has viewed */
  waiting: number
  /** Who of staff has the chat; null: nobody, or no mails go to any address that was named for them, and it is asked for others */
  assignee: Assignee | null
}

/** The addresses, up to 20; none: nobody is told of these messages */
export type StaffRecipients = (chat: WaitingChat) => readonly string[] | Promise<readonly string[]>

/** Mails to staff about messages that nobody viewed */
export interface StaffMailOptions {
  /** Who gets them: addresses, or a function that is asked for each mail, such as one that knows who is on duty. It may take 10 s */
  to: readonly string[] | StaffRecipients
  /** Milliseconds for which a message waits before the mail. Default: 600,000 (ten minutes) */
  after?: number | undefined
}

export interface StaffMails {
  to: StaffRecipients
  after: number
}

const AFTER = 600_000
/** Addresses of one mail: each is a delivery of its own, and all have to be through before the lease runs out */
export const MAX_STAFF_ADDRESSES = 20
/** A call of the host's function that takes longer (ms) has failed, and is tried again as a mail is */
const WITHIN = 10_000

/** @throws Error when an option is not valid */
export function readStaffMails({ to, after = AFTER }: StaffMailOptions): StaffMails {
  if (typeof to === 'function') return { to, after }
  const list = checked(to)
  if (list.length === 0) throw new Error('staffMails.to names nobody')
  return { to: () => list, after }
}

/** @throws Error for what is no list of addresses */
function checked(given: unknown): string[] {
  if (!Array.isArray(given)) throw new Error(`staffMails.to gave no list of addresses within ${WITHIN / 1000} s`)
  const addresses = [...new Set(given.map((one: unknown) => (typeof one === 'string' ? one.trim() : '')))]
  if (addresses.length > MAX_STAFF_ADDRESSES)
    throw new Error(`staffMails.to names more than ${MAX_STAFF_ADDRESSES} addresses`)
  const wrong = addresses.find((one) => !isEmailAddress(one))
  if (wrong !== undefined) throw new Error(`staffMails.to names "${wrong}", which is no e-mail address`)
  return addresses
}

export interface StaffMailComposerOptions extends MailMakerOptions {
  store: MailMakerOptions['store'] & Pick<DeliveryStore, 'mailBlock'>
  to: StaffRecipients
}

/** Composes the mails to staff, with a link to the chat in the dashboard. @returns one for each address to which mails go */
export function staffMailComposer(options: StaffMailComposerOptions): (due: DueNotification) => Promise<Mail[]> {
  const { store, publicUrl, to, clock, secret } = options
  const maker = new MailMaker(options)
  const references = addressReferences(secretsOf(secret))
  const blockOf = (address: string): Promise<MailBlock | null> => store.mailBlock(plainAddress(address))
  return async (due) => {
    const { chat_id, person, unread, assignee } = due
    const user = { id: person.id, email: person.email, name: person.name }
    const ask = async (holder: Assignee | null): Promise<{ named: string[]; addresses: string[] }> => {
      const asking = async (): Promise<unknown> => to({ chat_id, user, waiting: unread, assignee: holder })
      const named = checked(await atMost(WITHIN, clock, asking()))
      const blocks = await Promise.all(named.map(blockOf))
      return { named, addresses: named.filter((_, i) => !blocks[i]) }
    }
    const { named, addresses: open } = await ask(assignee)
    if (named.length === 0) return []
    // Whoever has the chat cannot be told, and the user waits all the same
    const addresses = open.length === 0 && assignee !== null ? (await ask(null)).addresses : open
    if (addresses.length === 0)
      throw new MailRefused(`no e-mails go to ${named.join(', ')} since earlier ones came back`, { final: true })
    const recipients = addresses.map(async (address) => ({
      to: { name: '', address },
      reference: await references.of(address),
    }))
    const chatUrl = `${publicUrl}/dashboard?chat=${chat_id}`
    const content = { ...(await maker.content(due)), kind: 'waiting' as const, chatUrl }
    return maker.mails(due, content, await Promise.all(recipients), { headers: { [CHAT_HEADER]: chat_id } })
  }
}
