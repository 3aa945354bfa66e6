// The collections, and the one way to change a document: where it still is as it was read.
import type { Collection, Db, Document, Filter, OptionalUnlessRequiredId, UpdateFilter } from 'mongodb'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { StaffAuditEntry, StaffLink, StaffSession } from '../../server/ports/store/accounts.ts'
import type { PushSubscriptionRecord } from '../../server/ports/store/push.ts'
import type { ActivityRow } from '../rules/activity.ts'
import { CLOSED } from '../rules/closed.ts'
import type {
  AttachmentDoc,
  BlockDoc,
  ChatDoc,
  ColleagueDoc,
  ErasureDoc,
  IndexedDoc,
  MessageDoc,
  Moved,
  MovedMail,
  NumberDoc,
  QuotaDoc,
  RepliesDoc,
  ReplyBodyDoc,
  TeamDoc,
  TypedDoc,
  UserDoc,
  Versioned,
  WebhookDoc,
} from './documents.ts'
import { withDeadline } from './deadline.ts'
import { explained, isDuplicate, isNoServer } from './errors.ts'
import { othersTurn } from './others-turn.ts'

/** Acknowledged means durable: on most of the replica set's disks */
const WRITE_CONCERN = { w: 'majority', journal: true } as const

interface Documents {
  users: UserDoc
  chats: ChatDoc
  messages: Moved<MessageDoc>
  search: IndexedDoc
  activities: Moved<ActivityRow>
  notifications: MovedMail
  webhooks: WebhookDoc
  attachments: AttachmentDoc
  upload_quotas: QuotaDoc
  mail_blocks: BlockDoc
  typed_addresses: TypedDoc
  numbers: NumberDoc
  colleagues: ColleagueDoc
  mails: { _id: string; mail: string; address: string; chat_id: string | null; created_at: string }
  revocations: { _id: string; revoked_at: string }
  replies: RepliesDoc
  reply_bodies: ReplyBodyDoc
  staff: TeamDoc
  staff_sessions: Omit<StaffSession, 'id'> & { _id: string }
  staff_links: Omit<StaffLink, 'id'> & { _id: string }
  staff_allowances: Versioned & { used_until: string; held_by?: string | null; held_until?: string | null }
  staff_audit: Omit<StaffAuditEntry, 'id'> & { _id: string }
  push_subscriptions: Omit<PushSubscriptionRecord, 'id'> & { _id: string }
  erasures: ErasureDoc
  meta: { _id: string; value: string }
}
export type CollectionName = keyof Documents

/** What a decision about a document writes. `doc`: the whole document as it is to be; undefined leaves it as it is */
export interface Decision<Doc, Result> {
  doc?: Doc | undefined
  result: Result
}

export interface MongoDatabaseOptions {
  prefix?: string
  fullTextSearch?: boolean
  /**
   * Connects anew; called when the driver finds no server. Its monitor can hang for good too (deadline.ts) on servers that send no
   * `topologyVersion`, as FerretDB. MongoDB has sent it since 4.4
   */
  renew?: () => void
}

export class MongoDatabase {
  readonly db: Db
  /** Whether messages can be searched */
  readonly isSearched: boolean
  readonly #prefix: string
  readonly #running = new Set<Promise<unknown>>()
  readonly #lastOf = new Map<string, Promise<unknown>>()
  readonly #renew: (() => void) | undefined
  #isClosed = false

  constructor(db: Db, { prefix = '', fullTextSearch = false, renew }: MongoDatabaseOptions) {
    this.db = db
    this.#renew = renew
    this.isSearched = fullTextSearch
    this.#prefix = prefix
  }

  nameOf(name: CollectionName): string {
    return `${this.#prefix}support_${name}`
  }

  collection<Name extends CollectionName>(name: Name): Collection<Documents[Name]> {
    return withDeadline(
      this.db.collection<Documents[Name]>(this.nameOf(name), {
        writeConcern: WRITE_CONCERN,
        readConcern: { level: 'local' },
        readPreference: 'primary',
      }),
    )
  }

  command(command: Document): Promise<Document> {
    return withDeadline(this.db).command(command)
  }

  /**
   * Changes a document, or makes it: `decide` is asked again when another node was faster.
   * @param decide gets a copy, which it may change and return
   */
  async change<Name extends CollectionName, Result>(
    name: Name,
    id: string,
    decide: (
      doc: (Documents[Name] & Versioned) | undefined,
    ) => Decision<Omit<Documents[Name] & Versioned, 'version'>, Result>,
  ): Promise<Result> {
    const collection = this.collection(name) as unknown as Collection<Versioned>
    for (let tries = 0; ; tries++) {
      this.checkOpen()
      if (tries > 0) await othersTurn(tries)
      const before = (await collection.findOne({ _id: id })) as (Documents[Name] & Versioned) | null
      const { doc, result } = decide(before === null ? undefined : structuredClone(before))
      if (doc === undefined) return result
      if (await this.#write(collection, before, { ...doc, version: (before?.version ?? 0) + 1 } as Versioned))
        return result
    }
  }

  async #write(collection: Collection<Versioned>, before: Versioned | null, after: Versioned): Promise<boolean> {
    if (before === null) {
      try {
        await collection.insertOne(after as OptionalUnlessRequiredId<Versioned>)
        return true
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
    }
    return this.replace(collection, before, after)
  }

  /** Writes what changed, where the document is still as it was read. @returns whether it was */
  async replace<Doc extends Versioned>(collection: Collection<Doc>, before: Doc, after: Doc): Promise<boolean> {
    const update = differenceOf(before, after) as UpdateFilter<Doc>
    const filter = { _id: before._id, version: before.version } as Filter<Doc>
    return (await collection.updateOne(filter, update)).matchedCount === 1
  }

  /** One after the other within this process, which would only hold itself up otherwise */
  async inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#lastOf.get(id)
    const own = (before ?? Promise.resolve()).then(work, work)
    const ended = own.catch(() => undefined)
    this.#lastOf.set(id, ended)
    try {
      return await own
    } finally {
      if (this.#lastOf.get(id) === ended) this.#lastOf.delete(id)
    }
  }

  checkOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable(CLOSED)
  }

  /** Every method of the store runs in here */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.checkOpen()
    const running = work()
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      if (isNoServer(error)) this.#renew?.()
      throw explained(error)
    } finally {
      this.#running.delete(running)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#running)
  }
}

/** The lists to which most changes add at the end */
const LISTS = new Set(['messages', 'activities'])
/** What others may have taken off meanwhile without a new version, and that is to be there with this change */
const TAKEN_OFF = new Set(['effects', 'effects_at', 'is_behind'])

function differenceOf(before: Versioned, after: Versioned): Document {
  const set: Document = {}
  const push: Document = {}
  const old = before as unknown as Document
  for (const [key, value] of Object.entries(after)) {
    const isSame = JSON.stringify(old[key]) === JSON.stringify(value)
    if (key === '_id' || (isSame && !(value && TAKEN_OFF.has(key)))) continue
    const added = LISTS.has(key) ? addedTo(old[key] as unknown[], value as unknown[]) : undefined
    if (added) push[key] = { $each: added }
    else set[key] = value as unknown
  }
  return { $set: { ...set, version: after.version }, ...(Object.keys(push).length > 0 && { $push: push }) }
}

/** Undefined: it is not the same with something added */
function addedTo(before: unknown[], after: unknown[]): unknown[] | undefined {
  const kept = after.slice(0, before.length)
  return after.length > before.length && JSON.stringify(kept) === JSON.stringify(before)
    ? after.slice(before.length)
    : undefined
}
