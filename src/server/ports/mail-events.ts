/** What became of a mail. All but `delivered` stop further mails to the address */
export type MailDelivery =
  | 'delivered'
  /** There is no such mailbox, or its server will never take the mail */
  | 'bounced'
  /** The person reported it as spam */
  | 'complained'
  /** The service did not pass it on, because of an earlier bounce or complaint */
  | 'suppressed'

/** What a mail service tells of one mail */
export interface MailEvent {
  /** `Mail.reference` of the mail */
  reference: string
  /** To whom it went */
  address: string
  delivery: MailDelivery
  /** ISO 8601, by the service's clock */
  at: string
  /** What the service or the other mail server said; null: nothing */
  reason: string | null
}

export interface MailEventRequest {
  headers: Headers
  /** As it came, in UTF-8 */
  body: string
}

/** Reads what one mail service tells of mails, at `mail/events/NAME` */
export interface MailEventReader {
  /** In the path, such as `postmark` */
  name: string
  /**
   * @returns the events that matter here, in any order; the same one may come again
   * @throws UnprovenRequest when it does not prove that it is the service's, for this account
   */
  read(request: MailEventRequest): Promise<MailEvent[]>
}
