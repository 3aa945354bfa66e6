import type { JSX } from 'preact'
import { useDashboard } from './context.ts'

export function SignedOut(): JSX.Element {
  const { words } = useDashboard()
  return (
    <main class="plain">
      <h1>{words.title}</h1>
      <p>{words.signedOut}</p>
    </main>
  )
}
