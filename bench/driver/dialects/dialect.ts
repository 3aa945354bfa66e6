// What the driver asks of a wire protocol: connect, subscribe, send, and tell messages from notifications.

export const DIALECTS = ['actioncable', 'socketio', 'centrifugo'] as const
export type Dialect = (typeof DIALECTS)[number]

export interface Participant {
  token: string
  /** Staff also receive the notifications */
  isStaff: boolean
  /** Chats to subscribe to */
  chats: string[]
}

/** `message` on a chat, `notification` to staff */
export type EventKind = 'message' | 'notification'

export interface Listener {
  /** @param frame as it came */
  onEvent(kind: EventKind, frame: string): void
  onClosed(reason: string): void
  onError(reason: string): void
}

export interface ChatClient {
  send(chatId: string, content: string): void
  close(): void
}

/** Resolves when every subscription is confirmed. @param url of the socket, the token in it */
export type Connect = (url: string, who: Participant, listener: Listener) => Promise<ChatClient>

const SUBSCRIBING_TIME = 30_000

/** Resolves when `pass` was called, rejects after `fail` or too long a time */
export class Subscribing {
  readonly done: Promise<void>
  readonly pass: () => void
  readonly fail: (reason: string) => void

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new Error('no answer to a subscription')), SUBSCRIBING_TIME)
    this.pass = () => {
      clearTimeout(timer)
      resolve()
    }
    this.fail = (reason) => {
      clearTimeout(timer)
      reject(new Error(reason))
    }
    this.done = promise
    // It may fail before anybody waits for it
    promise.catch(() => undefined)
  }
}
