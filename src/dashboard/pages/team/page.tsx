// The team, for owners: members and their roles, invitations, and what happened.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Team } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { AuditPart } from './audit-part.tsx'
import { InvitePart } from './invite-part.tsx'
import { MemberRow } from './member-row.tsx'
import { sayRefusal } from './say-refusal.ts'
import { SentLinkNote, type Sent } from './sent-link-note.tsx'
import { StoppedMails } from './stopped-mails.tsx'

export function TeamPage(): JSX.Element {
  const { api, moments } = useDashboard()
  const [team, setTeam] = useState<Team | null>(null)
  const [isFailed, setFailed] = useState(false)
  const [changes, setChanges] = useState(0)
  const [sent, setSent] = useState<Sent | null>(null)
  const { refusal, run } = useAction()

  const load = async (): Promise<void> => {
    setFailed(false)
    try {
      setTeam(await api.json<Team>('GET', 'dashboard/team'))
    } catch {
      setFailed(true)
    }
  }
  useEffect(() => void load(), [])

  /** Does it, and shows the team as it is then */
  const change = async (work: () => Promise<void>): Promise<boolean> => {
    setSent(null)
    const worked = await run(work)
    await load()
    setChanges((n) => n + 1)
    return worked
  }

  if (team === null)
    return isFailed ? (
      <div class="blank" role="alert">
        <p>{words.failed}</p>
        <button class="button" type="button" onClick={() => void load()}>
          {words.retry}
        </button>
      </div>
    ) : (
      <div class="blank" role="status">
        <p>{words.loading}</p>
      </div>
    )
  return (
    <>
      <Part title={words.members}>
        <ul class="team">
          {team.members.map((member) => (
            <MemberRow key={member.id} of={member} passwords={team.passwords} change={change} setSent={setSent} />
          ))}
        </ul>
        <Problem text={refusal && sayRefusal(refusal)} />
        <SentLinkNote sent={sent} />
      </Part>
      <InvitePart changed={() => void load().then(() => setChanges((n) => n + 1))} />
      {team.invitations.length > 0 && (
        <Part title={words.invitations}>
          <ul class="team">
            {team.invitations.map((invitation) => (
              <li key={invitation.id}>
                <div class="team-row">
                  <span class="team-who">
                    <bdi class="team-name">{invitation.email}</bdi>
                    <span class="team-facts">
                      {words.roles[invitation.role]} · {words.invitedUntil(moments.day(invitation.expires_at))}
                    </span>
                  </span>
                  <button
                    class="button"
                    type="button"
                    aria-label={words.withdrawOf(invitation.email)}
                    onClick={() =>
                      void change(async () => {
                        await api.request('DELETE', `dashboard/team/invitations/${encodeURIComponent(invitation.id)}`)
                      })
                    }
                  >
                    {words.withdraw}
                  </button>
                </div>
                <StoppedMails of={invitation} change={change} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <AuditPart key={changes} />
    </>
  )
}
