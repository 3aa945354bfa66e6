// A tag: a short word in a colour that the word decides, so that it has the same one everywhere.
import type { JSX } from 'preact'
import { useDashboard } from './context.ts'
import { CrossIcon } from './icons.tsx'
import { hueOf } from './hue-of.ts'

interface Props {
  tag: string
  /** Shows the chats that have it */
  show?: () => void
  remove?: () => void
}

export function TagChip({ tag, show, remove }: Props): JSX.Element {
  const { words } = useDashboard()
  return (
    <span class="tag-chip" style={{ '--tag-hue': String(hueOf(tag)) }}>
      {show ? (
        <button type="button" class="tag-show" title={words.chatsWithTag(tag)} onClick={show}>
          <bdi>{tag}</bdi>
        </button>
      ) : (
        <bdi>{tag}</bdi>
      )}
      {remove && (
        <button type="button" class="tag-remove" aria-label={words.removeTag(tag)} onClick={remove}>
          <CrossIcon />
        </button>
      )}
    </span>
  )
}
