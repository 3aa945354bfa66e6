// One chat in the list: a real link, so that it opens in a new tab, too.
import type { JSX } from 'preact'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'
import { isPlainClick } from './plain-click.ts'

interface Props {
  chat: SupportChatListItem
}

export function ChatCard({ chat }: Props): JSX.Element {
  const { desk, words } = useDashboard()
  const { navigation, preferences } = desk
  const here = navigation.route.value
  const isOpen = here.chat === chat.id
  const isLeaving = chat.archived !== here.archived
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
      <span class="dot" aria-hidden="true" />
      {chat.unread && <span class="sr">{words.unread}: </span>}
      <Avatar of={chat.user_name ?? chat.user_email} />
      {preferences.dense.value ? <TwoLines chat={chat} /> : <ThreeLines chat={chat} />}
    </a>
  )
}

function ThreeLines({ chat }: Props): JSX.Element {
  const { desk, words, moments } = useDashboard()
  return (
    <span class="card-text">
      <bdi class="card-email">{chat.user_email}</bdi>
      <Preview chat={chat} />
      <span class="card-meta">
        {words.messages(chat.message_count)}
        {chat.last_message_at !== null && (
          <>
            {' · '}
            <time dateTime={chat.last_message_at} title={moments.exact(chat.last_message_at)}>
              {moments.ago(chat.last_message_at, desk.now.value)}
            </time>
          </>
        )}
      </span>
    </span>
  )
}

function TwoLines({ chat }: Props): JSX.Element {
  const { desk, moments } = useDashboard()
  const { user_name: name, user_email: email, last_message_at: at } = chat
  return (
    <span class="card-text">
      <span class="card-line">
        {name !== null && <bdi class="card-name">{name}</bdi>}
        <bdi class={name === null ? 'card-email is-name' : 'card-email'}>{email}</bdi>
        {at !== null && (
          <time class="card-meta" dateTime={at} title={moments.exact(at)}>
            <span aria-hidden="true">{moments.short(at, desk.now.value)}</span>
            <span class="sr">{moments.ago(at, desk.now.value)}</span>
          </time>
        )}
      </span>
      <Preview chat={chat} />
    </span>
  )
}

function Preview({ chat: { last_message_preview: text, last_message_sender: sender } }: Props): JSX.Element {
  const { words } = useDashboard()
  if (text === null) return <span class="card-preview">{words.noPreview}</span>
  // Without the prefix the text's own direction decides at which end it is cut off
  if (sender !== 'admin') return <bdi class="card-preview">{text}</bdi>
  return (
    <span class="card-preview">
      {words.youPrefix}
      <bdi>{text}</bdi>
    </span>
  )
}
