import { sql, type Kysely } from 'kysely'
import type { AttachedBy, AttachmentRecord, AttachmentStore } from '../../server/ports/store/attachments.ts'
import { ATTACHMENT_COLUMNS, storedAttachment } from '../rules/attachment.ts'
import { isUuid } from '../rules/request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

type From = Pick<Kysely<Tables>, 'selectFrom'>

/** What every row of a file that is gone says. An upload may be under way still: its content is deleted once it has come or failed */
export const GONE = {
  chat_id: null,
  client_id: null,
  name: '',
  due_at: sql<string>`case when type is null then due_at else created_at end`,
} as const

export function attachments({ db, engine, transaction, insist }: SqlDatabase): AttachmentStore {
  const rows = (from: From) =>
    from.selectFrom('support_attachments').select(ATTACHMENT_COLUMNS).$castTo<AttachmentRecord>()
  const named = (from: From, { chat_id, sender_id, sender_type }: AttachedBy, clientId: string) =>
    rows(from)
      .where('chat_id', '=', chat_id)
      .where('sender_id', '=', sender_id)
      .where('sender_type', '=', sender_type)
      .where('client_id', '=', clientId)
      .executeTakeFirst()
  // As every write to a chat does, so that two uploads under one client_id come one after the other
  const lockChat = (trx: From, id: string) =>
    trx.selectFrom('support_chats').select('id').where('id', '=', id).modifyEnd(engine.lock).executeTakeFirst()

  return {
    async reserveUpload(upload, quota) {
      const { chat_id, sender_id, sender_type, size, created_at, due_at } = upload
      if (!isUuid(chat_id)) return 'no_chat'
      return transaction(async (trx) => {
        if (!(await lockChat(trx, chat_id))) return 'no_chat'
        if (quota) {
          const used = await trx
            .selectFrom('support_attachments')
            .select((e) => [e.fn.countAll<number>().as('files'), e.fn.sum<number | string | null>('size').as('bytes')])
            .where('sender_id', '=', sender_id)
            .where('sender_type', '=', sender_type)
            .where('created_at', '>', engine.time(quota.since))
            .where('uncounted', 'is', null)
            .executeTakeFirstOrThrow()
          if (used.files >= quota.files || Number(used.bytes) + size > quota.bytes) return 'too_many'
        }
        const times = { created_at: engine.time(created_at), due_at: engine.time(due_at) }
        await trx
          .insertInto('support_attachments')
          .values({ ...upload, ...times, uncounted: quota === null ? 1 : null })
          .execute()
        return 'reserved'
      })
    },

    finishUpload: ({ id, type, width, height, client_id, due_at }) =>
      transaction(async (trx) => {
        const open = rows(trx).where('id', '=', id).where('type', 'is', null).where('chat_id', 'is not', null)
        const found = await open.executeTakeFirst()
        if (!found || !(await lockChat(trx, found.chat_id))) return { kind: 'gone' }
        const before = client_id === null ? undefined : await named(trx, found, client_id)
        if (before) return { kind: 'repeated', attachment: storedAttachment(before) }
        // It may have been dropped, or gone to another chat, before the chat was locked
        const { numUpdatedRows } = await trx
          .updateTable('support_attachments')
          .set({ type, width, height, client_id, due_at: engine.time(due_at) })
          .where('id', '=', id)
          .where('chat_id', '=', found.chat_id)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return { kind: 'gone' }
        return { kind: 'stored', attachment: storedAttachment({ ...found, type, width, height }) }
      }),

    async dropUpload(id) {
      await insist(() =>
        db.updateTable('support_attachments').set(GONE).where('id', '=', id).where('message_id', 'is', null).execute(),
      )
      const row = await db.selectFrom('support_attachments').select('chat_id').where('id', '=', id).executeTakeFirst()
      return !row || row.chat_id === null
    },

    findAttachment: async (id) =>
      isUuid(id)
        ? rows(db)
            .where('id', '=', id)
            .where('type', 'is not', null)
            .where('chat_id', 'is not', null)
            .executeTakeFirst()
        : undefined,
    findUpload: (by, clientId) => named(db, by, clientId),

    async goneAttachments(at, limit) {
      const due = await db
        .selectFrom('support_attachments')
        .select('id')
        .where('due_at', '<=', engine.time(at))
        .orderBy('due_at')
        .limit(limit)
        .execute()
      const ids = due.map(({ id }) => id)
      // Mostly nothing is due, and that needs no write
      if (ids.length === 0) return []
      return transaction(async (trx) => {
        // A message may have taken one meanwhile: then it is not due any more
        await trx
          .updateTable('support_attachments')
          .set(GONE)
          .where('id', 'in', ids)
          .where('due_at', '<=', engine.time(at))
          .execute()
        const gone = trx.selectFrom('support_attachments').select('id').where('id', 'in', ids)
        return (await gone.where('chat_id', 'is', null).execute()).map(({ id }) => id)
      })
    },

    async forgetAttachments(ids) {
      if (ids.length === 0) return
      const rowsOf = db.deleteFrom('support_attachments').where('id', 'in', ids)
      await insist(() => rowsOf.where('chat_id', 'is', null).execute())
    },
  }
}
