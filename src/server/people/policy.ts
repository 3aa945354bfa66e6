// Who may do what. REST routes, subscriptions, socket actions and streams all ask here and decide nothing themselves.
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity, Role } from './identity.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

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
  /** Say how the help was, in one's own chat */
  rate_chat: EVERY_USER,
  /** Ask for a person of staff instead of the assistant, in one's own chat */
  hand_over: EVERY_USER,
  tag_chat: STAFF,
  /** Take in nothing more of a chat's user, or take it in again */
  block_user: STAFF,
  /** Find people by name or address, also those without a chat */
  find_people: STAFF,
  /** Open the chat of a user, which is created if need be */
  start_chat: STAFF,
  /** What only staff see of a chat: notes, and who did what */
  read_activity: STAFF,
  write_note: STAFF,
  /** Get a draft of a reply from the assistant */
  suggest_reply: STAFF,
  /** Say who of staff has a chat */
  assign_chat: STAFF,
  /** See the details of a chat's user */
  view_person: STAFF,
  /** Let e-mails go again to an address from which one came back */
  unblock_mail: STAFF,
  /** Send e-mails again to a user who unsubscribed, because they asked for it */
  resubscribe_user: STAFF,

  /** Use the routes under `admin/`. A route for one chat also asks for an action in that chat */
  use_desk: STAFF,
  list_chats: STAFF,
  /** Get notifications in a browser while the dashboard is closed */
  get_pushes: STAFF,
  /** See who else is staff */
  list_staff: STAFF,
  search_messages: STAFF,
  see_numbers: STAFF,
  read_replies: STAFF,
  /** Write, change, remove and import canned replies */
  manage_replies: STAFF,
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

/** Whether staff have blocked who asks, of whom nothing is taken in then */
export const isBlocked = ({ role }: Pick<Identity, 'role'>, { blocked_at }: Pick<ChatRecord, 'blocked_at'>): boolean =>
  role === 'user' && blocked_at !== null

/**
 * Asked before anything of somebody is taken in that is no message: about those the database decides, together with what it stores.
 * @throws DeskbellError `blocked` for the user of a chat whom staff have blocked
 */
export function refuseBlocked(identity: Pick<Identity, 'role'>, chat: Pick<ChatRecord, 'blocked_at'>): void {
  if (isBlocked(identity, chat)) throw new DeskbellError('blocked')
}

const forbidden = ({ role }: Identity): DeskbellError =>
  new DeskbellError(
    'forbidden',
    role === 'admin' ? 'Support staff have no chat of their own' : 'This is for support staff',
  )
