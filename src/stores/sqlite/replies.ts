import { MAX_CANNED_REPLIES, type CannedReply } from '../../protocol/canned-replies.ts'
import type { CannedReplyStore } from '../../server/ports/store/replies.ts'
import { isSameReply, planImport, REPLY_COLUMNS } from '../rules/canned-reply.ts'
import type { Database } from './database.ts'

export function replies(db: Database): CannedReplyStore {
  const columns = REPLY_COLUMNS.join()
  const all = db.prepare<CannedReply>(`SELECT ${columns} FROM support_replies ORDER BY shortcut`)
  const byId = db.prepare<CannedReply>(`SELECT ${columns} FROM support_replies WHERE id = ?`)
  const byShortcut = db.prepare<CannedReply>(`SELECT ${columns} FROM support_replies WHERE shortcut = ?`)
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM support_replies')
  const insert = db.prepare(`INSERT INTO support_replies (${columns}) VALUES (${REPLY_COLUMNS.map(() => '?').join()})`)
  const update = db.prepare(
    'UPDATE support_replies SET shortcut = ?2, title = ?3, body = ?4, updated_at = ?5 WHERE id = ?1',
  )
  const remove = db.prepare('DELETE FROM support_replies WHERE id = ?')
  const add = (reply: CannedReply): void => void insert.run(...REPLY_COLUMNS.map((column) => reply[column]))
  const change = ({ id, shortcut, title, body, updated_at }: CannedReply): void =>
    void update.run(id, shortcut, title, body, updated_at)

  return {
    cannedReplies: async () => all.all(),
    addCannedReply: (id, text, updated_at) =>
      db.transaction(() => {
        const known = byShortcut.get(text.shortcut)
        if (known) return isSameReply(known, text) ? { kind: 'repeated', reply: known } : { kind: 'taken' }
        if ((count.get()?.n ?? 0) >= MAX_CANNED_REPLIES) return { kind: 'full' }
        const reply = { id, ...text, updated_at }
        add(reply)
        return { kind: 'stored', reply }
      }),
    changeCannedReply: (id, changes, updated_at) =>
      db.transaction(() => {
        const known = byId.get(id)
        if (!known) return { kind: 'unknown' }
        const reply = { ...known, ...changes, updated_at }
        if (isSameReply(known, reply)) return { kind: 'repeated', reply: known }
        const holder = byShortcut.get(reply.shortcut)
        if (holder && holder.id !== id) return { kind: 'taken' }
        change(reply)
        return { kind: 'stored', reply }
      }),
    removeCannedReply: (id) => db.transaction(() => remove.run(id) > 0),
    importCannedReplies: (texts, at) =>
      db.transaction(() => {
        const plan = planImport(all.all(), texts, at)
        plan?.added.forEach(add)
        plan?.changed.forEach(change)
        return plan?.counts
      }),
  }
}
