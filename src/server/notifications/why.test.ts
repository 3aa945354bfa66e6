import { expect, it } from 'vitest'
import type { NotificationAccount, NotificationRecord } from '../ports/store/notifications.ts'
import { NOBODY } from './send-notification.ts'
import { why } from './why.ts'

const at = (minute: number): string => `2026-03-02T09:${String(minute).padStart(2, '0')}:00.000Z`
const NOW = at(30)

function tell(record: Partial<NotificationRecord> | undefined, more: Partial<NotificationAccount> = {}): string {
  const notification = record && {
    state: 'pending' as const,
    due_at: at(35),
    updated_at: at(20),
    address: 'ada@example.com',
    replies: 1,
    refusals: 0,
    reason: null,
    delivery: null,
    delivery_at: null,
    delivery_reason: null,
    ...record,
  }
  return why(
    {
      sender_type: 'admin',
      read_at: null,
      answered: false,
      email: 'ada@example.com',
      archived_at: null,
      unsubscribed_at: null,
      mail_block: null,
      notification,
      ...more,
    },
    NOW,
  )
}

it.each<[string, string]>([
  [tell({}), `pending: due at ${at(35)}, still unread`],
  [
    tell({ refusals: 3, reason: '451 Try\r\nlater\u001b[2J' }),
    `pending: refused 3 times, last reason: 451 Try later [2J; next try at ${at(35)}`,
  ],
  [
    tell({ reason: 'Postmark: too many requests' }),
    `pending: the provider takes no mails for a while (Postmark: too many requests); next try at ${at(35)}`,
  ],
  [
    tell({}, { archived_at: at(10) }),
    `pending: decided at ${at(35)}; as things are it will not be sent, because the chat was archived at ${at(10)}`,
  ],
  [
    tell({}, { unsubscribed_at: at(10) }),
    `pending: decided at ${at(35)}; as things are it will not be sent, because the person unsubscribed at ${at(10)}`,
  ],
  [tell({}, { read_at: at(5) }), `not sent: the person read it at ${at(5)}`],
  [tell(undefined, { read_at: at(5) }), `not sent: the person read it at ${at(5)}`],
  [tell({ state: 'claimed' }), `being sent: taken up at ${at(20)}, not handed over yet`],
  [
    tell({ state: 'claimed', due_at: at(25) }),
    `pending: the process that was to send it was lost before handing it over; due again since ${at(25)}`,
  ],
  [
    tell({ state: 'sending', replies: 2 }),
    `being sent: handed over to the provider at ${at(20)} to ada@example.com, together with 1 other reply; no answer yet`,
  ],
  [
    tell({ state: 'sending', due_at: at(25) }),
    'uncertain: the content was handed over to ada@example.com, and no answer of the provider is known (the process that sent it was lost); ' +
      'not sent again so as not to send twice',
  ],
  [
    tell({ state: 'uncertain', reason: 'Timeout' }),
    'uncertain: the content was handed over to ada@example.com, and no answer of the provider is known (Timeout); ' +
      'not sent again so as not to send twice',
  ],
  [tell({ state: 'sent', replies: 3 }), `sent at ${at(20)} to ada@example.com, together with 2 other replies`],
  [
    tell({ state: 'sent', delivery: 'delivered', delivery_at: at(21) }),
    `sent at ${at(20)} to ada@example.com; delivered at ${at(21)}`,
  ],
  [
    tell({ state: 'sent', delivery: 'bounced', delivery_at: at(21), delivery_reason: '550 No\r\nsuch user' }),
    `sent at ${at(20)} to ada@example.com; it came back at ${at(21)} (550 No such user)`,
  ],
  [
    tell({ state: 'skipped', reason: 'bounced' }, { mail_block: { kind: 'bounced', at: at(15), reason: '550 No' } }),
    `not sent: no e-mails go to ada@example.com since ${at(15)}, because a mail to it came back: 550 No`,
  ],
  [
    tell({ state: 'skipped', reason: 'complained' }),
    `not sent: no e-mails went to the address when the e-mail was due (decided at ${at(20)}), because a mail to it was reported as spam`,
  ],
  [
    tell({}, { mail_block: { kind: 'suppressed', at: at(15), reason: null } }),
    `pending: decided at ${at(35)}; as things are it will not be sent, because no e-mails go to ada@example.com since ${at(15)}, because the mail service sends none there`,
  ],
  [tell({ state: 'sent' }, { read_at: at(25) }), `sent at ${at(20)} to ada@example.com`],
  [
    tell({ state: 'failed', refusals: 8, reason: '550 No' }),
    `not sent: refused 8 times, last reason: 550 No; given up at ${at(20)}`,
  ],
  [
    tell({ state: 'skipped', reason: 'unsubscribed' }, { unsubscribed_at: at(15) }),
    `not sent: the person unsubscribed at ${at(15)}`,
  ],
  [
    tell({ state: 'skipped', reason: 'archived' }),
    `not sent: the chat was archived when the e-mail was due (decided at ${at(20)})`,
  ],
  [tell({ state: 'skipped', reason: 'read' }, { read_at: at(5) }), `not sent: the person read it at ${at(5)}`],
  [
    tell({ state: 'skipped', reason: 'unsubscribed' }),
    `not sent: the person did not want e-mails when the e-mail was due (decided at ${at(20)})`,
  ],
  [tell({ state: 'skipped', reason: 'no_address' }, { email: '' }), 'not sent: the person has no e-mail address'],
  [
    tell({ state: 'skipped', reason: 'no_address' }, { email: 'no-at-\r\nsign' }),
    'not sent: "no-at- sign" is not an e-mail address',
  ],
  [
    tell({ state: 'skipped', reason: 'no_address' }),
    `not sent: the person had no valid e-mail address when the e-mail was due (decided at ${at(20)})`,
  ],
  [
    tell({}, { email: '', archived_at: at(10) }),
    `pending: decided at ${at(35)}; as things are it will not be sent, because the person has no e-mail address`,
  ],
  [tell(undefined, { sender_type: 'user' }), 'no e-mail to staff was planned about it'],
  [tell(undefined, { sender_type: 'user', read_at: at(5), answered: true }), 'no e-mail to staff was planned about it'],
  [
    tell({}, { sender_type: 'user' }),
    `pending: due at ${at(35)}, still not viewed; held back while staff whom it is for are online`,
  ],
  [tell({}, { sender_type: 'user', read_at: at(5) }), `not sent: staff viewed it at ${at(5)}`],
  [tell({}, { sender_type: 'user', answered: true }), 'not sent: staff wrote after it'],
  [
    tell({}, { sender_type: 'user', email: '', unsubscribed_at: at(2), archived_at: at(10) }),
    `pending: decided at ${at(35)}; as things are it will not be sent, because the chat was archived at ${at(10)}`,
  ],
  [
    tell({ state: 'sent', address: null, replies: 3 }, { sender_type: 'user', read_at: at(25) }),
    `sent at ${at(20)} to staff, together with 2 other messages`,
  ],
  [
    tell({ state: 'failed', reason: NOBODY, refusals: 1 }, { sender_type: 'user' }),
    `not sent: nobody is to be told, when it was due (decided at ${at(20)})`,
  ],
  [tell(undefined), 'not sent: no e-mail was planned about it'],
])('%s', (told, expected) => {
  expect(told).toBe(expected)
})
