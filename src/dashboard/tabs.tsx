import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { cursor } from './cursor.ts'
import { navigate, route } from './routes.ts'
import { strings } from './strings.ts'

export const PANEL_ID = 'chats'
export const tabId = (archived: boolean): string => (archived ? 'tab-archived' : 'tab-active')

/** Two tabs: each arrow key leads to the other one, in either writing direction */
export function Tabs(): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  const archived = route.value.archived
  const choose = (to: boolean): void => {
    cursor.value = null
    navigate({ archived: to })
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
      aria-label={strings.tabsLabel}
      ref={list}
      onKeyDown={(event) => {
        if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) return
        event.preventDefault()
        const to = event.key === 'Home' ? false : event.key === 'End' ? true : !archived
        choose(to)
        list.current?.querySelector<HTMLElement>(`#${tabId(to)}`)?.focus()
      }}
    >
      {tab(false, strings.active)}
      {tab(true, strings.archived)}
    </div>
  )
}
