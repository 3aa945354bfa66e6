// Who else of staff is in the open chat: who looks, in its head, and who writes, right above the box, since two answers are worse than one.
import type { JSX } from 'preact'
import type { Looking } from '../../protocol/events.ts'
import { useDashboard } from './context.ts'
import { EyeIcon, PencilIcon } from './icons.tsx'

export function LookingHere(): JSX.Element | null {
  const { desk, words } = useDashboard()
  const [first, ...more] = desk.activity.state.value?.looking ?? []
  return (
    <span class="looking" role="status">
      {first && (
        <>
          <EyeIcon />
          <bdi>{words.isLooking(first.name ?? words.aColleague, more.length)}</bdi>
        </>
      )}
    </span>
  )
}

export function Colliding({ looking }: { looking: readonly Looking[] }): JSX.Element | null {
  const { words } = useDashboard()
  const writers = looking.filter(({ writing }) => writing !== null)
  // A reply matters more than a note
  const first = writers.find(({ writing }) => writing === 'reply') ?? writers[0]
  if (!first) return null
  return (
    <span class="colliding">
      <PencilIcon />
      <bdi>{words.isWriting(first.name ?? words.aColleague, first.writing === 'note', writers.length - 1)}</bdi>
    </span>
  )
}
