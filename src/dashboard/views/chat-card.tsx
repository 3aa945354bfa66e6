// One chat in the list: a real link, so that it opens in a new tab, too. Dozens of them are drawn in a second of scrolling, so it
// is one component of few elements.
import type { JSX } from 'preact'
import type { StaffSender, SupportChatListItem } from '../../protocol/types.ts'
import { addressOf, faceOf } from './address-of.ts'
import { Avatar } from './avatar.tsx'
import { type Dashboard, useDashboard } from './context.ts'
import { BlockIcon } from './icons.tsx'
import { CardRating } from './card-rating.tsx'
import { CardTags } from './card-tags.tsx'
import { firstName } from './first-name.ts'
import { isPlainClick } from './plain-click.ts'
import { plainText } from '../../protocol/formatting/plain-text.ts'

interface Props {
  chat: SupportChatListItem
}

export function ChatCard({ chat }: Props): JSX.Element {
  const dashboard = useDashboard()
  const { desk, words } = dashboard
  const { navigation, preferences } = desk
  const here = navigation.route.value
  const isOpen = here.chat === chat.id
  const isLeaving = !desk.lists.current.value.belongs(chat)
  return (
    <a
      class={`card${chat.unread ? ' is-unread' : ''}${isOpen ? ' is-open' : ''}${isLeaving ? ' is-leaving' : ''}`}
      href={navigation.href({ ...here, chat: chat.id, at: null })}
      aria-current={isOpen ? 'page' : undefined}
      data-chat={chat.id}
      data-row={chat.id}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        navigation.navigate({ chat: chat.id })
      }}
    >
      {chat.unread && <span class="dot" role="img" aria-label={words.unread} />}
      <Avatar of={chat.user_name ?? faceOf(chat)} />
      {(preferences.dense.value ? twoLines : threeLines)(chat, dashboard)}
    </a>
  )
}

function threeLines(chat: SupportChatListItem, { desk, words, moments }: Dashboard): JSX.Element {
  const at = momentOf(chat, desk)
  return (
    <span class="card-text">
      <span class="card-line">{who(chat, words)}</span>
      {preview(chat, { desk, words })}
      <span class="card-foot">
        <span class="card-meta">
          {words.messages(chat.message_count)}
          {at !== null && (
            <>
              {' · '}
              <time dateTime={at} title={moments.exact(at)}>
                {moments.ago(at, desk.now.value)}
              </time>
            </>
          )}
        </span>
        {blocked(chat, words)}
        <CardRating of={chat} />
        <CardTags of={chat} />
        {assigneeOf(chat, { desk, words })}
      </span>
    </span>
  )
}

/** What the list goes by */
const momentOf = (chat: SupportChatListItem, { lists }: Dashboard['desk']): string | null =>
  (lists.tab.value.isOfWaiting && lists.current.value === lists.tab.value && chat.waiting_since) || chat.last_message_at

function twoLines(chat: SupportChatListItem, { desk, words, moments }: Dashboard): JSX.Element {
  const at = momentOf(chat, desk)
  return (
    <span class="card-text">
      <span class="card-line">
        {who(chat, words)}
        {blocked(chat, words)}
        {assigneeOf(chat, { desk, words })}
        {at !== null && (
          <time class="card-meta" dateTime={at} title={moments.exact(at)} aria-label={moments.ago(at, desk.now.value)}>
            {moments.short(at, desk.now.value)}
          </time>
        )}
      </span>
      {preview(chat, { desk, words })}
    </span>
  )
}

function blocked({ blocked_at: at }: SupportChatListItem, words: Dashboard['words']): JSX.Element | null {
  if (at === null) return null
  return (
    <span class="card-blocked" role="img" aria-label={words.isBlocked} title={words.isBlocked}>
      <BlockIcon />
    </span>
  )
}

function who(chat: SupportChatListItem, words: Dashboard['words']): JSX.Element {
  const { user_name: name } = chat
  return (
    <>
      {name !== null && <bdi class="card-name">{name}</bdi>}
      <bdi class={name === null ? 'card-email is-name' : 'card-email'}>{addressOf(chat, words)}</bdi>
    </>
  )
}

function assigneeOf(
  { assignee }: SupportChatListItem,
  { desk, words }: Pick<Dashboard, 'desk' | 'words'>,
): JSX.Element | null {
  if (assignee === null) return null
  const isMine = desk.assignment.isMine(assignee)
  const name = isMine ? words.you : (assignee.name ?? words.aColleague)
  return (
    <span class={isMine ? 'card-assignee is-mine' : 'card-assignee'} title={words.assignedTo(name)}>
      <Avatar of={assignee.name ?? name} />
      <span class="sr">{words.assignedTo(name)}</span>
    </span>
  )
}

function sender(by: StaffSender | null, { desk, words }: Pick<Dashboard, 'desk' | 'words'>): string {
  const { name, automated } = by ?? {}
  if (automated) return name ?? words.automated
  return desk.assignment.isMine(by) ? words.you : name ? firstName(name) : words.aColleague
}

function preview(chat: SupportChatListItem, { desk, words }: Pick<Dashboard, 'desk' | 'words'>): JSX.Element {
  const { last_message_preview: start, last_message_sender: side, last_message_by: by } = chat
  if (start === null) return <span class="card-preview">{words.noPreview}</span>
  const text = plainText(start)
  // The text's own direction decides at which end it is cut off
  if (side !== 'admin') return <bdi class="card-preview">{text}</bdi>
  return (
    <span class="card-preview is-reply">
      <bdi class="card-by">{sender(by, { desk, words })}</bdi>
      {words.colon}
      <bdi>{text}</bdi>
    </span>
  )
}
