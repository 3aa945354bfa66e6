// Two workers on one database, two people, one provider; and beside them the model, which knows what has to come of it.
import { v7 as uuidv7 } from 'uuid'
import { isoTime } from '../../../src/server/ports/clock.ts'
import type { DueNotification, NotificationRecord } from '../../../src/server/ports/store/notifications.ts'
import type { Store } from '../../../src/server/ports/store/store.ts'
import { FakeClock } from '../../../src/testing/fake-clock.ts'
import { pause, until } from '../../support/desk.ts'
import type { ProviderChoice, ProviderMail } from '../../support/mail-providers.ts'
import type { SmtpMode } from '../../support/smtp.ts'
import { ModelChat, type Reply } from './chat.ts'
import type { Place } from './places.ts'
import type { Step } from './steps.ts'
import { Worker } from './worker.ts'

const DELAY = 300_000
const WORKERS = 2
/** Time passes in pieces of this (ms), and mails get where they can in between */
const SLICE = 60_000
const MAX_REFUSALS = 8

export class World {
  readonly #place: Place
  readonly #provider: ProviderChoice
  readonly #clock = new FakeClock()
  readonly #store: Store
  readonly #chats: ModelChat[]
  /** Those that live, and those that were killed, for what they had sent */
  readonly #workers: Worker[] = []
  readonly #everyone: Worker[] = []
  readonly #violations: string[] = []
  #mode: SmtpMode = 'accept'

  private constructor(place: Place, provider: ProviderChoice, store: Store, chats: ModelChat[]) {
    this.#place = place
    this.#provider = provider
    this.#store = store
    this.#chats = chats
  }

