import type { ErrorCode } from '../../protocol/errors.ts'
import type { WebhookEventType, WebhookFailure } from '../../protocol/webhooks.ts'

/** The outcome of sending a message: stored, a repetition of a stored one, or the code of the error that refused it */
export type SendOutcome = 'stored' | 'repeated' | ErrorCode

/** `retry`: refused, and sent again later · `withdrawn`: not sent, because it was read or another node took it over */
export type MailOutcome = 'sent' | 'retry' | 'failed' | 'uncertain' | 'withdrawn'

/**
 * `joined`: its text is in the chat · `automatic`: a program wrote it · `forged`: its domain says that it did not send it · `unknown`: no
 * chat, or not that of the sender · `blocked`: staff blocked the sender · the others: nothing in it can be shown in a chat
 */
export type InboundOutcome =
  'joined' | 'automatic' | 'forged' | 'unknown' | 'blocked' | 'encrypted' | 'invitation' | 'empty' | 'too_long'

/** `retry`: not accepted, and sent again later */
export type WebhookAttempt = 'delivered' | 'retry' | 'failed'

/**
 * `retry`: not taken, and published again later · `refused`: it never will be · `dropped`: given up, because the service was away for too
 * long or too much waited; listeners find out for themselves
 */
export type PublicationOutcome = 'published' | 'retry' | 'refused' | 'dropped'

/**
 * `cable`: ActionCable over a WebSocket · `plain`: a WebSocket for one chat · `events`: Server-Sent Events · `socket.io`: a namespace of the
 * host's Socket.IO server · `pusher`: Pusher Channels
 */
export type ConnectionKind = 'cable' | 'plain' | 'events' | 'socket.io' | 'pusher'

/**
 * Is notified of what happens, for metrics and logs. It never gets what people write, a token, or a mail; use `deskbell.on` for messages.
 * Every method is optional. Methods are called while a request is served, so they must not throw or take long.
 *
 * For the current state, call `DeskbellCore.load`.
 * @example createDeskbell({ …, observer: { sent: (outcome) => messages.inc({ outcome }) } })
 */
export interface Observer {
  sent?(outcome: SendOutcome): void
  /** A transaction for a batch of messages took `ms` milliseconds, and was committed or failed */
  committed?(batch: { messages: number; ms: number; failed: boolean }): void
  /** A delivery ended. @param mail `reason`: the provider's answer */
  mail?(mail: { outcome: MailOutcome; chat_id: string; message_id: string; reason?: string }): void
  /** A mail came to a reply address: it joined its chat, or why it did not */
  inboundMail?(outcome: InboundOutcome): void
  /** A webhook was sent. @param webhook `url`: without its query; `status`: of the answer; `reason`: why it was not accepted */
  webhook?(webhook: {
    outcome: WebhookAttempt
    id: string
    event: WebhookEventType
    chat_id: string
    url: string
    status: number | null
    reason: WebhookFailure | null
  }): void
  /** The service that browsers listen to took an event, or did not. @param publication `reason`: why not */
  published?(publication: { event: 'new-message' | 'typing'; outcome: PublicationOutcome; reason?: string }): void
  /** A user rated the help from 1 to 5 */
  rated?(score: number): void
  /** A hint was sent to the bus, or received from another node */
  hint?(direction: 'sent' | 'received'): void
  /** The bus was lost. Changes by other nodes arrive late */
  busLost?(error: Error): void
  /** The bus receives again. Hints may have been lost meanwhile */
  busResumed?(): void
  /** Credentials were refused. @param address the client's network address; undefined when the runtime does not know it */
  refused?(code: ErrorCode, address: string | undefined): void
}

/** How busy a node is now */
export interface Load {
  connections: Record<ConnectionKind, number>
  /** Frames written to all connections since the start */
  frames: number
  /** Messages that the database has not committed yet */
  waiting: number
  /** E-mails in delivery */
  mails: number
  /** Events for the service that browsers listen to, which wait or are on their way */
  publications: number
  /** The node is closing: clients are disconnected, and new ones are refused */
  draining: boolean
}
