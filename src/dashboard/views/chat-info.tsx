// Who the person is, in the right zone of wide screens.
import type { ComponentChildren, JSX } from 'preact'
import type { AdminSupportChat, Attributes, MailBlock } from '../../protocol/types.ts'
import { addressOf } from './address-of.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'

export function ChatInfo({ of: chat }: { of: AdminSupportChat }): JSX.Element {
  const { words } = useDashboard()
  return (
    <section class="info-pane" aria-label={words.infoLabel}>
      <Avatar of={chat.user.name ?? addressOf(chat, words)} large />
      <ChatFacts of={chat} />
    </section>
  )
}

export function ChatFacts({ of: { id, user, user_email: email, mail_block } }: { of: AdminSupportChat }): JSX.Element {
  const { words } = useDashboard()
  return (
    <div class="facts">
      <dl>
        <Fact label={words.name}>
          {user.name === null ? <span class="faint">{words.unknown}</span> : <bdi>{user.name}</bdi>}
        </Fact>
        <Fact label={words.email}>
          {email === '' ? <span class="faint">{words.unknown}</span> : <bdi>{email}</bdi>}
          {mail_block && <Blocked chat={id} by={mail_block} />}
        </Fact>
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
    </div>
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

function Moment({ at }: { at: string }): JSX.Element {
  const { desk, moments } = useDashboard()
  return (
    <time dateTime={at} title={moments.exact(at)}>
      {moments.ago(at, desk.now.value)}
    </time>
  )
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
