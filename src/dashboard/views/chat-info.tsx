// The right zone, on wide screens: who the person is.
import type { ComponentChildren, JSX } from 'preact'
import type { AdminSupportChat } from '../../protocol/types.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'

export function ChatInfo({ of: { user, user_email: email } }: { of: AdminSupportChat }): JSX.Element {
  const { words } = useDashboard()
  return (
    <section class="info-pane" aria-label={words.infoLabel}>
      <Avatar of={user.name ?? email} large />
      <dl>
        <Fact label={words.name}>
          {user.name === null ? <span class="faint">{words.unknown}</span> : <bdi>{user.name}</bdi>}
        </Fact>
        <Fact label={words.email}>
          <bdi>{email}</bdi>
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
    </section>
  )
}

function Fact({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Moment({ at }: { at: string }): JSX.Element {
  const { desk, moments } = useDashboard()
  return (
    <time dateTime={at} title={moments.exact(at)}>
      {moments.ago(at, desk.now.value)}
    </time>
  )
}

/** The address comes from the person's browser: a link only if it is plain http(s), and it learns nothing of us */
function Page({ url }: { url: string | null }): JSX.Element {
  const { words } = useDashboard()
  if (url === null || !/^https?:\/\//i.test(url)) return <span class="faint">{words.unknown}</span>
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow ugc">
      <bdi>{url.replace(/^https?:\/\//i, '')}</bdi>
    </a>
  )
}
