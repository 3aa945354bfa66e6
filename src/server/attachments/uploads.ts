// Takes files in. Each is announced to the database, then its content is stored, then it can be sent: so whatever breaks off or is killed in
// between, the database knows what to clear away.
import { DeskbellError } from '../../protocol/errors.ts'
import type { SupportAttachment } from '../../protocol/attachments.ts'
import { personKey, sideOf, type Identity } from '../people/identity.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { AttachedBy, AttachmentRecord, FinishedOutcome } from '../ports/store/attachments.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Store } from '../ports/store/store.ts'
import { checkedBody, incomingFile, type CheckedBody } from './incoming-file.ts'
import type { AttachmentLinks } from './links.ts'
import type { SettledAttachments } from './options.ts'

const HOUR = 3_600_000
/** An upload takes no longer (ms); one that was killed is cleared away after it */
export const UPLOAD_WITHIN = HOUR
/** So long no byte may come (ms) */
const IDLE = 30_000
/** A finished upload waits for its message so long (ms) */
export const KEPT_UNSENT = 24 * HOUR
/** Uploads of one person at a time, on this node */
export const UPLOADS_AT_ONCE = 20

export interface UploadsOptions extends SettledAttachments {
  store: Pick<
    Store,
    'reserveUpload' | 'finishUpload' | 'dropUpload' | 'forgetAttachments' | 'findUpload' | 'findAttachment'
  >
  clock: Clock
  links: AttachmentLinks
  /** Of one person at a time; null: not limited */
  atOnce: number | null
  onError: (error: unknown) => void
}

/** A file that comes in */
export interface Upload {
  sender: Identity
  chat: ChatRecord
  /** As `fileName` makes it */
  name: string
  /** Makes it safe to upload again; null: it has no such id */
  clientId: string | null
  body: ReadableStream<Uint8Array> | null
  /** Bytes, as they were announced; null: they were not */
  size: number | null
}

export interface Uploaded {
  attachment: SupportAttachment
  /** It was stored before, under the same client_id */
  repeated: boolean
}

export class Uploads {
  readonly #options: UploadsOptions
  /** Uploads under way, by person */
  readonly #underWay = new Map<string, number>()
  /** Break off what is under way */
  readonly #stops = new Set<CheckedBody['stop']>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  /**
   * Resolves once the file is durable. The caller has checked that `sender` may write to `chat`, which is stored.
   * @throws DeskbellError `length_required`, `empty_file`, `file_too_large`, `image_too_large`, `too_many_files`, `conflict`, `not_found`,
   *   `invalid_request`, `unavailable`
   */
  async receive(upload: Upload): Promise<Uploaded> {
    const size = this.#sizeOf(upload)
    const person = personKey(upload.sender)
    const underWay = this.#underWay.get(person) ?? 0
    const { atOnce } = this.#options
    if (atOnce !== null && underWay >= atOnce) throw new DeskbellError('too_many_files', undefined, 1)
    this.#underWay.set(person, underWay + 1)
    try {
      return await this.#receive({ ...upload, size })
    } finally {
      const left = (this.#underWay.get(person) ?? 1) - 1
      if (left > 0) this.#underWay.set(person, left)
      else this.#underWay.delete(person)
    }
  }

  /**
   * A finished file of the chat, with a URL that is good for another day: one that a message carries, or the caller's own.
   * @throws DeskbellError `not_found`
   */
  async find(caller: Identity, chat: Pick<ChatRecord, 'id'>, id: string): Promise<SupportAttachment> {
    const row = await this.#options.store.findAttachment(id)
    const isTheirs = row?.sender_id === caller.id && row.sender_type === sideOf(caller)
    if (row?.chat_id !== chat.id || (row.message_id === null && !isTheirs)) throw new DeskbellError('not_found')
    return this.#options.links.signed(row, chat.id)
  }

  /** Deletes finished files that no message carries. Never rejects: what cannot be deleted now is swept */
  async discard(ids: string[]): Promise<void> {
    for (const id of ids) await this.#drop(id)
  }

  /** Breaks off what is under way. Senders repeat it under the same client_id */
  stop(): void {
    for (const stop of this.#stops) stop(new DeskbellError('unavailable', undefined, 1))
  }

  #sizeOf({ size }: Upload): number {
    if (size === null) throw new DeskbellError('length_required')
    if (size === 0) throw new DeskbellError('empty_file')
    if (size > this.#options.maxBytes) throw new DeskbellError('file_too_large')
    return size
  }

  async #receive(upload: Upload & { size: number }): Promise<Uploaded> {
    const { sender, chat, clientId, name, size } = upload
    const { store, links } = this.#options
    const by: AttachedBy = { chat_id: chat.id, sender_type: sideOf(sender), sender_id: sender.id }
    const before = clientId === null ? undefined : await store.findUpload(by, clientId)
    if (before) return this.#repeat(upload, before)
    const id = crypto.randomUUID()
    await this.#reserve({ id, ...by, name, size })
    const finished = await this.#store(id, upload)
    if (finished.kind !== 'stored') await this.#drop(id)
    if (finished.kind === 'gone') throw new DeskbellError('not_found', 'The chat was erased')
    const isOther =
      finished.kind === 'repeated' && (finished.attachment.name !== name || finished.attachment.size !== size)
    if (isOther) throw new DeskbellError('conflict')
    return { attachment: await links.signed(finished.attachment, chat.id), repeated: finished.kind === 'repeated' }
  }

  /** The sender has not heard that the file is here. It is read all the same: browsers tell of no answer that comes earlier */
  async #repeat(upload: Upload & { size: number }, before: AttachmentRecord): Promise<Uploaded> {
    if (before.name !== upload.name || before.size !== upload.size) throw new DeskbellError('conflict')
    const { body, done } = this.#body(upload)
    try {
      await readAll(body)
    } finally {
      done()
    }
    return { attachment: await this.#options.links.signed(before, upload.chat.id), repeated: true }
  }

  async #reserve(upload: AttachedBy & { id: string; name: string; size: number }): Promise<void> {
    const { store, clock, perHour } = this.#options
    const now = clock.now()
    const times = { created_at: isoTime(now), due_at: isoTime(now + UPLOAD_WITHIN) }
    const reserved = await store.reserveUpload(
      { ...upload, ...times },
      perHour && { ...perHour, since: isoTime(now - HOUR) },
    )
    if (reserved === 'no_chat') throw new DeskbellError('not_found', 'There is no such chat')
    if (reserved === 'too_many') throw new DeskbellError('too_many_files')
  }

