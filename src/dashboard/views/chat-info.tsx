// Who the person is, in the right zone of wide screens.
import type { ComponentChildren, JSX } from 'preact'
import type { AdminSupportChat, Attributes, MailBlock } from '../../protocol/types.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import { faceOf } from './address-of.ts'
import { Avatar } from './avatar.tsx'
import { Block } from './block.tsx'
import { ChatTags } from './chat-tags.tsx'
import { useDashboard } from './context.ts'
import { Moment } from './moment.tsx'

export function ChatInfo({ of: chat }: { of: AdminSupportChat }): JSX.Element {
  const { words } = useDashboard()
  return (
    <section class="info-pane" aria-label={words.infoLabel}>
      <Avatar of={chat.user.name ?? faceOf(chat)} large />
      <ChatFacts of={chat} />
    </section>
  )
}

export function ChatFacts({ of: chat }: { of: AdminSupportChat }): JSX.Element {
  const { words } = useDashboard()
  const { id, user, user_email: email, mail_block, unsubscribed_at } = chat
  return (
    <div class="facts">
      <ChatTags key={id} />
      <dl>
        <Fact label={words.name}>
          {user.name === null ? <span class="faint">{words.unknown}</span> : <bdi>{user.name}</bdi>}
        </Fact>
        <Fact label={words.email}>
          {email === '' ? <span class="faint">{words.unknown}</span> : <bdi>{email}</bdi>}
          {isVisitor(user.id) && (email !== '' || user.name !== null) && <Unverified />}
          {mail_block && <Blocked chat={id} by={mail_block} />}
          {unsubscribed_at !== null && <Unsubscribed chat={id} at={unsubscribed_at} />}
        </Fact>
        <Rating of={chat} />
        <Fact label={words.firstSeen}>
          <Moment at={user.first_seen_at} />
        </Fact>
        <Fact label={words.lastSeenLabel}>
          <Moment at={user.last_seen_at} />
        </Fact>
        <Fact label={words.page}>
          <Page url={user.page_url} />
        </Fact>
      </dl>
      <AttributeList of={user.attributes} />
      <Block />
    </div>
  )
}

/** The last one, also where it came while the chat is open */
function Rating({ of: chat }: { of: AdminSupportChat }): JSX.Element | null {
  const { desk, words } = useDashboard()
  const told = desk.activity.state.value?.activities.findLast(({ kind }) => kind === 'rated')
  const rating =
    told?.kind === 'rated' && told.created_at >= (chat.rating?.rated_at ?? '')
      ? { ...told.body, rated_at: told.created_at }
      : chat.rating
  if (rating === null) return null
  const { score, comment, rated_at: at } = rating
  return (
    <Fact label={words.rating}>
      <p>
        <span aria-hidden="true">{words.faces[score - 1]} </span>
        {words.rated(score)}
      </p>
      {comment !== null && <p dir="auto">{comment}</p>}
      <p class="faint">
        <Moment at={at} />
      </p>
    </Fact>
  )
}

function Fact({ label, children }: { label: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Of what somebody without an account said about themselves */
function Unverified(): JSX.Element {
  const { words } = useDashboard()
  return (
    <p class="unverified">
      <span class="tag">{words.unverified}</span>
      <span class="faint">{words.unverifiedHint}</span>
    </p>
  )
}

/** No e-mails go to their address */
function Blocked({ chat, by: { kind, at, reason } }: { chat: string; by: MailBlock }): JSX.Element {
  const { words, desk } = useDashboard()
  return (
    <div class="mail-block">
      <p>{words.mailBlocks[kind]}</p>
      <p class="faint">
        <Moment at={at} />
        {reason !== null && ` · ${reason}`}
      </p>
      <button class="link" type="button" onClick={() => void desk.unblockMail(chat)}>
        {words.unblockMail}
      </button>
    </div>
  )
}

/** It is their own will, so staff undo it only when they ask for it */
function Unsubscribed({ chat, at }: { chat: string; at: string }): JSX.Element {
  const { words, desk } = useDashboard()
  return (
    <div class="mail-off">
      <p>{words.unsubscribed}</p>
      <p class="faint">
        <Moment at={at} />
      </p>
      <button
        class="link"
        type="button"
        onClick={() => {
          if (confirm(words.resubscribeSure)) void desk.resubscribe(chat)
        }}
      >
        {words.resubscribe}
      </button>
    </div>
  )
}

/** What the host's app says about them, in its order */
function AttributeList({ of: attributes }: { of: Attributes }): JSX.Element | null {
  const entries = Object.entries(attributes)
  if (entries.length === 0) return null
  return (
    <dl class="attributes">
      {entries.map(([name, value]) => (
        <Fact key={name} label={<bdi>{name}</bdi>}>
          <AttributeValue of={value} />
        </Fact>
      ))}
    </dl>
  )
}

function AttributeValue({ of: value }: { of: Attributes[string] }): JSX.Element {
  const { words } = useDashboard()
  if (typeof value === 'boolean') return <>{value ? words.yes : words.no}</>
  const text = String(value)
  return /^https:\/\//i.test(text) ? <Link to={text} /> : <bdi>{text}</bdi>
}

/** The address comes from the person's browser: a link only if it is plain http(s) */
function Page({ url }: { url: string | null }): JSX.Element {
  const { words } = useDashboard()
  if (url === null || !/^https?:\/\//i.test(url)) return <span class="faint">{words.unknown}</span>
  return <Link to={url} />
}

/** The page that it leads to learns nothing of us */
function Link({ to }: { to: string }): JSX.Element {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow ugc">
      <bdi>{to.replace(/^https?:\/\//i, '')}</bdi>
    </a>
  )
}
