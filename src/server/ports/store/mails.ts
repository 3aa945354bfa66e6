import type { Mail } from '../mailer.ts'

export interface StoredMail extends Mail {
  id: string
  created_at: string
}

/** The `mailbox:` mailer keeps its mails here */
export interface MailStore {
  saveMail(mail: StoredMail): Promise<void>
  /** Newest first */
  listMails(limit: number): Promise<StoredMail[]>
}
