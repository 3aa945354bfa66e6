// Which tag the list is about. The system's own menu: it is fast with many words, and right on a phone.
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useDashboard } from './context.ts'

export function TagFilter(): JSX.Element | null {
  const { desk, words } = useDashboard()
  const { cursor, lists, navigation, search, tags } = desk
  const { tag } = navigation.route.value
  const inRows = lists.current.value.rows.value.some((chat) => chat.tags.length > 0)
  const known = tags.known.value
  useEffect(() => {
    if (inRows) void tags.loadKnown()
  }, [inRows])
  // Who has none yet needs no choice among them
  if (tag === null && known.length === 0 && !inRows) return null
  const choices = tag !== null && !known.includes(tag) ? [tag, ...known] : known
  return (
    <select
      class={tag === null ? 'tag-filter' : 'tag-filter is-on'}
      aria-label={words.tagFilter}
      value={tag ?? ''}
      onFocus={() => void tags.loadKnown()}
      onPointerDown={() => void tags.loadKnown()}
      onChange={(event) => {
        cursor.at.value = null
        search.clear()
        navigation.navigate({ tag: event.currentTarget.value || null })
      }}
    >
      <option value="">{words.allTags}</option>
      {choices.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  )
}
