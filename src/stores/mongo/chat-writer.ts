import type { MongoDatabase } from './database.ts'
import { setDerived } from './chat-document.ts'
import type { ChatDoc } from './documents.ts'
import { doEffects, leftBefore } from './effects.ts'
import { finishMerge } from './merging.ts'
import { othersTurn } from './others-turn.ts'
import { isFull, moveTails } from './tails.ts'
import { systemClock } from '../../server/ports/clock.ts'
import { sweepErasures } from './erasures.ts'

export interface ChatDecision<Result> {
  /** False: nothing is written */
  changed: boolean
  result: Result
}

/**
 * Changes a chat: all of it, or nothing. `decide` is asked again when somebody else was faster.
 * @param decide gets a copy, which it changes. What it reads besides is as it was after the copy was read
 * @returns undefined: there is no such chat
 */
export const changeChat = <Result>(
  db: MongoDatabase,
  id: string,
  decide: (chat: ChatDoc) => ChatDecision<Result> | Promise<ChatDecision<Result>>,
): Promise<Result | undefined> => db.inTurn(id, () => change(db, id, decide))

async function change<Result>(
  db: MongoDatabase,
  id: string,
  decide: (chat: ChatDoc) => ChatDecision<Result> | Promise<ChatDecision<Result>>,
): Promise<Result | undefined> {
  const chats = db.collection('chats')
  for (let tries = 0; ; tries++) {
    db.checkOpen()
    if (tries > 0) await othersTurn(tries)
    const before = await chats.findOne({ _id: id })
    if (!before) return undefined
    if (before.merging) {
      await finishMerge(db, before.merging.theirs)
      continue
    }
    if (isFull(before)) {
      await settle(db, before)
      continue
    }
    const chat = structuredClone(before)
    const { changed, result } = await decide(chat)
    if (!changed) return result
    chat.version++
    setDerived(chat)
    if (!(await db.replace(chats, before, chat))) continue
    await settle(db, chat)
    return result
  }
}

/** After a change: it was decided, so that whoever comes later does what is left where this fails */
async function settle(db: MongoDatabase, chat: ChatDoc): Promise<void> {
  const settled = chat.effects_at === null ? chat : await doEffects(db, chat)
  await moveTails(db, settled)
}

/** Milliseconds after which the node that has something to do about a chat is taken for dead, and between two looks for such chats */
const LEFT = 5_000
const LOOK_EVERY = 10_000
const looked = new WeakMap<MongoDatabase, number>()

/** Does what nodes that died left. Called by what servers call again and again; it looks every few seconds */
export async function doWhatIsLeft(db: MongoDatabase): Promise<void> {
  const now = systemClock.now()
  if (now - (looked.get(db) ?? 0) < LOOK_EVERY) return
  looked.set(db, now)
  for (const chat of await leftBefore(db, LEFT)) {
    if (chat.merging) await finishMerge(db, chat.merging.theirs)
    else await doEffects(db, chat)
  }
  await sweepErasures(db)
}
