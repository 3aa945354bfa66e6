// The palette on the screen: a box, and below it what it finds, as a list that the box controls (the combobox pattern of ARIA).
import { computed } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { MAX_SEARCH } from '../../protocol/search-query.ts'
import { lateStyles } from '../late-styles.ts'
import { palette as say } from '../locales/palette.en.ts'
import { addressOf, faceOf } from '../views/address-of.ts'
import { Avatar } from '../views/avatar.tsx'
import { useDashboard } from '../views/context.ts'
import { focusTitle } from '../views/focus-title.ts'
import { SearchIcon } from '../views/icons.tsx'
import { isNarrow } from '../views/narrow.ts'
import { SEARCH_ID } from '../views/search-box.tsx'
import { commandsOf } from './commands.ts'
import { Palette, type Command, type Entry } from './palette.ts'
import type { FoundPerson, SupportChatListItem } from '../../protocol/types.ts'

const LIST_ID = 'palette-list'
/** A number: what an entry is called may have spaces, which separate ids */
const entryId = (at: number): string => `palette-entry-${at}`

export const paletteStyles = lateStyles(new URL('../css/palette.css', import.meta.url).href)

interface Props {
  /** In the box already, from before this was loaded */
  typed: string
  /** Nothing but people, with one of whom to start a chat */
  isOnlyPeople: boolean
}

export function PaletteDialog({ typed, isOnlyPeople }: Props): JSX.Element {
  const { desk, api, words } = useDashboard()
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  /** Done once the dialog has closed and has given the focus back */
  const wanted = useRef<(() => void) | null>(null)
  const palette = useMemo(() => {
    const made = new Palette({
      commands: () => commandsOf(desk, words, say),
      otherwise: (q) => ({ label: say.searchFor(q), run: () => searchList(q) }),
      rows: computed(() => desk.lists.tab.value.rows.value),
      load: (query) => api.adminChats(query),
      loadPeople: (q) => api.adminPeople(q),
      isOnlyPeople,
      clock: desk.clock,
    })
    made.type(typed)
    return made
  }, [desk])
  useEffect(() => () => palette.close(), [palette])
  useLayoutEffect(() => dialog.current?.showModal(), [])
  const chosen = palette.chosen.value
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen?.id])

  function searchList(q: string): void {
    if (isNarrow()) desk.navigation.navigate({ chat: null, page: null })
    desk.search.type(q)
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#${SEARCH_ID}`)?.focus())
  }

  function take(entry: Entry | null): void {
    if (entry === null) return
    wanted.current = doing(entry)
    dialog.current?.close()
  }

  function doing(entry: Entry): () => void {
    if (entry.kind === 'command') return entry.command.run
    if (entry.kind === 'person') return () => void desk.writeTo(entry.person)
    return () => {
      desk.navigation.navigate({ chat: entry.chat.id })
      requestAnimationFrame(focusTitle)
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    // An input method has the key
    if (event.isComposing || event.keyCode === 229) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === 1 || step === -1) palette.move(step)
    else if (event.key === 'Enter') take(palette.chosen.peek())
    else return
    event.preventDefault()
  }

  const text = palette.text.value
  const label = isOnlyPeople ? say.newChat : say.label
  const groups = palette.groups.value
  const all = groups.flatMap(({ entries }) => entries)
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={label}
      onClose={() => {
        desk.palette.value = null
        wanted.current?.()
      }}
      // A click on the backdrop is a click on the dialog itself
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div class="palette-box">
        <SearchIcon />
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={LIST_ID}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? entryId(all.indexOf(chosen)) : undefined}
          placeholder={isOnlyPeople ? say.newChatPlaceholder : say.placeholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="go"
          maxLength={MAX_SEARCH}
          dir="auto"
          value={text}
          onInput={(event) => palette.type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div class="palette-list" id={LIST_ID} role="listbox" aria-label={label} ref={list}>
        {groups.map(({ name, entries }) => (
          <div key={name} role="group" aria-labelledby={`palette-${name}`}>
            <p class="palette-group" id={`palette-${name}`} role="presentation">
              {say.headings[name]}
            </p>
            {entries.map((entry) => (
              <div
                key={entry.id}
                id={entryId(all.indexOf(entry))}
                class="palette-entry"
                role="option"
                aria-selected={entry.id === chosen?.id}
                onPointerMove={() => palette.pick(entry.id)}
                onClick={() => take(entry)}
              >
                <Line of={entry} />
              </div>
            ))}
          </div>
        ))}
      </div>
      {isOnlyPeople && groups.length === 0 && (
        <p class="palette-nothing">
          {text.trim() === '' ? say.newChatHint : palette.isSearching.value ? say.searching : say.nobody(text.trim())}
        </p>
      )}
      <p class="sr" role="status">
        {palette.isSearching.value ? say.searching : say.count(all.length)}
      </p>
      <p class="palette-hints" aria-hidden="true">
        {say.hints.map(([keys, what]) => (
          <span key={what}>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}{' '}
            {what}
          </span>
        ))}
      </p>
    </dialog>
  )
}

function Line({ of: entry }: { of: Entry }): JSX.Element {
  if (entry.kind === 'command') return <CommandLine of={entry.command} />
  return entry.kind === 'chat' ? <ChatLine of={entry.chat} /> : <PersonLine of={entry.person} />
}

function PersonLine({ of: { id, name, email, chat_id } }: { of: FoundPerson }): JSX.Element {
  const { words } = useDashboard()
  const person = { user_id: id, user_email: email }
  const address = addressOf(person, words)
  return (
    <>
      <Avatar of={name ?? faceOf(person)} />
      <span class="palette-label">
        {name !== null && <bdi class="palette-name">{name}</bdi>}
        <bdi class={name === null ? 'palette-name' : 'palette-email'}>{address}</bdi>
      </span>
      {chat_id === null && <span class="tag">{say.noChat}</span>}
    </>
  )
}

function CommandLine({ of: { label, key } }: { of: Command }): JSX.Element {
  const { singleKeys } = useDashboard().desk.preferences
  return (
    <>
      <bdi class="palette-label">{label}</bdi>
      {key !== undefined && singleKeys.value && <kbd aria-hidden="true">{key}</kbd>}
    </>
  )
}

function ChatLine({ of: chat }: { of: SupportChatListItem }): JSX.Element {
  const { desk, words, moments } = useDashboard()
  const { user_name: name, last_message_at: at } = chat
  const address = addressOf(chat, words)
  return (
    <>
      {chat.unread && <span class="palette-dot" role="img" aria-label={words.unread} />}
      <Avatar of={name ?? faceOf(chat)} />
      <span class="palette-label">
        {name !== null && <bdi class="palette-name">{name}</bdi>}
        <bdi class={name === null ? 'palette-name' : 'palette-email'}>{address}</bdi>
      </span>
      {chat.archived && <span class="tag">{say.archived}</span>}
      {at !== null && (
        <time dateTime={at} aria-label={moments.ago(at, desk.now.value)}>
          {moments.short(at, desk.now.value)}
        </time>
      )}
    </>
  )
}
