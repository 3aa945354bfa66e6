import type { JSX } from 'preact'
import { useDashboard } from './context.ts'

export function SignedOut(): JSX.Element {
  const { desk, words } = useDashboard()
  // Our own sign-in page leads back here; a host's need not
  const isOurs = desk.offers.value.has('account')
  const returnTo = encodeURIComponent(location.search)
  return (
    <main class="plain">
      <h1>{words.title}</h1>
      <p>{words.signedOut}</p>
      {isOurs ? (
        <a class="button" href={`dashboard/sign_in?return_to=${returnTo}`}>
          {words.signIn}
        </a>
      ) : (
        // In a tab of its own: this page goes on when somebody comes back to it
        <a class="button" href="dashboard/sign_in" target="_blank" rel="noopener">
          {words.signIn}
        </a>
      )}
    </main>
  )
}
