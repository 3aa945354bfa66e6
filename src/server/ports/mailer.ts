/** An e-mail ready to send. Addresses are objects, never strings to be parsed (nodemailer CVE-2025-13033). */
export interface Mail {
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Where answers go; undefined: to the sender. No header, since services have a field for it and refuse the header */
  replyTo?: string | undefined
  /** Extra headers, such as List-Unsubscribe */
  headers: Record<string, string>
  /** Names the mail to a service, which names it when it tells what became of it: a UUID. Mails without it are not told of */
  reference?: string
}

/**
 * In mails to staff, and in those to addresses that visitors typed: the id of the chat. Mail programs can sort by it, and a person who is
 * erased is erased from the mailbox
 */
export const CHAT_HEADER = 'X-Deskbell-Chat'

/** How long a mailer may take before the handover (ms) */
export const HANDOVER_WITHIN = 90_000

/**
 * Hands mails to a provider. A mail is sent again only if the provider certainly did not accept it: losing one mail is better than
 * sending it twice.
 */
export interface Mailer {
  /**
   * Resolves once the provider has accepted the mail.
   *
   * @param handover await it right before the mail's content is sent. It records durably that the provider may have the mail from now
   * on, and checks one last time that the mail should be sent. When it rejects, send nothing and rethrow the error. Call it within
   * `HANDOVER_WITHIN` after `send` was called; later it rejects, because another worker may have taken over.
   * @throws MailRefused when the mail was certainly not accepted; it is then sent again. It is also sent again after any error before
   * `handover`. After `handover`, any other error means that the provider may have the mail, and it is not sent again.
   */
  send(mail: Mail, handover: () => Promise<void>): Promise<void>
  /**
   * Declares that `send` awaits `handover`. Without it, a mail counts as handed over before `send` is called. It is still never sent
   * twice, but it is lost when the process dies while it connects to the provider, and is sent again only after MailRefused.
   */
  handsOver?: true
  /**
   * Signs in to the provider without sending, for `deskbell doctor`.
   * @returns what is worth knowing, in words; null: nothing
   * @throws Error that says why no mail would be sent
   */
  verify?(): Promise<string | null>
  /** Called once, at the end of `deskbell.close()` */
  close?(): void
}

/** What `onError` gets when a mail failed, or maybe did. `cause` is what the mailer threw */
export class MailFailed extends Error {
  override readonly name = 'MailFailed'
  readonly chat_id: string
  /** The newest message that the mail is about; `deskbell why` tells what became of it */
  readonly message_id: string
  constructor(cause: unknown, { chat_id, message_id }: { chat_id: string; message_id: string }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.chat_id = chat_id
    this.message_id = message_id
  }
}

export interface RefusedOptions extends ErrorOptions {
  /**
   * Milliseconds until the provider takes mails again: it has a rate limit or a quota. Until then it gets no mail, and
   * this attempt does not count. A day at most
   */
  retryAfter?: number | undefined
  /** No other try would go better, so there is none */
  final?: boolean | undefined
}

/** The provider certainly did not accept the mail. The message says why; `deskbell why` shows it */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
  readonly retryAfter: number | undefined
  readonly final: boolean
  constructor(message: string, { retryAfter, final = false, ...options }: RefusedOptions = {}) {
    super(message, options)
    this.retryAfter = retryAfter
    this.final = final
  }
}
