// The rows of a list, of which only those in view are in the page; scrolling near the end loads the next page.
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ChatRows } from '../state/chat-rows.ts'
import { ChatCard } from './chat-card.tsx'
import { useDashboard } from './context.ts'
import { selecting } from './open-selection.tsx'
import { useFewNew } from './use-few-new.ts'
import { useHold } from './use-hold.ts'
import { useRowHeight } from './use-row-height.ts'
import { useWindow } from './use-window.ts'

const LOAD_AHEAD = 20
/** Rows that are drawn above and below those in view */
const OVERSCAN = 4

export function ChatList({ list }: { list: ChatRows }): JSX.Element {
  const { desk, words } = useDashboard()
  const { cursor } = desk
  const SelectBox = desk.selection.isOn.value ? selecting.value?.SelectBox : undefined
  const scroller = useRef<HTMLDivElement>(null)
  const listed = useRef<HTMLUListElement>(null)
  const focused = useRef(0)
  const height = useRowHeight(listed, desk.preferences.dense.value)
  const rows = list.rows.value
  const more = list.more.value
  const at = cursor.at.value === null ? -1 : rows.findIndex((row) => row.id === cursor.at.value)

  const { first, last, show } = useWindow(scroller, { count: rows.length, height })
  const indexes = last < first ? [] : around(first, last, rows.length)
  // The row with the focus stays in the page, or the focus would be lost
  if (at !== -1 && indexes.length > 0 && !indexes.includes(at)) {
    indexes.push(at)
    indexes.sort((a, b) => a - b)
  }
  const isInView = (index: number): boolean => index >= first && index <= last
  // The row that gets the focus, those in view, the rest
  const rank = (index: number): number => (index === at ? 0 : isInView(index) ? 1 : 2)
  const order = [...indexes].sort((a, b) => rank(a) - rank(b))
  const drawn = useFewNew(order.flatMap((index) => rows[index]?.id ?? []))
  useLayoutEffect(() => {
    if (more === 'idle' && last >= rows.length - LOAD_AHEAD) void list.loadMore()
  }, [list, more, last, rows.length])

  const wanted = cursor.focus.value
  useLayoutEffect(() => {
    if (wanted === focused.current || at === -1) return
    focused.current = wanted
    show(at)
    const id = cursor.at.value ?? ''
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })
  })

  return (
    <div
      class="scroller"
      ref={scroller}
      {...useHold(list)}
      onFocusIn={(event) => {
        const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
        if (card?.dataset['row'] !== undefined) cursor.at.value = card.dataset['row']
      }}
    >
      <ul
        class={SelectBox ? 'rows is-selecting' : 'rows'}
        role="list"
        ref={listed}
        style={{ blockSize: `${rows.length * height}px` }}
      >
        {indexes.map((index) => {
          const chat = rows[index]
          return (
            chat &&
            drawn.has(chat.id) && (
              <li
                key={chat.id}
                aria-posinset={index + 1}
                aria-setsize={more === 'none' ? rows.length : -1}
                style={{ insetBlockStart: `${index * height}px` }}
              >
                {SelectBox && <SelectBox chat={chat} />}
                <ChatCard chat={chat} />
              </li>
            )
          )
        })}
      </ul>
      {more === 'loading' && <p class="more">{words.loadingMore}</p>}
      {more === 'error' && (
        <p class="more" role="alert">
          {words.moreFailed}{' '}
          <button class="link" type="button" onClick={() => void list.loadMore()}>
            {words.retry}
          </button>
        </p>
      )}
    </div>
  )
}

function around(first: number, last: number, count: number): number[] {
  const start = Math.max(0, first - OVERSCAN)
  return Array.from({ length: Math.min(last + OVERSCAN + 1, count) - start }, (_, i) => start + i)
}
