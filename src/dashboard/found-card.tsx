// A chat in which a search found something: who, and the text around it. A real link, so that it opens in a new tab, too.
import { batch } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { FoundMessage } from '../protocol/types.ts'
import { Avatar } from './avatar.tsx'
import { ago, exact, now } from './clock.ts'
import { excerpt } from './excerpt.ts'
import { jumpAgain } from './jump.ts'
import { follow, href, route } from './routes.ts'
import { strings } from './strings.ts'

export function FoundCard({ found, q }: { found: FoundMessage; q: string }): JSX.Element {
  const { chat_id: chat, user_email: email, user_name: name, message, archived } = found
  const here = route.value
  const place = { chat, at: message.seq }
  const isOpen = here.chat === chat && here.at === message.seq
  return (
    <a
      class={isOpen ? 'card found-card is-open' : 'card found-card'}
      href={href({ ...here, ...place })}
      aria-current={isOpen ? 'page' : undefined}
      data-chat={chat}
      data-row={message.id}
      onClick={(event) =>
        batch(() => {
          follow(event, place)
          if (event.defaultPrevented) jumpAgain()
        })
      }
    >
      <Avatar of={name ?? email} />
      <span class="card-text">
        <span class="found-who">
          <bdi class="card-email">{email}</bdi>
          {archived && <span class="tag">{strings.isArchived}</span>}
        </span>
        <Excerpt found={found} q={q} />
        <time class="card-meta" dateTime={message.created_at} title={exact(message.created_at)}>
          {ago(message.created_at, now.value)}
        </time>
      </span>
    </a>
  )
}

function Excerpt({ found: { message }, q }: { found: FoundMessage; q: string }): JSX.Element {
  const pieces = useMemo(() => excerpt(message.content, q), [message.content, q])
  const text = pieces.map(({ text: piece, isMatch }) => (isMatch ? <mark>{piece}</mark> : piece))
  // Without a name before it the text's own direction decides at which end it is cut off
  if (message.sender_type === 'user') return <bdi class="found-text">{text}</bdi>
  return (
    <span class="found-text">
      <bdi>{message.sender_name ?? strings.you}</bdi>
      {': '}
      <bdi>{text}</bdi>
    </span>
  )
}
