// Who has the open chat, in its head: a button with the name, and a menu in which typing finds a colleague.
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Colleague } from '../../protocol/types.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'
import { AssignIcon, CheckIcon, ChevronIcon, NobodyIcon } from './icons.tsx'

const LIST_ID = 'assignees'
const optionId = (at: number): string => `assignee-${at}`

export function AssigneeMenu({ chat }: { chat: string }): JSX.Element | null {
  const { desk, words } = useDashboard()
  const { assignment, preferences } = desk
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = assignment.isChoosing.value

  useEffect(() => {
    if (!isOpen) return undefined
    void assignment.loadColleagues()
    const leave = ({ target }: Event): void => {
      if (target instanceof Node && !box.current?.contains(target)) assignment.isChoosing.value = false
    }
    for (const name of ['pointerdown', 'focusin'] as const) addEventListener(name, leave)
    return () => {
      for (const name of ['pointerdown', 'focusin'] as const) removeEventListener(name, leave)
    }
  }, [isOpen, chat])

  const assignee = assignment.assignee.value
  if (assignee === undefined) return null
  const name = assignee && (assignment.isMine(assignee) ? words.you : (assignee.name ?? words.aColleague))
  function close(): void {
    assignment.isChoosing.value = false
    button.current?.focus()
  }
  return (
    <div class="assign-box" ref={box}>
      <button
        class={name === null ? 'assign-button is-nobody' : 'assign-button'}
        type="button"
        ref={button}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        aria-keyshortcuts={preferences.singleKeys.value ? 'a' : undefined}
        title={name === null ? words.assignNobody : words.assignedTo(name)}
        onClick={() => {
          assignment.isChoosing.value = !isOpen
        }}
      >
        <span class="sr">{name === null ? words.assignNobody : words.assignedTo(name)}</span>
        {name === null ? <AssignIcon /> : <Avatar of={assignee?.name ?? name} />}
        <bdi class="assign-name" aria-hidden="true">
          {name ?? words.unassigned}
        </bdi>
        <ChevronIcon />
      </button>
      {isOpen && <Choices chat={chat} close={close} />}
    </div>
  )
}

interface Choice {
  /** Null: nobody */
  id: string | null
  label: string
  online: boolean
}

function Choices({ chat, close }: { chat: string; close: () => void }): JSX.Element {
  const { desk, words } = useDashboard()
  const { assignment } = desk
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => input.current?.focus(), [])
  const colleagues = assignment.colleagues.value
  const current = assignment.assignee.value?.id ?? null
  const wanted = text.trim().toLocaleLowerCase(words.locale)
  const matches = ({ label }: Choice): boolean => label.toLocaleLowerCase(words.locale).includes(wanted)
  const choiceOf = (one: Colleague): Choice => ({
    id: one.id,
    label: assignment.isMine(one) ? words.yourself(one.name) : (one.name ?? one.id),
    online: one.online,
  })
  const mine = colleagues?.filter((one) => assignment.isMine(one)) ?? []
  const others = colleagues?.filter((one) => !assignment.isMine(one)) ?? []
  const all: Choice[] = [
    ...mine.map(choiceOf),
    { id: null, label: words.nobody, online: false },
    ...others.map(choiceOf),
  ]
  const choices = all.filter(matches)
  const active = Math.min(at, choices.length - 1)
  useEffect(() => {
    list.current?.querySelector(`#${optionId(active)}`)?.scrollIntoView({ block: 'nearest' })
  }, [active])

  function choose(choice: Choice | undefined): void {
    if (!choice) return
    close()
    if (choice.id !== current) void assignment.assign(chat, choice.id)
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((active + step + choices.length) % Math.max(1, choices.length))
    // Until the colleagues are there, the first choice is nobody, which is hardly meant
    else if (event.key === 'Enter') choose(colleagues === null ? undefined : choices[active])
    else if (event.key === 'Escape') close()
    else return
    // Neither the list nor the open chat is meant
    event.preventDefault()
  }

  return (
    <div class="assign-menu" role="dialog" aria-label={words.assignLabel} onKeyDown={onKeyDown}>
      <input
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={words.assignPlaceholder}
        aria-label={words.assignLabel}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={LIST_ID}
        aria-activedescendant={choices.length > 0 ? optionId(active) : undefined}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value)
          setAt(0)
        }}
      />
      <ul id={LIST_ID} role="listbox" aria-label={words.assignLabel} ref={list}>
        {choices.map((choice, i) => (
          <li
            key={choice.id ?? ''}
            id={optionId(i)}
            role="option"
            aria-selected={choice.id === current}
            class={i === active ? 'is-active' : undefined}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(choice)}
          >
            {choice.id === null ? <NobodyIcon /> : <Avatar of={choice.label} />}
            <bdi>{choice.label}</bdi>
            {choice.online && <span class="here-dot" role="img" aria-label={words.online} />}
            {choice.id === current && <CheckIcon />}
          </li>
        ))}
      </ul>
      <p class="assign-hint" role="status">
        {assignment.failedToLoad.value
          ? words.colleaguesFailed
          : colleagues === null
            ? words.loadingColleagues
            : choices.length === 0 && words.noColleague(text.trim())}
      </p>
    </div>
  )
}
