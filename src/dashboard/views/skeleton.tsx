// What stands where content will be. Screen readers hear one sentence instead.
import type { JSX } from 'preact'

const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

interface ListSkeletonProps {
  label: string
  cards?: number
}

export function ListSkeleton({ label, cards = 8 }: ListSkeletonProps): JSX.Element {
  return (
    <div class="skeleton-list" role="status">
      <span class="sr">{label}</span>
      {times(cards).map((i) => (
        <div class="skeleton-card" aria-hidden="true" key={i}>
          <span class="bone is-round" />
          <span class="card-text">
            <span class="bone is-half" />
            <span class="bone" />
            <span class="bone is-short" />
          </span>
        </div>
      ))}
    </div>
  )
}

export function ChatSkeleton({ label }: { label: string }): JSX.Element {
  return (
    <div class="skeleton-chat" role="status">
      <span class="sr">{label}</span>
      {times(5).map((i) => (
        <span class={i % 3 === 1 ? 'bone is-bubble is-own' : 'bone is-bubble'} aria-hidden="true" key={i} />
      ))}
    </div>
  )
}
