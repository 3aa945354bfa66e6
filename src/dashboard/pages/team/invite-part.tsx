import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { SentLink, StaffRole } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Field, Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { sayRefusal } from './say-refusal.ts'
import { SentLinkNote, type Sent } from './sent-link-note.tsx'

export function InvitePart({ changed }: { changed: () => void }): JSX.Element {
  const { api } = useDashboard()
  const { isBusy, refusal, run } = useAction()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<StaffRole>('agent')
  const [sent, setSent] = useState<Sent | null>(null)
  const roleId = useId()
  const invite = async (): Promise<void> => {
    setSent(null)
    const worked = await run(async () => {
      const link = await api.json<SentLink>('POST', 'dashboard/team/invitations', { email, role })
      setSent({ ...link, email })
    })
    if (!worked) return
    setEmail('')
    changed()
  }
  return (
    <Part title={words.invite}>
      <p>{words.inviteHint}</p>
      <form
        class="page-form"
        onSubmit={(event) => {
          event.preventDefault()
          void invite()
        }}
      >
        <Field label={words.email} type="email" value={email} set={setEmail} />
        <div class="field">
          <label for={roleId}>{words.role}</label>
          <select
            id={roleId}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value === 'owner' ? 'owner' : 'agent')}
          >
            <option value="agent">{words.roles.agent}</option>
            <option value="owner">{words.roles.owner}</option>
          </select>
        </div>
        <button class="button" aria-disabled={isBusy}>
          {words.send}
        </button>
      </form>
      <Problem text={refusal && sayRefusal(refusal)} />
      <SentLinkNote sent={sent} />
    </Part>
  )
}
