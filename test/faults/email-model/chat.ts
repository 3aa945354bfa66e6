// What a chat is, as far as e-mails are concerned, in the simplest terms.

export interface Reply {
  id: string
  seq: number
  isRead: boolean
  /** The content of a mail about it left for the provider */
  handedOver: boolean
  /** The chat was archived, or the person unsubscribed, before anybody was told: no mail is owed */
  isExempt: boolean
}

export class ModelChat {
  readonly id: string
  readonly user: string
  readonly replies: Reply[] = []
  readonly userMessages: string[] = []
  lastSeq = 0
  isArchived = false
  isUnsubscribed = false

  constructor(id: string, user: string) {
    this.id = id
    this.user = user
  }

  replied(id: string): void {
    const isExempt = this.isArchived || this.isUnsubscribed
    this.replies.push({ id, seq: ++this.lastSeq, isRead: false, handedOver: false, isExempt })
  }

  wrote(id: string): void {
    this.userMessages.push(id)
    this.lastSeq++
    this.isArchived = false
  }

  read(upTo: number): void {
    for (const reply of this.replies) if (reply.seq <= upTo) reply.isRead = true
  }

  archive(isArchived: boolean): void {
    this.isArchived = isArchived
    if (isArchived) this.#exempt()
  }

  unsubscribe(): void {
    this.isUnsubscribed = true
    this.#exempt()
  }

  /** The `count` replies that end with this seq: what a mail with that newest reply and that number tells of */
  range(newest: number, count: number): Reply[] {
    return this.replies.filter((reply) => reply.seq <= newest).slice(-count)
  }

  #exempt(): void {
    for (const reply of this.replies) reply.isExempt = true
  }
}
