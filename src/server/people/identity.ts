import { DeskbellError } from '../../protocol/errors.ts'
import type { SenderType } from '../../protocol/types.ts'

/** Who is asking, as `authenticate` found out. */
export interface Identity {
  /** The host's id of this person */
  id: string
  /** Staff are `admin` */
  role: SenderType
  email: string
  name: string | null
  /** Milliseconds since 1970; after it the person's sockets are closed */
  expires_at: number | null
  /** Milliseconds since 1970: what was given out before a revocation is no longer good. A token without `iat` has 0; null: unknown */
  issued_at?: number | null
  /** A token's `jti`: one session, which can be revoked by itself */
  session_id?: string | null
}

/** The parts of a chat that decide who may touch it */
export interface Owned {
  user_id: string
}

/**
 * The one place that says who may see and do what in a chat: for REST, sockets and fan-out alike.
 * A chat that is somebody else's looks exactly like one that does not exist.
 * @throws DeskbellError `not_found`
 */
export function authorize<Chat extends Owned>(identity: Identity, chat: Chat | undefined): Chat {
  if (!chat || !mayEnter(identity, chat)) throw new DeskbellError('not_found', 'There is no such chat')
  return chat
}

export const mayEnter = (identity: Identity, chat: Owned): boolean =>
  identity.role === 'admin' || chat.user_id === identity.id

/** @throws DeskbellError `forbidden` */
export function requireAdmin(identity: Identity): void {
  if (identity.role !== 'admin') throw new DeskbellError('forbidden', 'This is for support staff')
}
