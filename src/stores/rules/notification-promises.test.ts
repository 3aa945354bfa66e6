// The promises of the delayed e-mail, whatever happens to a chat and which worker is lost: the rules over one chat in memory, with any number
// of workers that claim, hand over, are answered late, or vanish.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import type { DueNotification, NotificationKind } from '../../server/ports/store/notifications.ts'
import {
  decideClaim,
  decideHandover,
  decideOutcome,
  unmailedAfter,
  type NotificationChange,
  type NotificationFields,
  type NotificationRow,
} from './notification.ts'
import { NOTIFICATION_KINDS } from './notification-kinds.ts'

const DELAY = 300_000
const LEASE = 60_000
const iso = (ms: number): string => new Date(Date.parse('2026-03-02T09:00:00.000Z') + ms).toISOString()

interface Mail {
  seqs: number[]
  /** The provider did not accept it for certain */
  isRefused: boolean
  isAnswered: boolean
  /** That came after the notification had ended as uncertain */
  isLate: boolean
}
type Answer = 'sent' | 'retry' | 'failed' | 'uncertain'

class Chat {
  now = 0
  messages: SupportMessage[] = []
  notifications = new Map<string, NotificationFields>()
  readonly mails: Mail[] = []
  /** Claims, also those whose worker vanished: it may come back */
  readonly claims: { due: DueNotification; mail?: Mail }[] = []
  readonly kind: NotificationKind
  seenSeq = 0
  notifiedSeq = 0
  archivedAt: string | null = null
  unsubscribedAt: string | null = null

  constructor(kind: NotificationKind) {
    this.kind = kind
  }

  /** The side writes that the mails are about */
  write(): void {
    const { sender } = NOTIFICATION_KINDS[this.kind]
    const seq = this.#append(sender)
    if (this.#pending() !== undefined) return
    const numbers = { after_seq: 0, up_to_seq: 0, claim: 0, refusals: 0 }
    const due_at = iso(this.now + DELAY)
    this.notifications.set(`n${seq}`, { state: 'pending', due_at, ...numbers, address: null, reason: null })
  }

  /** The other side writes. When that is staff, they have answered; a user may write and have read nothing */
  respond(): void {
    const seq = this.#append(this.kind === 'reply' ? 'user' : 'admin')
    if (this.kind === 'waiting') this.see(seq)
  }

  see(upTo: number): void {
    this.seenSeq = Math.max(this.seenSeq, Math.min(upTo, this.messages.length))
  }

  #append(sender_type: SupportMessage['sender_type']): number {
    const seq = this.messages.length + 1
    const rest = {
      sender_type,
      sender_name: null,
      client_id: null,
      read_at: null,
      content: 'x',
    } as const
    this.messages.push({ id: `m${seq}`, seq, created_at: iso(this.now), ...rest, attachments: [] })
    return seq
  }

  claim(): void {
    const id = this.#due()
    if (id === undefined) return
    const row = this.#row(id)
    const unread = this.#unread().filter((m) => m.seq > unmailedAfter(row))
    const facts = { count: unread.length, oldest: unread[0]?.created_at ?? null, newest: unread.at(-1) }
    const { change, due } = decideClaim(row, facts, {
      kind: this.kind,
      at: iso(this.now),
      delay: DELAY,
      lease: LEASE,
      limit: 1,
    })
    this.#write(id, change)
    if (!due) return
    this.claims.push({ due })
    // Nobody is told of a reply before its delay, nor of none
    expect(Date.parse(unread[0]?.created_at ?? '')).toBeLessThanOrEqual(Date.parse(iso(this.now - DELAY)))
    expect(due).toMatchObject({ unread: unread.length, message: { seq: unread.at(-1)?.seq } })
  }

