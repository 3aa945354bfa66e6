// The team, for owners: members and their roles, invitations, and what happened.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type ApiError, toApiError } from '../../../client/api-error.ts'
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
  const [error, setError] = useState<ApiError | null>(null)
  const [changes, setChanges] = useState(0)
  const [sent, setSent] = useState<Sent | null>(null)
  const { refusal, run } = useAction()

  const load = async (): Promise<void> => {
    setError(null)
    try {
      setTeam(await api.json<Team>('GET', 'dashboard/team'))
    } catch (failure) {
      setError(toApiError(failure))
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

  if (team === null) return <NoTeam error={error} retry={() => void load()} />
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

/** While it loads, and when it cannot be shown */
function NoTeam({ error, retry }: { error: ApiError | null; retry: () => void }): JSX.Element {
  if (error === null)
    return (
      <div class="blank" role="status">
        <p>{words.loading}</p>
      </div>
    )
  if (error.status === 403)
    return (
      <div class="blank" role="alert">
        <p class="blank-title">{words.forOwners}</p>
        <p>{words.forOwnersHint}</p>
      </div>
    )
  if (error.status === 404)
    return (
      <div class="blank" role="alert">
        <p>{words.noAccounts}</p>
      </div>
    )
  return (
    <div class="blank" role="alert">
      <p>{words.failed}</p>
      <button class="button" type="button" onClick={retry}>
        {words.retry}
      </button>
    </div>
  )
}
