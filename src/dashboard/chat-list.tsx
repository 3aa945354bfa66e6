// The rows of an inbox, of which only those in view are in the page; scrolling near the end loads the next page.
import { defaultRangeExtractor } from '@tanstack/virtual-core'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { ChatCard } from './chat-card.tsx'
import { cursor, focusCursor } from './cursor.ts'
import type { Inbox } from './inbox.ts'
import { strings } from './strings.ts'
import { useVirtualizer } from './virtual.ts'

const LOAD_AHEAD = 20
const ROW_HEIGHT = 85

export function ChatList({ inbox }: { inbox: Inbox }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null)
  const focused = useRef(0)
  const rows = inbox.rows.value
  const more = inbox.more.value
  const at = cursor.value === null ? -1 : rows.findIndex((row) => row.id === cursor.value)

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    // The row with the focus stays in the page, or the focus would be lost
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return at === -1 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })
  const items = list.getVirtualItems()

  const last = items.at(-1)?.index ?? 0
  const lastInView = list.range?.endIndex ?? last
  useLayoutEffect(() => {
    if (more === 'idle' && lastInView >= rows.length - LOAD_AHEAD) void inbox.loadMore()
  }, [inbox, more, lastInView, rows.length])

  const wanted = focusCursor.value
  useLayoutEffect(() => {
    if (wanted === focused.current || at === -1) return
    focused.current = wanted
    list.scrollToIndex(at, { align: 'auto' })
    const id = cursor.value ?? ''
    scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })
  })

  return (
    <div
      class="scroller"
      ref={scroller}
      onPointerEnter={(event) => event.pointerType === 'mouse' && inbox.hold(true)}
      onPointerLeave={() => inbox.hold(false)}
      onFocusIn={(event) => {
        const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
        if (card?.dataset['row'] !== undefined) cursor.value = card.dataset['row']
      }}
    >
      <ul class="rows" role="list" style={{ blockSize: `${list.getTotalSize()}px` }}>
        {items.map((item) => {
          const chat = rows[item.index]
          return (
            chat && (
              <li
                key={item.key}
                data-index={item.index}
                ref={list.measureElement}
                aria-posinset={item.index + 1}
                aria-setsize={more === 'none' ? rows.length : -1}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <ChatCard chat={chat} />
              </li>
            )
          )
        })}
      </ul>
      {more === 'loading' && <p class="more">{strings.loadingMore}</p>}
      {more === 'error' && (
        <p class="more" role="alert">
          {strings.moreFailed}{' '}
          <button class="link" type="button" onClick={() => void inbox.loadMore()}>
            {strings.retry}
          </button>
        </p>
      )}
    </div>
  )
}
