import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { MAX_SEARCH } from '../protocol/search-query.ts'
import { query } from './desk.ts'
import { CrossIcon, SearchIcon } from './icons.tsx'
import { canSearchMessages } from './link.ts'
import { strings } from './strings.ts'

const PAUSE = 200
export const SEARCH_ID = 'search'

export function SearchBox(): JSX.Element {
  const [text, setText] = useState(query.value)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const timer = setTimeout(() => {
      query.value = text
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [text])
  const label = canSearchMessages.value ? strings.searchAllLabel : strings.searchLabel
  const clear = (): void => {
    setText('')
    query.value = ''
  }
  return (
    <div class="search" role="search">
      <SearchIcon />
      <input
        id={SEARCH_ID}
        ref={input}
        type="text"
        inputMode={canSearchMessages.value ? 'search' : 'email'}
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
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.isComposing) return
          event.stopPropagation()
          if (text === '') event.currentTarget.blur()
          else clear()
        }}
      />
      {text === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button
          class="icon-button"
          type="button"
          aria-label={strings.searchClear}
          onClick={() => {
            clear()
            input.current?.focus()
          }}
        >
          <CrossIcon />
        </button>
      )}
    </div>
  )
}