  /** @param place an empty database, which it leaves behind */
  static async open(place: Place, provider: ProviderChoice): Promise<World> {
    const store = await place.open()
    const chats: ModelChat[] = []
    for (const user of ['ada', 'bob']) {
      await store.savePeople([{ id: user, email: `${user}@example.com`, name: user }], isoTime(0))
      chats.push(new ModelChat((await store.openChat(user, uuidv7(), isoTime(0))).id, user))
    }
    const world = new World(place, provider, store, chats)
    for (let i = 0; i < WORKERS; i++) await world.#hire(i)
    return world
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case 'reply':
        return this.#write(this.#chat(step.chat), 'admin')
      case 'user message':
        return this.#write(this.#chat(step.chat), 'user')
      case 'read': {
        const chat = this.#chat(step.chat)
        const upTo = Math.max(0, chat.lastSeq - step.butLast)
        // The model knows of it once it is stored: a mail that is being handed over at that moment may still go out
        await this.#store.markRead(chat.id, 'user', upTo, this.#now())
        chat.read(upTo)
        return
      }
      case 'archive':
        await this.#store.setArchived(this.#chat(step.chat).id, true, this.#now())
        this.#chat(step.chat).archive(true)
        return
      case 'unarchive':
        this.#chat(step.chat).archive(false)
        await this.#store.setArchived(this.#chat(step.chat).id, false, this.#now())
        return
      case 'unsubscribe':
        await this.#store.unsubscribe(this.#chat(step.chat).user, this.#now())
        this.#chat(step.chat).unsubscribe()
        return
      case 'time':
        return this.#pass(step.ms)
      case 'jump':
        return this.#clock.advance(step.ms)
      case 'moment':
        return pause(step.hundredths * 10)
      case 'provider':
        this.#setMode(step.mode)
        return
      case 'go on':
        for (const { provider } of this.#workers) provider.release()
        return
      case 'drop':
        for (const { provider } of this.#workers) provider.cut()
        return
      case 'kill':
        await this.#workers[step.worker]?.kill()
        return this.#hire(step.worker)
    }
  }

  /** The provider works from now on, and time passes until nothing is due any more; then everything has to be right. */
  async end(): Promise<void> {
    this.#setMode('accept')
    for (const { provider } of this.#workers) provider.release()
    await this.#quiet()
    for (let next; (next = await this.#store.nextNotification('reply')) !== undefined;) {
      await this.#pass(Math.max(1, Date.parse(next) - this.#clock.now()))
    }
    for (const chat of this.#chats) await this.#judge(chat)
    if (this.#violations.length > 0) throw new Error(this.#violations.join('\n'))
  }

  async close(): Promise<void> {
    for (const worker of this.#everyone) await worker.stop()
    await this.#store.close()
    await this.#place.leave()
  }

  get counts(): { mails: number; replies: number } {
    return { mails: this.#contents().length, replies: this.#chats.reduce((n, chat) => n + chat.replies.length, 0) }
  }

  async #judge(chat: ModelChat): Promise<void> {
    const told = new Map<Reply, { mail: ProviderMail; accepted: boolean }[]>()
    for (const worker of this.#everyone) {
      for (const mail of worker.provider.contents) {
        if (mail.refused || mail.envelopeTo[0] !== `${chat.user}@example.com`) continue
        const text = mail.parsed.text ?? ''
        const newest = Number([...text.matchAll(/^> reply (\d+)$/gm)].at(-1)?.[1])
        const count = Number(/You have (\d+) new messages/.exec(text)?.[1] ?? 1)
        for (const reply of chat.range(newest, count)) {
          const accepted = worker.provider.mails.includes(mail)
          told.set(reply, [...(told.get(reply) ?? []), { mail, accepted }])
        }
      }
    }
    for (const reply of chat.replies) {
      const mails = told.get(reply) ?? []
      const account = await this.#store.explainNotification(reply.id)
      const complain = (text: string) =>
        this.#violations.push(`${chat.user}, reply ${reply.seq}: ${text} ${JSON.stringify({ reply, account })}`)
      if (mails.length > 1) complain(`told of in ${mails.length} mails`)
      if (mails.length > 0 && !reply.handedOver) complain('sent without a handover')
      const end = account?.notification
      if (mails.length === 0 && !reply.isRead && !reply.isExempt && !isExcused(end, reply)) complain('never told of')
      if ((end?.state === 'sent') !== (mails[0]?.accepted ?? false) && !isUnknown(end)) complain('explained wrongly')
      if (end?.state === 'skipped' && !reply.isRead && !reply.isExempt) complain('skipped without a reason')
      if (end && ['pending', 'claimed', 'sending'].includes(end.state)) complain('not ended')
    }
    for (const id of chat.userMessages) {
      const account = await this.#store.explainNotification(id)
      if (account?.sender_type !== 'user') this.#violations.push(`the user's message ${id} is not known as such`)
    }
  }

  /** When a mail is about to be handed over, all of it must be owed. @returns call it when the mail was handed over */
  #handingOver(due: DueNotification): () => void {
    const chat = this.#chats.find(({ id }) => id === due.chat_id)
    if (!chat) return () => undefined
    const replies = chat.range(due.message.seq, due.unread)
    const wrongs = [
      ...(chat.isArchived ? ['the chat is archived'] : []),
      ...(chat.isUnsubscribed ? ['the person unsubscribed'] : []),
      ...replies.filter((reply) => reply.isRead).map(({ seq }) => `${seq} was read`),
    ]
    return () => {
      for (const wrong of wrongs)
        this.#violations.push(`${chat.user}, mail up to ${due.message.seq}: handed over although ${wrong}`)
      for (const reply of replies) reply.handedOver = true
    }
  }

  async #write(chat: ModelChat, sender_type: 'user' | 'admin'): Promise<void> {
    const isReply = sender_type === 'admin'
    const id = uuidv7()
    const content = `reply ${chat.lastSeq + 1}`
    if (isReply) chat.replied(id)
    else chat.wrote(id)
    await this.#store.appendMessages([
      {
        id,
        chat_id: chat.id,
        content,
        sender_type,
        sender_id: sender_type,
        sender_name: null,
        client_id: null,
        created_at: this.#now(),
        notify_at: isReply ? isoTime(this.#clock.now() + DELAY) : null,
      },
    ])
  }

  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= SLICE) {
      await this.#clock.advance(Math.min(left, SLICE))
      await this.#quiet()
    }
  }

  /** Until every mail is either done or waits for the provider */
  async #quiet(): Promise<void> {
    await pause(0)
    await until(() => this.#workers.every((worker) => worker.isQuiet))
    await pause(0)
  }

  #setMode(mode: SmtpMode): void {
    this.#mode = mode
    for (const { provider } of this.#workers) provider.mode = mode
  }

  async #hire(i: number): Promise<void> {
    const worker = await Worker.start({
      open: () => this.#place.open(),
      clock: this.#clock,
      delay: DELAY,
      provider: this.#provider,
      mode: this.#mode,
      onHandingOver: (due) => this.#handingOver(due),
    })
    this.#workers[i] = worker
    this.#everyone.push(worker)
  }

  #contents(): ProviderMail[] {
    return this.#everyone.flatMap(({ provider }) => provider.contents)
  }
  #chat(i: number): ModelChat {
    const chat = this.#chats[i]
    if (!chat) throw new Error(`There is no chat ${i}`)
    return chat
  }
  #now(): string {
    return isoTime(this.#clock.now())
  }
}

/** Given up after as many refusals as there have to be, or maybe sent */
const isExcused = (end: NotificationRecord | undefined, reply: Reply): boolean =>
  (end?.state === 'failed' && end.refusals === MAX_REFUSALS) || (end?.state === 'uncertain' && reply.handedOver)

/** The provider took it, and whoever sent it does not know */
const isUnknown = (end: NotificationRecord | undefined): boolean => end?.state === 'uncertain'
