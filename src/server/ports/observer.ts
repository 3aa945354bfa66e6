import type { ErrorCode } from '../../protocol/errors.ts'

/** What became of something that a person sent; an error's code when it was refused */
export type SendOutcome = 'stored' | 'repeated' | ErrorCode

/** `retry`: refused, and tried again later · `withdrawn`: it was read, or is somebody else's, right before it would have gone */
export type MailOutcome = 'sent' | 'retry' | 'failed' | 'uncertain' | 'withdrawn'

/** WebSockets of the cable, WebSockets of one chat, and Server-Sent Events */
export type ConnectionKind = 'cable' | 'plain' | 'events'

/**
 * Is told what happens, for metrics and logs. It never sees what people write, nor a token, nor a mail: `onEvent` is for those who
 * want the messages. Every method is optional,
 * and is called in passing: it must neither throw nor take its time.
 *
 * What is going on at this moment (`DeskbellCore.load`) is asked for instead, so that it costs nothing until somebody does.
 * @example createDeskbell({ …, observer: { sent: (outcome) => messages.inc({ outcome }) } })
 */
export interface Observer {
  sent?(outcome: SendOutcome): void
  /** A batch of messages was written by one transaction, or (`failed`) could not be */
  committed?(batch: { messages: number; ms: number; failed: boolean }): void
  /** @param mail `reason` is what the provider said */
  mail?(mail: { outcome: MailOutcome; chat_id: string; message_id: string; reason?: string }): void
  /** A hint went to the bus, or came from another node */
  hint?(direction: 'sent' | 'received'): void
  /** The bus is away: what other nodes have to say comes late */
  busLost?(error: Error): void
  /** The bus is back after a time in which hints may have been lost */
  busResumed?(): void
  /** Credentials were refused. @param address see `clientAddress` */
  refused?(code: ErrorCode, address: string | undefined): void
}

/** How busy a node is just now */
export interface Load {
  connections: Record<ConnectionKind, number>
  /** Written to all of them since the start */
  frames: number
  /** Messages that wait for the database, and those that it is writing */
  waiting: number
  /** E-mails on their way */
  mails: number
  /** It says goodbye, and lets nobody in */
  draining: boolean
}