  handOver(n: number): void {
    const held = this.claims.at(-1 - n)
    const row = held && this.#row(held.due.id)
    if (!row) return
    const told = this.#theirs().filter((m) => m.seq > row.after_seq && m.seq <= row.up_to_seq)
    const facts = { mailed: told.length, unread: told.filter((m) => m.seq > this.seenSeq).length }
    const change = decideHandover(row, held.due, facts, iso(this.now), LEASE)
    if (!change) return
    this.#write(held.due.id, change)
    if (change.fields.state !== 'sending') return
    const seqs = told.map((m) => m.seq)
    // A mail is about what its text says, and about nothing that was read or that nobody wants to hear of
    expect(seqs).toHaveLength(held.due.unread)
    expect(told.filter((m) => m.seq <= this.seenSeq)).toEqual([])
    expect([this.archivedAt, this.kind === 'reply' ? this.unsubscribedAt : null]).toEqual([null, null])
    held.mail = { seqs, isRefused: false, isAnswered: false, isLate: false }
    this.mails.push(held.mail)
  }

  answer(n: number, answer: Answer): void {
    const held = this.claims.at(-1 - n)
    const row = held && this.#row(held.due.id)
    if (!row) return
    const isRefusal = answer === 'retry' || answer === 'failed'
    // Only a provider that was asked can accept, and it answers once
    if (!held.mail && !isRefusal) return
    if (held.mail?.isAnswered === true) return
    if (held.mail) held.mail.isAnswered = true
    if (held.mail && isRefusal) Object.assign(held.mail, { isRefused: true, isLate: row.state === 'uncertain' })
    const outcome =
      answer === 'sent'
        ? ({ state: answer } as const)
        : answer === 'retry'
          ? ({ state: answer, retry_at: iso(this.now + 30_000), reason: 'x' } as const)
          : ({ state: answer, reason: 'x' } as const)
    const change = decideOutcome(row, held.due, outcome, iso(this.now))
    if (change) this.#write(held.due.id, change)
  }

  /** Everybody works well from now on. @returns false when it does not come to an end */
  settleAll(): boolean {
    for (let turns = 0; turns < 100; turns++) {
      const times = this.#waiting().map(([, { due_at }]) => Date.parse(due_at) - Date.parse(iso(0)))
      if (times.length === 0) return true
      this.now = Math.max(this.now, Math.min(...times))
      const before = this.claims.length
      this.claim()
      if (this.claims.length === before) continue
      this.handOver(0)
      if (this.claims.at(-1)?.mail) this.answer(0, 'sent')
    }
    return false
  }

  checkPromises(): void {
    const count = (...states: string[]) =>
      [...this.notifications.values()].filter((n) => states.includes(n.state)).length
    expect(count('pending')).toBeLessThanOrEqual(1)
    expect(count('claimed', 'sending')).toBeLessThanOrEqual(1)
    const told = this.mails.filter((mail) => !mail.isRefused).flatMap((mail) => mail.seqs)
    expect(told).toEqual([...new Set(told)])
  }

  checkNobodyIsForgotten(): void {
    // Where none was given up, or decided against while it was archived, each unread reply was in a mail
    const isPlain = [...this.notifications.values()].every(
      ({ state, reason }) => state !== 'failed' && (state !== 'skipped' || reason === 'read'),
    )
    if (!isPlain) return
    const told = new Set(this.mails.filter((mail) => !mail.isRefused || mail.isLate).flatMap((mail) => mail.seqs))
    expect(this.#unread().filter((m) => !told.has(m.seq))).toEqual([])
  }

  #theirs(): SupportMessage[] {
    return this.messages.filter((m) => m.sender_type === NOTIFICATION_KINDS[this.kind].sender)
  }

