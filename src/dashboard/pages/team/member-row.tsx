import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SentLink, StaffRole, TeamMember } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { Avatar } from '../../views/avatar.tsx'
import { useDashboard } from '../../views/context.ts'
import type { Sent } from './sent-link-note.tsx'
import { StoppedMails } from './stopped-mails.tsx'

interface Props {
  of: TeamMember
  /** Members can sign in with passwords */
  passwords: boolean
  change: (work: () => Promise<void>) => Promise<boolean>
  setSent: (sent: Sent) => void
}

export function MemberRow({ of: member, passwords, change, setSent }: Props): JSX.Element {
  const { api, desk, moments } = useDashboard()
  const [isOpen, setOpen] = useState(false)
  const who = member.name ?? member.email
  const path = `dashboard/team/${member.id}`
  const setRole = (role: StaffRole) =>
    change(async () => {
      await api.request('PATCH', path, { role })
    })
  const seen = member.last_seen_at
  return (
    <li>
      <div class="team-row">
        <Avatar of={who} />
        <span class="team-who">
          <span class="team-name">
            <bdi>{who}</bdi>
            {member.is_you && <span class="tag">{words.you}</span>}
          </span>
          <span class="team-facts">
            {member.name !== null && (
              <>
                <bdi>{member.email}</bdi>
                <br />
              </>
            )}
            {seen === null ? words.neverSeen : words.lastSeen(moments.ago(seen, desk.now.value))}
            {member.two_factor && ` · ${words.twoFactor}`}
          </span>
        </span>
        <select
          class="team-role"
          aria-label={words.roleOf(who)}
          value={member.role}
          onChange={(event) => {
            const select = event.currentTarget
            void setRole(select.value as StaffRole).then((worked) => {
              // What was refused is not shown as if it were so
              if (!worked) select.value = member.role
            })
          }}
        >
          <option value="owner">{words.roles.owner}</option>
          <option value="agent">{words.roles.agent}</option>
        </select>
        <button
          class="button"
          type="button"
          aria-expanded={isOpen}
          aria-label={words.actionsOf(who)}
          onClick={() => setOpen(!isOpen)}
        >
          {words.actions}
        </button>
      </div>
      <StoppedMails of={member} change={change} />
      {isOpen && (
        <div class="page-buttons team-actions">
          {passwords && !member.is_you && (
            <button
              class="button"
              type="button"
              onClick={() =>
                void change(async () => {
                  const link = await api.json<SentLink>('POST', `${path}/reset`)
                  setSent({ ...link, email: member.email })
                })
              }
            >
              {words.resetLink}
            </button>
          )}
          {member.two_factor && !member.is_you && (
            <button
              class="button"
              type="button"
              onClick={() => {
                if (!confirm(words.twoFactorSure(who))) return
                void change(async () => {
                  await api.request('DELETE', `${path}/two_factor`)
                })
              }}
            >
              {words.twoFactorOff}
            </button>
          )}
          <button
            class="button is-danger"
            type="button"
            onClick={() => {
              if (!confirm(words.removeSure(who))) return
              void change(async () => {
                await api.request('DELETE', path)
              })
            }}
          >
            {words.remove}
          </button>
        </div>
      )}
    </li>
  )
}
