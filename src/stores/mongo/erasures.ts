import { isoTime, systemClock } from '../../server/ports/clock.ts'
import type { MongoDatabase } from './database.ts'
import { forgetHistory } from './gone-chat.ts'

/** Milliseconds after which no node that was held up writes anything of a chat that was erased */
const HELD_UP = 60_000

/** Erases what was left of chats that are gone: by a node that died while it erased, or one that was held up while it moved messages */
export async function sweepErasures(db: MongoDatabase): Promise<void> {
  const erasures = db.collection('erasures')
  const old = await erasures
    .find({ at: { $lte: isoTime(systemClock.now() - HELD_UP) } })
    .limit(100)
    .toArray()
  for (const { _id, user_id } of old) {
    const isThere = (await db.collection('chats').countDocuments({ _id }, { limit: 1 })) > 0
    if (!isThere) {
      await forgetHistory(db, _id)
      if (user_id !== null && (await db.collection('chats').countDocuments({ user_id }, { limit: 1 })) === 0)
        await db.collection('users').deleteOne({ _id: user_id })
    }
    await erasures.deleteOne({ _id })
  }
}
