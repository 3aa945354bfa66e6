import type { MailStore, StoredMail } from '../../server/ports/store/mails.ts'
import type { Database } from './database.ts'

export function mails(db: Database): MailStore {
  const save = db.prepare('INSERT INTO support_mails (id, mail, created_at) VALUES (?, ?, ?)')
  const list = db.prepare<{ mail: string }>('SELECT mail FROM support_mails ORDER BY id DESC LIMIT ?')
  return {
    async saveMail(mail) {
      await db.transaction(() => save.run(mail.id, JSON.stringify(mail), mail.created_at))
    },
    listMails: async (limit) => list.all(limit).map((row) => JSON.parse(row.mail) as StoredMail),
  }
}
