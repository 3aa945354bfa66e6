// Who may do what. REST routes, socket subscriptions, actions and streams ask here, and decide nothing themselves.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity } from './identity.ts'

/** What a caller is to a chat, or to the desk as a whole */
type Standing = 'owner' | 'other user' | 'staff'

const EVERY_USER: readonly Standing[] = ['owner', 'other user']
const STAFF: readonly Standing[] = ['staff']
/** The two sides of one conversation */
const BOTH_SIDES: readonly Standing[] = ['owner', 'staff']

const ALLOWED = {
  /** Make and find one's own chat */
  open_own_chat: EVERY_USER,
  /** Ask whether something unread waits in one's own chat, without making one. Staff get the answer too: they have none */
  count_own_unread: [...EVERY_USER, ...STAFF],

  /** Messages, receipts, presence, and the stream of a chat */
  read_chat: BOTH_SIDES,
  send_message: BOTH_SIDES,
  mark_read: BOTH_SIDES,
  show_typing: BOTH_SIDES,
  /** And unarchive */
  archive_chat: STAFF,
  /** The details of the user of a chat */
  see_person: STAFF,

  /** Use what lies under `admin/`: in which chat is a question of its own */
  use_desk: STAFF,
  list_chats: STAFF,
  search_messages: STAFF,
  /** The stream that tells staff of every chat */
  hear_desk: STAFF,
} as const satisfies Record<string, readonly Standing[]>

export type Action = keyof typeof ALLOWED
export const ACTIONS = Object.keys(ALLOWED) as Action[]

/** The part of a chat that decides who may enter it */
export interface Owned {
  user_id: string
}

/**
 * Whether somebody may do something.
 * @param chat the chat it is done in. Without: whether there can be a chat in which they may, or, for what concerns no single
 *   chat, whether they may
 */
export function can(identity: Identity, action: Action, chat?: Owned): boolean {
  return ALLOWED[action].includes(standing(identity, chat))
}

function standing({ role, id }: Identity, chat: Owned | undefined): Standing {
  if (role === 'admin') return 'staff'
  return chat && chat.user_id !== id ? 'other user' : 'owner'
}

/** @throws DeskbellError `forbidden` when the caller may do so in no chat */
export function demand(identity: Identity, action: Action): void {
  if (!can(identity, action)) throw forbidden(identity)
}

/**
 * A chat in which the caller may do something. Somebody else's chat looks exactly like one that does not exist.
 * @throws DeskbellError `not_found`; `forbidden` when the chat is theirs and the action is not
 */
export function authorize<Chat extends Owned>(identity: Identity, action: Action, chat: Chat | undefined): Chat {
  if (!chat || !can(identity, 'read_chat', chat)) throw new DeskbellError('not_found', 'There is no such chat')
  if (!can(identity, action, chat)) throw forbidden(identity)
  return chat
}

const forbidden = ({ role }: Identity): DeskbellError =>
  new DeskbellError(
    'forbidden',
    role === 'admin' ? 'Support staff have no chat of their own' : 'This is for support staff',
  )
