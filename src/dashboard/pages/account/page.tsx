// One's own account.
import type { JSX } from 'preact'
import { account as words } from '../../locales/account.en.ts'
import { useDashboard } from '../../views/context.ts'
import { Part, Problem } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { PasswordPart } from './password-part.tsx'
import { TwoFactorPart } from './two-factor-part.tsx'

export function AccountPage(): JSX.Element | null {
  const { desk } = useDashboard()
  const account = desk.account.value.value
  if (account === null) return null
  const { member } = account
  return (
    <>
      <section class="page-part">
        <dl class="facts">
          <dt>{words.name}</dt>
          <dd>
            <bdi>{account.name ?? words.unnamed}</bdi>
          </dd>
          <dt>{words.email}</dt>
          <dd>
            <bdi>{account.email}</bdi>
          </dd>
          <dt>{words.role}</dt>
          <dd>{member === null ? words.byToken : words.roles[member.role]}</dd>
          {member !== null && member.provider !== null && (
            <>
              <dt>{words.provider}</dt>
              <dd>
                <bdi>{member.provider}</bdi>
              </dd>
            </>
          )}
        </dl>
      </section>
      {member?.has_password === true && <PasswordPart />}
      {member?.has_password === true && <TwoFactorPart of={member} />}
      <Sessions />
    </>
  )
}

function Sessions(): JSX.Element {
  const { api, desk } = useDashboard()
  const { refusal, run } = useAction()
  return (
    <Part title={words.sessions}>
      <p>{words.sessionsHint}</p>
      <button
        class="button"
        type="button"
        onClick={() =>
          void run(async () => {
            await api.request('POST', 'dashboard/sign_out_everywhere')
            // The answer tells the page that nobody is signed in
            await desk.account.refresh()
          })
        }
      >
        {words.signOutEverywhere}
      </button>
      <Problem text={refusal && words.signOutFailed} />
    </Part>
  )
}
