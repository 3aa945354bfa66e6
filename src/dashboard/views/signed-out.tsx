import type { JSX } from 'preact'
import { useDashboard } from './context.ts'

export function SignedOut(): JSX.Element {
  const { words } = useDashboard()
  return (
    <main class="plain">
      <h1>{words.title}</h1>
      <p>{words.signedOut}</p>
      {/* In a tab of its own: this page goes on when somebody comes back to it */}
      <a class="button" href="dashboard/sign_in" target="_blank" rel="noopener">
        {words.signIn}
      </a>
    </main>
  )
}
