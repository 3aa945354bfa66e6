// What is behind the dashboard's page, and what of the browser it needs. `create-desk.ts` puts it together.
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Cable } from '../../client/connection/cable.ts'
import type { KeyValue } from '../../client/storage.ts'
import type { FoundPerson, SupportChatListItem } from '../../protocol/types.ts'
import type { Account } from './account.ts'
import type { Alerts } from './alerts.ts'
import type { ChatTags } from './chat-tags.ts'
import type { Assignment } from './assignment.ts'
import type { Blocking } from './blocking.ts'
import type { CannedReplies } from './canned-replies.ts'
import type { DeskApi } from './desk-api.ts'
import type { AddressBar, BrowserTabs, Clock, Desktop, Notice, Visibility } from './environment.ts'
import type { Failure } from './failure-notice.ts'
import type { Jump } from './jump.ts'
import type { Lists } from './lists.ts'
import type { Navigation } from './navigation.ts'
import type { OpenActivity } from './open-activity.ts'
import type { OpenChat } from './open-chat.ts'
import type { Preferences } from './preferences.ts'
import type { RowCursor } from './row-cursor.ts'
import type { Search } from './search.ts'
import type { Selection } from './selection.ts'
import type { Settling } from './settling.ts'

export interface DeskOptions {
  api: DeskApi
  cable: Cable
  location: AddressBar
  visibility: Visibility
  /** Calls `tell` with whether somebody is there, now and after each change; the returned function ends that */
  watchAttendance: (tell: (attended: boolean) => void) => () => void
  clock: Clock
  /** Where unsent replies and preferences survive the page */
  storage: KeyValue
  /** The device has a network, as far as it knows */
  isOnline: () => boolean
  desktop: Desktop
  tabs: BrowserTabs
  /** False: the browser lets this page play no sound yet */
  canChime: () => boolean
  /** What was written before it is no news: when the page began to load, or the session before ended (ms since 1970) */
  begun: number
  /** Plays the sound of a new message */
  chime: () => void
  /** What a notification about these chats says */
  describe: (chats: readonly SupportChatListItem[]) => Pick<Notice, 'title' | 'body'>
}

export interface Desk {
  /** The session has ended, or another person has signed in. The desk then does nothing more */
  readonly signedOut: ReadonlySignal<boolean>
  readonly navigation: Navigation
  /** What the server offers besides chats, by relation */
  readonly offers: ReadonlySignal<ReadonlySet<string>>
  readonly account: Account
  readonly cannedReplies: CannedReplies
  /** Of the open chat */
  readonly tags: ChatTags
  /** Of the open chat */
  readonly blocking: Blocking
  readonly lists: Lists
  readonly search: Search
  readonly cursor: RowCursor
  readonly selection: Selection
  readonly openChat: OpenChat
  /** What only staff see of the open chat */
  readonly activity: OpenActivity
  /** Who of staff has which chat */
  readonly assignment: Assignment
  readonly jump: Jump
  /** Active chats with something unread */
  readonly unread: ReadonlySignal<number>
  /** That the connection is away; null: nothing to say */
  readonly connectionNotice: ReadonlySignal<'offline' | 'reconnecting' | null>
  readonly failure: ReadonlySignal<Failure | null>
  readonly preferences: Preferences
  readonly desktop: Desktop
  readonly alerts: Pick<Alerts, 'isOn'>
  /** Chats that somebody else has just archived or restored: no click undoes that yet */
  readonly settling: Pick<Settling<boolean>, 'has'>
  /** Milliseconds since 1970-01-01 UTC, a few times a minute */
  readonly now: ReadonlySignal<number>
  readonly isAttended: ReadonlySignal<boolean>
  /** What the palette offers: everything, or people with whom to start a chat; null: it is closed */
  readonly palette: Signal<'all' | 'people' | null>
  readonly clock: Clock
  /** Resolves to whether it worked; never rejects */
  archive(chat: string, archived: boolean): Promise<boolean>
  /** Opens the chat with somebody, which is created if need be, to write to them; never rejects */
  writeTo(person: Pick<FoundPerson, 'id' | 'chat_id'>): Promise<void>
  /** The chat in which the box is to have the focus once it is there */
  readonly toWriteIn: Signal<string | null>
  /** Lets e-mails go to the address of the chat's user again; never rejects */
  unblockMail(chat: string): Promise<void>
  /** Sends e-mails again to the chat's user, who unsubscribed; never rejects */
  resubscribe(chat: string): Promise<void>
  /** Ends all timers, effects and connections */
  close(): void
}