  #unread(): SupportMessage[] {
    return this.#theirs().filter((m) => m.seq > this.seenSeq)
  }

  #pending(): [string, NotificationFields] | undefined {
    return [...this.notifications].find(([, { state }]) => state === 'pending')
  }

  /** A pending one waits while another is claimed or being sent */
  #waiting(): [string, NotificationFields][] {
    const open = [...this.notifications].filter(([, { state }]) => ['pending', 'claimed', 'sending'].includes(state))
    const held = open.filter(([, { state }]) => state !== 'pending')
    return held.length > 0 ? held : open
  }

  #due(): string | undefined {
    return this.#waiting().find(([, { due_at }]) => due_at <= iso(this.now))?.[0]
  }

  #row(id: string): NotificationRow {
    const fields = this.notifications.get(id)
    return {
      ...(fields as NotificationFields),
      kind: this.kind,
      id,
      chat_id: 'c',
      user_id: 'u',
      email: 'u@example.com',
      name: null,
      page_url: null,
      unsubscribed_at: this.unsubscribedAt,
      block: null,
      typed_mail_id: null,
      typed_mailed_at: null,
      typed_unsubscribed_at: null,
      archived_at: this.archivedAt,
      assignee_id: null,
      assignee_name: null,
      last_seq: this.messages.length,
      seen_seq: this.seenSeq,
      notified_seq: this.notifiedSeq,
      pending_due_at: this.#pending()?.[1].due_at ?? null,
    }
  }

  #write(id: string, { fields, replacesPending, notifiedSeq }: NotificationChange): void {
    const pending = this.#pending()
    // It replaces another one, and there is one then
    if (replacesPending) {
      expect(pending?.[0] ?? id).not.toBe(id)
      if (pending) this.notifications.delete(pending[0])
    }
    this.notifications.set(id, fields)
    if (notifiedSeq !== undefined) this.notifiedSeq = notifiedSeq
  }
}

const seconds = fc.constantFrom(1, 30, 61, 299, 301, 301)
/** Whose claim: mostly the newest */
const recent = fc.constantFrom(0, 0, 0, 1, 2)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant((chat: Chat) => chat.write()) },
  { weight: 1, arbitrary: fc.constant((chat: Chat) => chat.respond()) },
  { weight: 6, arbitrary: seconds.map((s) => (chat: Chat) => void (chat.now += s * 1000)) },
  { weight: 6, arbitrary: fc.constant((chat: Chat) => chat.claim()) },
  {
    weight: 4,
    arbitrary: fc.constant((chat: Chat) => {
      chat.now += 301_000
      chat.claim()
      chat.handOver(0)
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant((chat: Chat) => {
      chat.claim()
      chat.see(chat.messages.length - 1)
      chat.handOver(0)
    }),
  },
  { weight: 6, arbitrary: recent.map((n) => (chat: Chat) => chat.handOver(n)) },
  {
    weight: 4,
    arbitrary: fc.tuple(recent, fc.constantFrom<Answer>('sent', 'retry', 'retry', 'failed', 'uncertain')).map(
      ([n, answer]) =>
        (chat: Chat) =>
          chat.answer(n, answer),
    ),
  },
  { weight: 2, arbitrary: fc.nat(8).map((n) => (chat: Chat) => chat.see(n)) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((on) => (chat: Chat) => void (chat.archivedAt = on ? iso(chat.now) : null)),
  },
)

it.each<[NotificationKind, string]>([
  [
    'reply',
    'Nobody gets two mails about a reply, none about a read, archived or unsubscribed one, and nobody is forgotten',
  ],
  [
    'waiting',
    'Staff get no two mails about a message, none about a viewed, answered or archived one, and none is forgotten',
  ],
])('%s: %s', (kind) => {
  const told = { mails: 0, refused: 0 }
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), fc.boolean(), (steps, unsubscribes) => {
      const chat = new Chat(kind)
      for (const [i, act] of steps.entries()) {
        act(chat)
        if (unsubscribes && i === 40) chat.unsubscribedAt = iso(chat.now)
        chat.checkPromises()
      }
      expect(chat.settleAll()).toBe(true)
      chat.checkPromises()
      chat.checkNobodyIsForgotten()
      told.mails += chat.mails.length
      told.refused += chat.mails.filter((mail) => mail.isRefused).length
    }),
    { numRuns: 2_000 },
  )
  // The steps lead to what is promised about
  expect(told.mails).toBeGreaterThan(700)
  expect(told.refused).toBeGreaterThan(60)
})
