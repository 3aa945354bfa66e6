// One's own account.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { account as words } from '../../locales/account.en.ts'
import { useDashboard } from '../../views/context.ts'

export function AccountPage(): JSX.Element | null {
  const { desk } = useDashboard()
  const account = desk.account.value.value
  if (account === null) return null
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
        </dl>
      </section>
      <Sessions />
    </>
  )
}

function Sessions(): JSX.Element {
  const { api, desk } = useDashboard()
  const [failed, setFailed] = useState(false)
  const signOut = async (): Promise<void> => {
    setFailed(false)
    try {
      await api.request('POST', 'dashboard/sign_out_everywhere')
    } catch {
      return setFailed(true)
    }
    // The answer tells the page that nobody is signed in
    await desk.account.refresh()
  }
  return (
    <section class="page-part" aria-labelledby="sessions-title">
      <h3 id="sessions-title">{words.sessions}</h3>
      <p>{words.sessionsHint}</p>
      <button class="button" type="button" onClick={() => void signOut()}>
        {words.signOutEverywhere}
      </button>
      <p class="page-error" role="alert">
        {failed && words.signOutFailed}
      </p>
    </section>
  )
}
