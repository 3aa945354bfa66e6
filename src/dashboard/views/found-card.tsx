// A chat in which a search found something: who, and the text around it. A real link, so that it opens in a new tab, too.
import { batch } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { FoundMessage } from '../../protocol/types.ts'
import { addressOf, faceOf } from './address-of.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'
import { excerpt } from './excerpt.ts'
import { isPlainClick } from './plain-click.ts'
import { plainText } from '../../protocol/formatting/plain-text.ts'
import { Who } from './who.tsx'

export function FoundCard({ found, q }: { found: FoundMessage; q: string }): JSX.Element {
  const { chat_id: chat, user_name: name, message, archived } = found
  const { desk, words, moments } = useDashboard()
  const address = addressOf(found, words)
  const { navigation } = desk
  const here = navigation.route.value
  const target = { chat, at: message.seq }
  const isOpen = here.chat === chat && here.at === message.seq
  return (
    <a
      class={isOpen ? 'card found-card is-open' : 'card found-card'}
      href={navigation.href({ ...here, ...target })}
      aria-current={isOpen ? 'page' : undefined}
      data-chat={chat}
      data-row={message.id}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        batch(() => {
          navigation.navigate(target)
          desk.jump.again()
        })
      }}
    >
      <Avatar of={name ?? faceOf(found)} />
      <span class="card-text">
        <span class="card-line found-who">
          <Who name={name} address={address} />
          {archived && <span class="tag">{words.isArchived}</span>}
        </span>
        <Excerpt found={found} q={q} />
        <time class="card-meta" dateTime={message.created_at} title={moments.exact(message.created_at)}>
          {moments.ago(message.created_at, desk.now.value)}
        </time>
      </span>
    </a>
  )
}

function Excerpt({ found: { message }, q }: { found: FoundMessage; q: string }): JSX.Element {
  const { words } = useDashboard()
  const pieces = useMemo(() => excerpt(plainText(message.content), q), [message.content, q])
  const text = pieces.map(({ text: piece, isMatch }) => (isMatch ? <mark>{piece}</mark> : piece))
  // Without a name before it the text's own direction decides at which end it is cut off
  if (message.sender_type === 'user') return <bdi class="found-text">{text}</bdi>
  return (
    <span class="found-text">
      <bdi>{message.sender_name ?? words.you}</bdi>
      {': '}
      <bdi>{text}</bdi>
    </span>
  )
}
