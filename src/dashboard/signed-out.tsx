import type { JSX } from 'preact'
import { strings } from './strings.ts'

export function SignedOut(): JSX.Element {
  return (
    <main class="plain">
      <h1>{strings.title}</h1>
      <p>{strings.signedOut}</p>
    </main>
  )
}
