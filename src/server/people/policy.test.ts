import { describe, expect, it } from 'vitest'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity } from './identity.ts'
import { ACTIONS, authorize, can, demand, type Action } from './policy.ts'

const person = (id: string, role: Identity['role']): Identity => ({
  id,
  role,
  email: `${id}@example.com`,
  name: null,
  expiresAt: null,
})
const chat = { id: 'chat', user_id: 'ada' }
const CALLERS = {
  'the user of the chat': person('ada', 'user'),
  'another user': person('bob', 'user'),
  staff: person('sam', 'admin'),
  // Ids of users and staff are apart
  'staff with the id of the user': person('ada', 'admin'),
}

const YES = true
const NO = false
/** In the order of CALLERS */
const MAY: Record<Action, [boolean, boolean, boolean, boolean]> = {
  open_own_chat: [YES, YES, NO, NO],
  count_own_unread: [YES, YES, YES, YES],
  read_chat: [YES, NO, YES, YES],
  send_message: [YES, NO, YES, YES],
  mark_read: [YES, NO, YES, YES],
  show_typing: [YES, NO, YES, YES],
  archive_chat: [NO, NO, YES, YES],
  rate_chat: [YES, YES, NO, NO],
  hand_over: [YES, YES, NO, NO],
  tag_chat: [NO, NO, YES, YES],
  block_user: [NO, NO, YES, YES],
  find_people: [NO, NO, YES, YES],
  start_chat: [NO, NO, YES, YES],
  read_activity: [NO, NO, YES, YES],
  write_note: [NO, NO, YES, YES],
  suggest_reply: [NO, NO, YES, YES],
  assign_chat: [NO, NO, YES, YES],
  view_person: [NO, NO, YES, YES],
  unblock_mail: [NO, NO, YES, YES],
  resubscribe_user: [NO, NO, YES, YES],
  use_desk: [NO, NO, YES, YES],
  list_chats: [NO, NO, YES, YES],
  list_staff: [NO, NO, YES, YES],
  search_messages: [NO, NO, YES, YES],
  see_numbers: [NO, NO, YES, YES],
  read_replies: [NO, NO, YES, YES],
  manage_replies: [NO, NO, YES, YES],
  manage_webhooks: [NO, NO, YES, YES],
  follow_desk: [NO, NO, YES, YES],
  get_pushes: [NO, NO, YES, YES],
}

const cells = Object.entries(CALLERS).flatMap(([name, caller], column) =>
  ACTIONS.map((action) => ({ name, caller, action, may: MAY[action][column] ?? NO })),
)

/** @returns the code of the error that `ask` throws */
function refusal(ask: () => unknown): string {
  try {
    ask()
    return 'allowed'
  } catch (error) {
    return error instanceof DeskbellError ? error.code : String(error)
  }
}

describe('the policy', () => {
  it.each(cells)('on $action by $name: $may', ({ caller, action, may }) => {
    expect(can(caller, action, chat)).toBe(may)
    // A chat that the caller may not read does not exist for them, whatever they want with it
    const code = !can(caller, 'read_chat', chat) ? 'not_found' : may ? 'allowed' : 'forbidden'
    expect(refusal(() => authorize(caller, action, chat))).toBe(code)
  })

  it.each(cells)('lets $name ask for $action when there can be a chat in which they may', ({ caller, action }) => {
    // Every user has a chat of their own, or can have one
    const may = MAY[action][caller.role === 'admin' ? 2 : 0]
    expect(can(caller, action)).toBe(may)
    expect(refusal(() => demand(caller, action))).toBe(may ? 'allowed' : 'forbidden')
  })

  it('answers for a chat of somebody else with the very words that it has for one that does not exist', () => {
    const bob = CALLERS['another user']
    const errors = [chat, undefined].map((asked) => {
      try {
        return authorize(bob, 'read_chat', asked)
      } catch (error) {
        return error
      }
    })
    expect(errors[0]).toBeInstanceOf(DeskbellError)
    expect(errors[0]).toEqual(errors[1])
  })
})