  async #store(id: string, upload: Upload & { size: number }): Promise<FinishedOutcome> {
    const { store, blobs, clock, onError } = this.#options
    const { body, done, failure } = this.#body(upload)
    let mayBeFinished = false
    try {
      const { content, described } = await incomingFile(body)
      await blobs.put(id, content, upload.size)
      const due_at = isoTime(clock.now() + KEPT_UNSENT)
      const file = { id, ...described(), client_id: upload.clientId, due_at }
      mayBeFinished = true
      return await store.finishUpload(file)
    } catch (error) {
      // The database may have it although it did not say so: then a repeated upload finds it, or it is swept
      if (!mayBeFinished) await this.#drop(id)
      const known = failure() ?? error
      // As in `#repeat`: the sender is to see why
      if (!body.locked) await readAll(body).catch(() => undefined)
      if (known instanceof DeskbellError) throw known
      onError(error)
      throw new DeskbellError('unavailable', undefined, 1)
    } finally {
      done()
    }
  }

  /** The body with its time limits. `failure`: why it failed, whatever its readers made of that */
  #body({ body, size }: Upload & { size: number }) {
    const { clock } = this.#options
    let failed: DeskbellError | undefined
    const checked = checkedBody(body ?? new Blob([]).stream(), size, {
      // Storing may take its time
      waiting: () => clock.after(IDLE, tooSlow),
      failed: (error) => (failed = error),
    })
    const tooSlow = (): void => checked.stop(new DeskbellError('invalid_request', 'The upload takes too long'))
    const cancelEnd = clock.after(UPLOAD_WITHIN, tooSlow)
    this.#stops.add(checked.stop)
    return {
      body: checked.body,
      failure: () => failed,
      done: () => {
        cancelEnd()
        this.#stops.delete(checked.stop)
      },
    }
  }

  /** What cannot be cleared away now is swept */
  async #drop(id: string): Promise<void> {
    const { store, blobs, onError } = this.#options
    try {
      if (!(await store.dropUpload(id))) return
      await blobs.delete(id)
      await store.forgetAttachments([id])
    } catch (error) {
      onError(error)
    }
  }
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader()
  while (!(await reader.read()).done);
}
