// The menu at the head of the list: who is signed in, the pages that the server offers, and the way out.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { PAGES } from '../pages/pages.ts'
import { PAGE_NAMES, type PageName } from '../state/navigation.ts'
import { Avatar } from './avatar.tsx'
import { useDashboard } from './context.ts'
import { openHelp } from './help-dialog.tsx'
import { MoreIcon } from './icons.tsx'
import { isPlainClick } from './plain-click.ts'

const MENU_ID = 'menu'

export function Menu(): JSX.Element {
  const { desk, words } = useDashboard()
  const [isOpen, setIsOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const account = desk.account.value.value
  const offered = PAGE_NAMES.filter((name) => PAGES[name].isForAll ?? desk.offers.value.has(name))

  useEffect(() => {
    if (!isOpen) return undefined
    const leave = ({ target }: Event): void => {
      if (target instanceof Node && !box.current?.contains(target)) setIsOpen(false)
    }
    for (const name of ['pointerdown', 'focusin'] as const) addEventListener(name, leave)
    return () => {
      for (const name of ['pointerdown', 'focusin'] as const) removeEventListener(name, leave)
    }
  }, [isOpen])

  function onKeyDown(event: KeyboardEvent): void {
    if (!isOpen) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key !== 'Escape' && step === undefined) return
    // Neither the list nor the open chat is meant
    event.preventDefault()
    if (step === undefined) {
      setIsOpen(false)
      button.current?.focus()
      return
    }
    const items = [...(box.current?.querySelectorAll<HTMLElement>(`#${MENU_ID} :is(a, button)`) ?? [])]
    const from = items.indexOf(document.activeElement as HTMLElement)
    items.at(from === -1 && step === -1 ? -1 : (from + step) % items.length)?.focus()
  }

  /** What opens over the page gives the focus back to where it was */
  function leaveFor(open: () => void): void {
    setIsOpen(false)
    button.current?.focus()
    open()
  }

  return (
    <div class="menu-box" ref={box} onKeyDown={onKeyDown}>
      <button
        class="icon-button menu-button"
        type="button"
        ref={button}
        aria-label={account === null ? words.menu : words.menuOf(nameOf(account))}
        aria-expanded={isOpen}
        aria-controls={MENU_ID}
        title={words.menu}
        onClick={() => setIsOpen(!isOpen)}
      >
        {account === null ? <MoreIcon /> : <Avatar of={nameOf(account)} />}
      </button>
      {isOpen && (
        <nav class="menu" id={MENU_ID} aria-label={words.menu}>
          {account !== null && (
            <p class="menu-who">
              <bdi class="menu-name">{nameOf(account)}</bdi>
              {account.name !== null && <bdi>{account.email}</bdi>}
            </p>
          )}
          <ul>
            <li>
              <button type="button" onClick={() => leaveFor(() => (desk.palette.value = 'all'))}>
                {words.findAnything}
              </button>
            </li>
            <li>
              <button type="button" onClick={() => leaveFor(() => (desk.palette.value = 'people'))}>
                {words.newChat}
              </button>
            </li>
            <li class="help-item">
              <button
                type="button"
                aria-keyshortcuts={desk.preferences.singleKeys.value ? '?' : undefined}
                onClick={() => leaveFor(openHelp)}
              >
                {words.helpButton}
              </button>
            </li>
            {offered.map((name) => (
              <li key={name}>
                <PageLink name={name} close={() => setIsOpen(false)} />
              </li>
            ))}
            {account !== null && (
              <li>
                <button type="button" onClick={() => void desk.account.signOut()}>
                  {words.signOut}
                </button>
              </li>
            )}
          </ul>
        </nav>
      )}
    </div>
  )
}

const nameOf = ({ name, email }: { name: string | null; email: string }): string => name ?? email

function PageLink({ name, close }: { name: PageName; close: () => void }): JSX.Element {
  const { desk, words } = useDashboard()
  const { navigation } = desk
  const here = navigation.route.value
  return (
    <a
      href={navigation.href({ ...here, chat: null, at: null, page: name })}
      aria-current={here.page === name ? 'page' : undefined}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        close()
        navigation.navigate({ page: name })
      }}
    >
      {PAGES[name].title(words)}
    </a>
  )
}
