import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { MAX_SEARCH } from '../../protocol/search-query.ts'
import { useDashboard } from './context.ts'
import { CrossIcon, SearchIcon } from './icons.tsx'

export const SEARCH_ID = 'search'

export function SearchBox(): JSX.Element {
  const { desk, words } = useDashboard()
  const { search } = desk
  const input = useRef<HTMLInputElement>(null)
  const text = search.text.value
  const canSearchMessages = search.canSearchMessages.value
  const label = canSearchMessages ? words.searchAllLabel : words.searchLabel
  return (
    <div class="search" role="search">
      <SearchIcon />
      <input
        id={SEARCH_ID}
        ref={input}
        type="text"
        inputMode={canSearchMessages ? 'search' : 'email'}
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={MAX_SEARCH}
        dir="auto"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        value={text}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.isComposing) return
          event.stopPropagation()
          if (text === '') event.currentTarget.blur()
          else search.clear()
        }}
      />
      {text === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button
          class="icon-button"
          type="button"
          aria-label={words.searchClear}
          onClick={() => {
            search.clear()
            input.current?.focus()
          }}
        >
          <CrossIcon />
        </button>
      )}
    </div>
  )
}
