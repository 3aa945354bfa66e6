// Files on their way to a conversation, before they are sent. In a module of its own, so that a page loads it when somebody attaches a file.
// It shares no code with the conversation at run time: as a chunk, it has nothing else to wait for.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import type { Api } from '../api.ts'
import type { ApiError } from '../api-error.ts'
import type { Conversation } from './conversation.ts'
import { uploading } from './upload-request.ts'

export interface PendingUpload {
  /** Makes a repeated upload the same file */
  client_id: string
  file: File
  /** `failed`: it may be tried again, or removed */
  status: 'uploading' | 'uploaded' | 'failed'
  /** The part that is sent, from 0 to 1 */
  progress: number
  /** An error code of the protocol; null unless failed */
  reason: string | null
  /** Null until uploaded */
  attachment: SupportAttachment | null
}

/** Uploads at a time */
const AT_ONCE = 3
/** Waits before further tries, where trying again may help (ms) */
const AGAIN = [1_000, 3_000, 9_000]

export interface UploadsOptions {
  api: Api
  conversation: Pick<Conversation, 'state' | 'role'>
  /** Called after every change of `items` */
  changed: () => void
}

export class Uploads {
  readonly #api: UploadsOptions['api']
  readonly #conversation: UploadsOptions['conversation']
  readonly #changed: () => void
  readonly #aborts = new Map<string, AbortController>()
  #items: readonly PendingUpload[] = []

  constructor({ api, conversation, changed }: UploadsOptions) {
    this.#api = api
    this.#conversation = conversation
    this.#changed = changed
  }

  /** In the order in which they were added; a new array after every change */
  get items(): readonly PendingUpload[] {
    return this.#items
  }

  /** One of them is not uploaded yet, so a message would lack it */
  get isBusy(): boolean {
    return this.#items.some(({ status }) => status === 'uploading')
  }

  /**
   * Begins to upload files. Those that are empty or too large fail at once.
   * @returns how many were left out, because a message carries no more
   */
  add(files: Iterable<File>): number {
    const { max_files, max_bytes } = this.#conversation.state.attachments ?? { max_files: 0, max_bytes: 0 }
    const all = [...files]
    const taken = all.slice(0, Math.max(0, max_files - this.#items.length))
    const items = taken.map((file): PendingUpload => {
      const reason = file.size === 0 ? 'empty_file' : file.size > max_bytes ? 'file_too_large' : null
      const status = reason === null ? 'uploading' : 'failed'
      return { client_id: createId(), file, status, progress: 0, reason, attachment: null }
    })
    this.#set([...this.#items, ...items])
    this.#startNext()
    return all.length - taken.length
  }

  retry(clientId: string): void {
    const item = this.#items.find((one) => one.client_id === clientId)
    if (item?.status !== 'failed') return
    this.#change(clientId, { status: 'uploading', progress: 0, reason: null })
    this.#startNext()
  }

  /** Cancels the upload, or takes the file out of the message. The server sweeps what nobody sends */
  remove(clientId: string): void {
    this.#aborts.get(clientId)?.abort()
    this.#set(this.#items.filter((one) => one.client_id !== clientId))
  }

  /** Removes all */
  clear(): void {
    for (const abort of this.#aborts.values()) abort.abort()
    this.#set([])
  }

  /** The files that are uploaded, for `Conversation.send`, in their order. They are removed; failed ones stay */
  take(): SupportAttachment[] {
    const uploaded = this.#items.flatMap(({ attachment }) => attachment ?? [])
    this.#set(this.#items.filter(({ status }) => status !== 'uploaded'))
    return uploaded
  }

  #startNext(): void {
    for (const item of this.#items) {
      if (this.#aborts.size >= AT_ONCE) return
      if (item.status === 'uploading' && !this.#aborts.has(item.client_id)) void this.#upload(item)
    }
  }

  async #upload({ client_id, file }: PendingUpload): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(client_id, abort)
    try {
      const attachment = await this.#send(client_id, file, abort.signal)
      this.#change(client_id, { status: 'uploaded', progress: 1, attachment })
    } catch (caught) {
      if (!abort.signal.aborted)
        this.#change(client_id, { status: 'failed', reason: (caught as Partial<ApiError>).code ?? 'network' })
    } finally {
      this.#aborts.delete(client_id)
      this.#startNext()
    }
  }

  async #send(clientId: string, file: File, signal: AbortSignal): Promise<SupportAttachment> {
    const { base, session } = this.#api
    const { role, state } = this.#conversation
    const chat = role === 'user' ? 'support_chat' : `admin/chats/${state.chat_id}`
    const fetch = uploading(file, { signal, progressed: (progress) => this.#change(clientId, { progress }) })
    const once = new (this.#api.constructor as typeof Api)({ base, session, fetch })
    for (let tries = 0; ; tries++) {
      try {
        return await once.json('POST', `${chat}/attachments?client_id=${clientId}`)
      } catch (caught) {
        const wait = AGAIN[tries]
        const { transient, code } = caught as Partial<ApiError>
        const helps = transient === true && code !== 'too_many_files'
        if (!helps || wait === undefined || signal.aborted) throw caught
        await pause(wait, signal)
      }
    }
  }

  #change(clientId: string, change: Partial<PendingUpload>): void {
    this.#set(this.#items.map((one) => (one.client_id === clientId ? { ...one, ...change } : one)))
  }

  #set(items: readonly PendingUpload[]): void {
    this.#items = items
    this.#changed()
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

const createId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
