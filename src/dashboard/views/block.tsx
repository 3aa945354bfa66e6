// Whether anything more of the person is taken in, below who they are.
import type { JSX } from 'preact'
import { Moment } from './moment.tsx'
import { useDashboard } from './context.ts'

export function Block(): JSX.Element {
  const { desk, words } = useDashboard()
  const { blocking } = desk
  const since = blocking.since.value
  if (since === null)
    return (
      <p class="block">
        <button class="link" type="button" onClick={() => confirm(words.blockSure) && void blocking.set(true)}>
          {words.block}
        </button>
      </p>
    )
  return (
    <div class="block mail-block">
      <p>{words.blockedHint}</p>
      <p class="faint">
        <Moment at={since} />
      </p>
      <button class="link" type="button" onClick={() => void blocking.set(false)}>
        {words.unblock}
      </button>
    </div>
  )
}
