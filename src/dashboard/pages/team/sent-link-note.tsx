import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { SentLink } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { CopyButton } from '../parts.tsx'

export interface Sent extends SentLink {
  email: string
}

/** That a link went out; or the link itself, to give it to the person */
export function SentLinkNote({ sent }: { sent: Sent | null }): JSX.Element {
  const id = useId()
  return (
    <div role="status">
      {sent?.sent === true && <p class="team-sent">{words.sent(sent.email)}</p>}
      {sent !== null && sent.link !== null && (
        <div class="team-sent">
          <p>{words.copyLink(sent.email)}</p>
          <div class="field">
            <label for={id}>{words.link}</label>
            <input id={id} readOnly value={sent.link} onFocus={(event) => event.currentTarget.select()} />
          </div>
          <div class="page-buttons">
            <CopyButton text={sent.link} label={words.copy} done={words.copied} />
          </div>
        </div>
      )}
    </div>
  )
}
