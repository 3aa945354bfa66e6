import type { MailStore, StoredMail } from '../../server/ports/store/mails.ts'
import type { SqlDatabase } from './database.ts'

export function mails({ db, engine, insist }: SqlDatabase): MailStore {
  return {
    async saveMail(mail) {
      const row = { id: mail.id, mail: JSON.stringify(mail), created_at: engine.time(mail.created_at) }
      await insist(() => db.insertInto('support_mails').values(row).execute())
    },
    async listMails(limit) {
      const rows = await db.selectFrom('support_mails').select('mail').orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => JSON.parse(row.mail) as StoredMail)
    },
  }
}
