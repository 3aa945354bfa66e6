import type { Transaction } from 'kysely'
import { MAX_CANNED_REPLIES, type CannedReply } from '../../protocol/canned-replies.ts'
import type { CannedReplyStore } from '../../server/ports/store/replies.ts'
import { isSameReply, planImport, REPLY_COLUMNS } from '../rules/canned-reply.ts'
import { isUuid } from '../rules/request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

type Trx = Transaction<Tables>

export function replies({ db, engine, transaction }: SqlDatabase): CannedReplyStore {
  const all = (from: Pick<Trx, 'selectFrom'>) => from.selectFrom('support_replies').select(REPLY_COLUMNS)
  const inOrder = (from: Pick<Trx, 'selectFrom'>) => all(from).orderBy('shortcut')
  const byShortcut = (trx: Trx, shortcut: string) => all(trx).where('shortcut', '=', shortcut).executeTakeFirst()
  const stored = ({ updated_at, ...reply }: CannedReply) => ({ ...reply, updated_at: engine.time(updated_at) })
  const insert = (trx: Trx, reply: CannedReply) => trx.insertInto('support_replies').values(stored(reply)).execute()
  const update = (trx: Trx, { id, ...reply }: CannedReply) =>
    trx
      .updateTable('support_replies')
      .set({ ...reply, updated_at: engine.time(reply.updated_at) })
      .where('id', '=', id)
      .execute()

  /** Writers wait for each other: they count, and compare shortcuts, before they write. The row is one that every database has */
  const alone = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    transaction(async (trx) => {
      const lock = trx.selectFrom('support_meta').select('name').where('name', '=', 'epoch')
      await lock.modifyEnd(engine.lock).execute()
      return work(trx)
    })

  return {
    cannedReplies: () => inOrder(db).execute(),
    addCannedReply: (id, text, updated_at) =>
      alone(async (trx) => {
        const known = await byShortcut(trx, text.shortcut)
        if (known) return isSameReply(known, text) ? { kind: 'repeated', reply: known } : { kind: 'taken' }
        const { n } = await trx
          .selectFrom('support_replies')
          .select((e) => e.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
        if (Number(n) >= MAX_CANNED_REPLIES) return { kind: 'full' }
        const reply = { id, ...text, updated_at }
        await insert(trx, reply)
        return { kind: 'stored', reply }
      }),
    async changeCannedReply(id, changes, updated_at) {
      if (!isUuid(id)) return { kind: 'unknown' }
      return alone(async (trx) => {
        const known = await all(trx).where('id', '=', id).executeTakeFirst()
        if (!known) return { kind: 'unknown' }
        const reply = { ...known, ...changes, updated_at }
        if (isSameReply(known, reply)) return { kind: 'repeated', reply: known }
        const holder = await byShortcut(trx, reply.shortcut)
        if (holder && holder.id !== id) return { kind: 'taken' }
        await update(trx, reply)
        return { kind: 'stored', reply }
      })
    },
    async removeCannedReply(id) {
      if (!isUuid(id)) return false
      return alone(async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('support_replies')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        return Number(numDeletedRows) > 0
      })
    },
    importCannedReplies: (texts, at) =>
      alone(async (trx) => {
        const plan = planImport(await inOrder(trx).execute(), texts, at)
        for (const reply of plan?.added ?? []) await insert(trx, reply)
        for (const reply of plan?.changed ?? []) await update(trx, reply)
        return plan?.counts
      }),
  }
}
