// The tags of a chat in its row of the list: as many as fit on a line.
import type { JSX } from 'preact'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { useDashboard } from './context.ts'
import { TagChip } from './tag-chip.tsx'

/** More of them would not be read in passing */
const SHOWN = 2

export function CardTags({ of: { tags } }: { of: SupportChatListItem }): JSX.Element | null {
  const { words } = useDashboard()
  if (tags.length === 0) return null
  return (
    <span class="card-tags">
      <span class="sr">{words.tags}: </span>
      {tags.slice(0, SHOWN).map((tag) => (
        <TagChip key={tag} tag={tag} />
      ))}
      {tags.length > SHOWN && <span class="card-meta">+{tags.length - SHOWN}</span>}
    </span>
  )
}
