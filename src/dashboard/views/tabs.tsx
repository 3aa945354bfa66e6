import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { useDashboard } from './context.ts'

export const PANEL_ID = 'chats'
export const tabId = (archived: boolean): string => (archived ? 'tab-archived' : 'tab-active')

/** Two tabs: each arrow key leads to the other one, in either writing direction */
export function Tabs(): JSX.Element {
  const { desk, words } = useDashboard()
  const { cursor, navigation } = desk
  const list = useRef<HTMLDivElement>(null)
  const archived = navigation.route.value.archived
  const choose = (to: boolean): void => {
    cursor.at.value = null
    navigation.navigate({ archived: to })
  }
  const tab = (which: boolean, label: string): JSX.Element => (
    <button
      id={tabId(which)}
      type="button"
      role="tab"
      aria-selected={archived === which}
      aria-controls={PANEL_ID}
      tabIndex={archived === which ? 0 : -1}
      onClick={() => choose(which)}
    >
      {label}
    </button>
  )
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label={words.tabsLabel}
      ref={list}
      onKeyDown={(event) => {
        if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) return
        event.preventDefault()
        const to = event.key === 'Home' ? false : event.key === 'End' ? true : !archived
        choose(to)
        list.current?.querySelector<HTMLElement>(`#${tabId(to)}`)?.focus()
      }}
    >
      {tab(false, words.active)}
      {tab(true, words.archived)}
    </div>
  )
}
