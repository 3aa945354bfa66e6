// The list of canned replies above the box, which follows what is typed: after the slash in the box, or in a field of its own.
import type { JSX, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { fillReply } from '../../client/staff/fill-reply.ts'
import type { CannedReply } from '../../protocol/canned-replies.ts'
import { replies as words } from '../locales/replies.en.ts'
import { UNKNOWN_KEY } from '../../ui/unknown-key.ts'
import { matchReplies } from '../state/reply-matches.ts'
import { useDashboard } from './context.ts'
import { isPlainClick } from './plain-click.ts'

/** A screen shows a handful; whoever wants another one types on */
const MAX_SHOWN = 50
const LIST = 'reply-list'
const optionId = (at: number): string => `reply-option-${at}`

/** The part of the box's text that a canned reply replaces */
export interface Place {
  from: number
  to: number
  /** What was typed after the slash; null: the button opened the picker, which then has a field of its own */
  typed: string | null
}

interface Props {
  place: Place
  /** What the picker lies over, with the box */
  area: () => HTMLElement | null
  box: () => HTMLTextAreaElement | null
  insert: (text: string) => void
  close: () => void
}

export function ReplyPicker({ place, area, box, insert, close }: Props): JSX.Element | null {
  const { desk } = useDashboard()
  const { all, agentName, isFailed } = desk.cannedReplies
  const [searched, setSearched] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const mayBeEnter = useRef(false)
  const hasField = place.typed === null
  const query = place.typed ?? searched
  const matches = all.value === null ? null : matchReplies(all.value, query).slice(0, MAX_SHOWN)
  const [active, setActive] = useActive(query)
  const names = { user: desk.openChat.about.value?.user.name ?? null, agent: agentName.value }
  const chosen = matches?.[Math.min(active, matches.length - 1)]
  /** A text that happens to begin with a slash */
  const isText = place.typed !== null && /\s/.test(place.typed) && !matches?.length

  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    /** @returns false: this Enter is for the box */
    const enter = (): boolean => {
      if (chosen) insert(fillReply(chosen.body, names))
      // Half a shortcut is no message, so it is not sent while they load
      return chosen !== undefined || hasField || (matches === null && !isFailed.value)
    }
    const take = (event: Event): void => {
      event.preventDefault()
      event.stopPropagation()
    }
    // Before the box, which would send on Enter, and before the shortcuts of the page
    const onKeyDown = (event: KeyboardEvent): void => {
      const isUnknown = event.keyCode === UNKNOWN_KEY
      mayBeEnter.current = isUnknown && !event.shiftKey
      if (event.isComposing || isUnknown || isText) return
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (event.key === 'Escape') close()
      else if (step !== undefined && matches !== null && matches.length > 0)
        setActive((active + step + matches.length) % matches.length)
      else if (event.key !== 'Enter' || event.shiftKey || !enter()) return
      take(event)
    }
    /** As in the box: an input method says what would come of a key, and not which one it was */
    const onBeforeInput = (event: InputEvent): void => {
      const isEnter = event.inputType === 'insertLineBreak' && !event.isComposing && mayBeEnter.current
      if (isEnter && !isText && enter()) take(event)
    }
    const element = area()
    element?.addEventListener('keydown', onKeyDown, true)
    element?.addEventListener('beforeinput', onBeforeInput, true)
    return () => {
      element?.removeEventListener('keydown', onKeyDown, true)
      element?.removeEventListener('beforeinput', onBeforeInput, true)
    }
  })
  const shownId = chosen && !isText ? optionId(matches.indexOf(chosen)) : undefined
  useOwner(() => (hasField ? field.current : box()), shownId)

  if (isText) return null
  return (
    <div
      class="reply-picker"
      role={hasField ? 'dialog' : undefined}
      aria-label={hasField ? words.title : undefined}
      // The box keeps the focus, and a keyboard on the screen stays
      onMouseDown={(event) => event.target !== field.current && event.preventDefault()}
    >
      {hasField && (
        <input
          ref={field}
          class="reply-search"
          type="text"
          role="combobox"
          aria-expanded="true"
          value={searched}
          placeholder={words.search}
          aria-label={words.search}
          autocomplete="off"
          dir="auto"
          onInput={(event) => setSearched(event.currentTarget.value)}
        />
      )}
      {matches === null ? (
        <p class="reply-none" role="status">
          {isFailed.value ? words.failed : words.loading}
        </p>
      ) : (
        <Options of={matches} chosen={chosen} names={names} insert={insert} />
      )}
      <p class="sr" role="status">
        {matches !== null && words.found(matches.length)}
      </p>
      {matches?.length === 0 && <p class="reply-none">{all.value?.length === 0 ? words.none : words.noMatch(query)}</p>}
      <Manage />
    </div>
  )
}

interface OptionsProps {
  of: CannedReply[]
  chosen: CannedReply | undefined
  names: Parameters<typeof fillReply>[1]
  insert: (text: string) => void
}

function Options({ of, chosen, names, insert }: OptionsProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <ul
      class="reply-options"
      id={LIST}
      role="listbox"
      aria-label={words.title}
      ref={list as RefObject<HTMLUListElement>}
    >
      {of.map((reply, at) => {
        const text = fillReply(reply.body, names)
        return (
          <li
            key={reply.id}
            id={optionId(at)}
            role="option"
            aria-selected={reply === chosen}
            onClick={() => insert(text)}
          >
            <bdi class="reply-shortcut">{`/${reply.shortcut}`}</bdi>
            {reply.title !== '' && <bdi class="reply-title">{reply.title}</bdi>}
            <bdi class="reply-text">{text}</bdi>
          </li>
        )
      })}
    </ul>
  )
}

/** A real link, so that it opens in a new tab, too */
function Manage(): JSX.Element {
  const { desk } = useDashboard()
  const { navigation } = desk
  return (
    <a
      class="reply-manage"
      href={navigation.href({ ...navigation.route.value, chat: null, at: null, page: 'replies' })}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        navigation.navigate({ page: 'replies' })
      }}
    >
      {words.manage}
    </a>
  )
}

/** The place in the list, which begins anew with what is searched */
function useActive(query: string): [number, (at: number) => void] {
  const [active, setActive] = useState({ query, at: 0 })
  return [active.query === query ? active.at : 0, (at) => setActive({ query, at })]
}

/** Tells screen readers which option the keys act on, by the element that has the focus */
function useOwner(owner: () => HTMLElement | null, option: string | undefined): void {
  useLayoutEffect(() => {
    const element = owner()
    const attributes = { 'aria-autocomplete': 'list', 'aria-controls': LIST, 'aria-activedescendant': option }
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) element?.setAttribute(name, value)
    }
    return () => {
      for (const name of Object.keys(attributes)) element?.removeAttribute(name)
    }
  })
}
