import { describe, expect, it } from 'vitest'
import { at, uuid, type Kit } from './kit.ts'

export function mailboxConformance(name: string, kit: Kit): void {
  describe(`${name}: the mailbox`, () => {
    it('keeps mails, newest first', async () => {
      const mail = {
        to: { name: 'U', address: 'u@example.com' },
        subject: 's',
        text: 't',
        html: 'h',
        headers: { X: 'y' },
      }
      await kit.store.saveMail({ ...mail, id: uuid(1), created_at: at(1) })
      await kit.store.saveMail({ ...mail, id: uuid(2), created_at: at(2) })
      expect(await kit.store.listMails(1)).toEqual([{ ...mail, id: uuid(2), created_at: at(2) }])
      expect(await kit.store.listMails(9)).toHaveLength(2)
    })
  })
}
