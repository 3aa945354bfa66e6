// How a person is erased bit by bit, on every engine.
import { isVisitor } from '../../protocol/visitor.ts'
import type { ErasedOnly } from '../../server/ports/store/personal-data.ts'
import { isUntouched, type MergeableChat } from './merge.ts'
import { isOld } from './retention.ts'

/** Messages, and activities, erased in one transaction: few enough that nobody notices the wait */
export const ERASED_AT_ONCE = 200

/** What is known of an address goes with its owner. One that a visitor typed may be somebody else's, so mail blocks of it stay */
export const ownsAddress = (userId: string): boolean => !isVisitor(userId)

type ErasableChat = Pick<MergeableChat, 'archived_at' | 'last_seq' | 'last_activity_seq'>

/** Whether a user stays, since `only` is not fulfilled. @param chat as it is under its lock; undefined: they have none */
export function isKept(only: ErasedOnly | undefined, chat: ErasableChat | undefined): boolean {
  if (!only) return false
  if ('untouched' in only) return chat !== undefined && !isUntouched(chat)
  return !isOld(chat?.archived_at ?? null, only.archivedBefore)
}
