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
  const hasKeys = desk.preferences.singleKeys.value
  const canSearchMessages = search.canSearchMessages.value
  const label = canSearchMessages ? words.searchAllLabel : words.searchLabel
  return (
    <div class="search" role="search">
      <SearchIcon />
      <input
        id={SEARCH_ID}
        ref={input}
        type="text"
        inputMode="search"
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={MAX_SEARCH}
        dir="auto"
        aria-label={label}
        aria-keyshortcuts={hasKeys ? '/' : undefined}
        placeholder={label}
        value={text}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          // 229: as in Safari, where the Escape that ends a composition no longer says so
          if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return
          event.stopPropagation()
          if (text === '') event.currentTarget.blur()
          else search.clear()
        }}
      />
      {text === '' && hasKeys && <kbd aria-hidden="true">/</kbd>}
      {text !== '' && (
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
