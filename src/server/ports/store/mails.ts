import type { Mail } from '../mailer.ts'

export interface StoredMail extends Mail {
  id: string
  created_at: string
}

/** Keeps the mails of the `mailbox:` mailer */
export interface MailStore {
  saveMail(mail: StoredMail): Promise<void>
  /** Newest first */
  listMails(limit: number): Promise<StoredMail[]>
}
