import { isEmailAddress } from '../../protocol/email-address.ts'
import { oneLine } from '../../protocol/one-line.ts'
import { plural } from '../../protocol/plural.ts'
import { NOBODY } from './send-notification.ts'
import type { MailBlock } from '../../protocol/types.ts'
import type { MailDelivery } from '../ports/mail-events.ts'
import type { NotificationAccount, NotificationRecord } from '../ports/store/notifications.ts'

/** Explains to an operator why an e-mail about a message was or was not sent. @param now ISO 8601 */
export function why(account: NotificationAccount, now: string): string {
  const { sender_type, read_at, answered, notification } = account
  const isToStaff = sender_type === 'user'
  if (notification && HANDED_OVER.has(notification.state)) return handedOver(notification, isToStaff, now)
  if (isToStaff && !notification) return 'no e-mail to staff was planned about it'
  // Reading comes first: it is the reason even if something else would also have prevented the e-mail
  if (read_at !== null) return `not sent: ${isToStaff ? 'staff viewed' : 'the person read'} it at ${read_at}`
  if (isToStaff && answered) return 'not sent: staff wrote after it'
  if (!notification) return 'not sent: no e-mail was planned about it'
  return notHandedOver(notification, account, now)
}

const HANDED_OVER = new Set<NotificationRecord['state']>(['sending', 'sent', 'uncertain'])
const NOT_TWICE = 'not sent again so as not to send twice'
const LOST = 'the process that sent it was lost'

function handedOver(record: NotificationRecord, isToStaff: boolean, now: string): string {
  const { state, due_at, updated_at, address, replies, reason } = record
  const whom = `to ${isToStaff ? 'staff' : plain(address)}${others(replies, isToStaff)}`
  if (state === 'sent') return `sent at ${updated_at} ${whom}${deliveryOf(record)}`
  if (state === 'sending' && due_at > now) {
    return `being sent: handed over to the provider at ${updated_at} ${whom}; no answer yet`
  }
  const because = state === 'uncertain' ? plain(reason) : LOST
  return `uncertain: the content was handed over ${whom}, and no answer of the provider is known (${because}); ${NOT_TWICE}`
}

function notHandedOver(record: NotificationRecord, account: NotificationAccount, now: string): string {
  const { state, due_at, updated_at, refusals, reason } = record
  if (state === 'skipped') return `not sent: ${skipped(record, account)}`
  if (state === 'failed' && reason === NOBODY) return `not sent: ${NOBODY}, when it was due (decided at ${updated_at})`
  if (state === 'failed')
    return `not sent: refused ${times(refusals)}, last reason: ${plain(reason)}; given up at ${updated_at}`
  if (state === 'claimed' && due_at > now) return `being sent: taken up at ${updated_at}, not handed over yet`
  const obstacle = standsInTheWay(account)
  if (obstacle !== null) return `pending: decided at ${due_at}; as things are it will not be sent, because ${obstacle}`
  if (state === 'claimed')
    return `pending: the process that was to send it was lost before handing it over; due again since ${due_at}`
  if (refusals > 0) return `pending: refused ${times(refusals)}, last reason: ${plain(reason)}; next try at ${due_at}`
  if (reason !== null)
    return `pending: the provider takes no mails for a while (${plain(reason)}); next try at ${due_at}`
  return `pending: due at ${due_at}, still ${account.sender_type === 'user' ? 'not viewed; held back while staff whom it is for are online' : 'unread'}`
}

/** The reason is that of the decision. Since then the person may have got an address or subscribed again, and the chat been restored */
function skipped({ reason, updated_at }: NotificationRecord, account: NotificationAccount): string {
  const then = `when the e-mail was due (decided at ${updated_at})`
  if (reason === 'no_address') return noAddress(account) ?? `the person had no valid e-mail address ${then}`
  if (reason === 'unsubscribed') return unsubscribed(account) ?? `the person did not want e-mails ${then}`
  if (isBlock(reason)) return blocked(account) ?? `no e-mails went to the address ${then}, because ${BLOCKS[reason]}`
  if (reason === 'restored')
    return `the database was put back to an earlier state at ${updated_at}, and it may have been sent since then`
  return `the chat was archived ${then}`
}

const BLOCKS: Record<MailBlock['kind'], string> = {
  bounced: 'a mail to it came back',
  complained: 'a mail to it was reported as spam',
  suppressed: 'the mail service sends none there',
}
const isBlock = (reason: string | null): reason is MailBlock['kind'] => reason !== null && reason in BLOCKS

function blocked({ email, mail_block: block }: NotificationAccount): string | null {
  if (!block) return null
  const told = block.reason === null ? '' : `: ${plain(block.reason)}`
  return `no e-mails go to ${plain(email)} since ${block.at}, because ${BLOCKS[block.kind]}${told}`
}

const DELIVERIES: Record<MailDelivery, string> = {
  delivered: 'delivered',
  bounced: 'it came back',
  complained: 'reported as spam',
  suppressed: 'not passed on by the mail service',
}

function deliveryOf({ delivery, delivery_at, delivery_reason: reason }: NotificationRecord): string {
  if (delivery === null) return ''
  return `; ${DELIVERIES[delivery]} at ${delivery_at}${reason === null ? '' : ` (${plain(reason)})`}`
}

function noAddress({ email }: NotificationAccount): string | null {
  if (email === '') return 'the person has no e-mail address'
  return isEmailAddress(email) ? null : `"${oneLine(email)}" is not an e-mail address`
}

const unsubscribed = ({ unsubscribed_at }: NotificationAccount): string | null =>
  unsubscribed_at === null ? null : `the person unsubscribed at ${unsubscribed_at}`

function standsInTheWay(account: NotificationAccount): string | null {
  const { sender_type, archived_at } = account
  const archived = archived_at === null ? null : `the chat was archived at ${archived_at}`
  if (sender_type === 'user') return archived
  return noAddress(account) ?? unsubscribed(account) ?? blocked(account) ?? archived
}

/** Untrusted text could manipulate a terminal */
const plain = (text: string | null): string => oneLine(text ?? '')

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)

const REPLIES = { one: '# other reply', other: '# other replies' }
const MESSAGES = { one: '# other message', other: '# other messages' }
const others = (messages: number, isToStaff: boolean): string =>
  messages < 2 ? '' : `, together with ${plural('en', messages - 1, isToStaff ? MESSAGES : REPLIES)}`
