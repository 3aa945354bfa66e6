import type { ErrorCode } from '../../protocol/errors.ts'

/** What became of a message that a person sent: stored, a repetition of a stored one, or the code of the error that refused it */
export type SendOutcome = 'stored' | 'repeated' | ErrorCode

/** `retry`: refused, and tried again later · `withdrawn`: right before it went out, it was read or another node had taken it over */
export type MailOutcome = 'sent' | 'retry' | 'failed' | 'uncertain' | 'withdrawn'

/** Dialects: WebSockets of the cable, plain WebSockets of one chat, and Server-Sent Events */
export type ConnectionKind = 'cable' | 'plain' | 'events'

/**
 * Hears what happens, for metrics and logs. It never sees what people write, nor a token, nor a mail; use `onEvent` for messages.
 * Every method is optional. It is called while a request is served, so it must neither throw nor take long.
 *
 * `DeskbellCore.load` tells the present state: it is asked for, so that it costs nothing otherwise.
 * @example createDeskbell({ …, observer: { sent: (outcome) => messages.inc({ outcome }) } })
 */
export interface Observer {
  sent?(outcome: SendOutcome): void
  /** One transaction wrote a batch of messages in `ms` milliseconds, or failed to */
  committed?(batch: { messages: number; ms: number; failed: boolean }): void
  /** @param mail `reason` is what the provider said */
  mail?(mail: { outcome: MailOutcome; chat_id: string; message_id: string; reason?: string }): void
  /** A hint went to the bus, or came from another node */
  hint?(direction: 'sent' | 'received'): void
  /** The bus is away: news from other nodes comes late */
  busLost?(error: Error): void
  /** The bus is back after a time in which hints may have been lost */
  busResumed?(): void
  /** Credentials were refused. @param address the client's network address; undefined where the runtime does not know it */
  refused?(code: ErrorCode, address: string | undefined): void
}

/** How busy a node is at this moment */
export interface Load {
  connections: Record<ConnectionKind, number>
  /** Frames that were written to all connections since the start */
  frames: number
  /** Messages that the database has not committed yet */
  waiting: number
  /** E-mails on their way */
  mails: number
  /** It is closing: clients are told to leave, and no new ones are accepted */
  draining: boolean
}
