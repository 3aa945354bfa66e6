// The rows of a list, of which only those in view are in the page; scrolling near the end loads the next page.
import { defaultRangeExtractor } from '@tanstack/virtual-core'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ChatRows } from '../state/chat-rows.ts'
import { ChatCard } from './chat-card.tsx'
import { useDashboard } from './context.ts'
import { useFewNew } from './use-few-new.ts'
import { useHold } from './use-hold.ts'
import { useRowHeight } from './use-row-height.ts'
import { useVirtualizer } from './virtual.ts'

const LOAD_AHEAD = 20
/** Rows that are drawn above and below those in view */
const OVERSCAN = 4

export function ChatList({ list }: { list: ChatRows }): JSX.Element {
  const { desk, words } = useDashboard()
  const { cursor } = desk
  const scroller = useRef<HTMLDivElement>(null)
  const listed = useRef<HTMLUListElement>(null)
  const focused = useRef(0)
  const height = useRowHeight(listed, desk.preferences.dense.value)
  const rows = list.rows.value
  const more = list.more.value
  const at = cursor.at.value === null ? -1 : rows.findIndex((row) => row.id === cursor.at.value)

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    // The row with the focus stays in the page, or the focus would be lost
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return at === -1 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })
  const shownHeight = useRef(height)
  useLayoutEffect(() => {
    if (shownHeight.current === height) return
    // The row at the top stays there
    const top = (scroller.current?.scrollTop ?? 0) / shownHeight.current
    shownHeight.current = height
    virtual.measure()
    listed.current?.style.setProperty('block-size', `${virtual.getTotalSize()}px`)
    virtual.scrollToOffset(top * height)
  }, [height])
  const items = virtual.getVirtualItems()

  const last = items.at(-1)?.index ?? 0
  const lastInView = virtual.range?.endIndex ?? last
  const firstInView = virtual.range?.startIndex ?? 0
  const isInView = (index: number): boolean => index >= firstInView && index <= lastInView
  // The row that gets the focus, those in view, the rest
  const rank = (index: number): number => (index === at ? 0 : isInView(index) ? 1 : 2)
  const order = items.map(({ index }) => index).sort((a, b) => rank(a) - rank(b))
  const drawn = useFewNew(order.flatMap((index) => rows[index]?.id ?? []))
  useLayoutEffect(() => {
    if (more === 'idle' && lastInView >= rows.length - LOAD_AHEAD) void list.loadMore()
  }, [list, more, lastInView, rows.length])

  const wanted = cursor.focus.value
  useLayoutEffect(() => {
    if (wanted === focused.current || at === -1) return
    focused.current = wanted
    virtual.scrollToIndex(at, { align: 'auto' })
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
      <ul class="rows" role="list" ref={listed} style={{ blockSize: `${virtual.getTotalSize()}px` }}>
        {items.map((item) => {
          const chat = rows[item.index]
          return (
            chat &&
            drawn.has(chat.id) && (
              <li
                key={chat.id}
                aria-posinset={item.index + 1}
                aria-setsize={more === 'none' ? rows.length : -1}
                style={{ insetBlockStart: `${item.start}px` }}
              >
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
