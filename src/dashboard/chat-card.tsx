// One chat in the list: a real link, so that it opens in a new tab, too.
import type { JSX } from 'preact'
import type { SupportChatListItem } from '../protocol/types.ts'
import { Avatar } from './avatar.tsx'
import { ago, exact, now } from './clock.ts'
import { follow, href, route } from './routes.ts'
import { strings } from './strings.ts'

interface Props {
  chat: SupportChatListItem
}

export function ChatCard({ chat }: Props): JSX.Element {
  const here = route.value
  const open = here.chat === chat.id
  const moved = chat.archived !== here.archived
  return (
    <a
      class={`card${chat.unread ? ' is-unread' : ''}${open ? ' is-open' : ''}${moved ? ' is-leaving' : ''}`}
      href={href({ ...here, chat: chat.id, at: null })}
      aria-current={open ? 'page' : undefined}
      data-chat={chat.id}
      data-row={chat.id}
      onClick={(event) => follow(event, { chat: chat.id })}
    >
      <span class="dot" aria-hidden="true" />
      {chat.unread && <span class="sr">{strings.unread}: </span>}
      <Avatar of={chat.user_name ?? chat.user_email} />
      <span class="card-text">
        <bdi class="card-email">{chat.user_email}</bdi>
        <Preview chat={chat} />
        <span class="card-meta">
          {strings.messages(chat.message_count)}
          {chat.last_message_at !== null && (
            <>
              {' · '}
              <time dateTime={chat.last_message_at} title={exact(chat.last_message_at)}>
                {ago(chat.last_message_at, now.value)}
              </time>
            </>
          )}
        </span>
      </span>
    </a>
  )
}

function Preview({ chat: { last_message_preview: text, last_message_sender: sender } }: Props): JSX.Element {
  if (text === null) return <span class="card-preview">{strings.noPreview}</span>
  // Without the prefix the text's own direction decides at which end it is cut off
  if (sender !== 'admin') return <bdi class="card-preview">{text}</bdi>
  return (
    <span class="card-preview">
      {strings.youPrefix}
      <bdi>{text}</bdi>
    </span>
  )
}
