// How a person is erased bit by bit, on every engine.
import { isVisitor } from '../../protocol/visitor.ts'

/** Messages, and activities, erased in one transaction: few enough that nobody notices the wait */
export const ERASED_AT_ONCE = 200

/** What is known of an address goes with its owner. One that a visitor typed may be somebody else's, so mail blocks of it stay */
export const ownsAddress = (userId: string): boolean => !isVisitor(userId)
