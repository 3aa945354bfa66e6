import type { JSX } from 'preact'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { useDashboard } from './context.ts'

/** How the user rated the help last, as a face */
export function CardRating({ of: { rating } }: { of: SupportChatListItem }): JSX.Element | null {
  const { words } = useDashboard()
  if (rating === null) return null
  const name = words.rated(rating.score)
  return (
    <span class="card-rating" role="img" aria-label={name} title={rating.comment ?? name}>
      {words.faces[rating.score - 1]}
    </span>
  )
}
