// Who may do what. REST routes, subscriptions, socket actions and streams all ask here and decide nothing themselves.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity, Role } from './identity.ts'

/** What a caller is to a chat, or to the whole desk */
type Standing = 'owner' | 'other user' | 'staff'

const EVERY_USER: readonly Standing[] = ['owner', 'other user']
const STAFF: readonly Standing[] = ['staff']
/** The two sides of one conversation */
const BOTH_SIDES: readonly Standing[] = ['owner', 'staff']

const ALLOWED = {
  /** Create and find one's own chat */
  open_own_chat: EVERY_USER,
  /** Count what is unread in one's own chat, without creating one. Staff have no chat; for them the count is 0 */
  count_own_unread: [...EVERY_USER, ...STAFF],

  /** Messages, read marks, presence and the stream of a chat */
  read_chat: BOTH_SIDES,
  send_message: BOTH_SIDES,
  mark_read: BOTH_SIDES,
  show_typing: BOTH_SIDES,
  /** Archive and unarchive */
  archive_chat: STAFF,
  /** See the details of a chat's user */
  view_person: STAFF,
  /** Let e-mails go again to an address from which one came back */
  unblock_mail: STAFF,

  /** Use the routes under `admin/`. A route for one chat also asks for an action in that chat */
  use_desk: STAFF,
  list_chats: STAFF,
  search_messages: STAFF,
  /** See the log of webhooks, and send one again */
  manage_webhooks: STAFF,
  /** Subscribe to the stream about all chats */
  follow_desk: STAFF,
} as const satisfies Record<string, readonly Standing[]>

export type Action = keyof typeof ALLOWED
export const ACTIONS = Object.keys(ALLOWED) as Action[]

/** The part of a chat that decides who may enter it */
export interface Owned {
  user_id: string
}

/**
 * Whether somebody may do an action.
 * @param chat the chat in which they do it. Without it: whether there can be a chat in which they may. Actions that concern no
 *   single chat, such as `list_chats`, need none
 */
export function can(identity: Pick<Identity, 'role' | 'id'>, action: Action, chat?: Owned): boolean {
  return ALLOWED[action].includes(standing(identity, chat))
}

/** Whose credentials an action needs */
export const rolesOf = (action: Action): Role[] =>
  (['user', 'admin'] as const).filter((role) => can({ role, id: '' }, action))

function standing({ role, id }: Pick<Identity, 'role' | 'id'>, chat: Owned | undefined): Standing {
  if (role === 'admin') return 'staff'
  return chat && chat.user_id !== id ? 'other user' : 'owner'
}

/** @throws DeskbellError `forbidden` when there can be no chat in which the caller may do the action */
export function demand(identity: Identity, action: Action): void {
  if (!can(identity, action)) throw forbidden(identity)
}

/**
 * Returns the chat when the caller may do the action in it. Somebody else's chat looks exactly like one that does not exist.
 * @throws DeskbellError `not_found`; `forbidden` when they may read the chat but not do the action
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
