// The keyboard: one-key shortcuts, which are off while somebody types, in a dialog, and where the person has turned them off;
// and Escape and the arrows, which always work.
import type { Desk } from '../state/desk.ts'
import { shortcutOf } from '../state/shortcut.ts'
import { compose } from './compose.ts'
import { focusTitle } from './focus-title.ts'
import { openHelp } from './help-dialog.tsx'
import { isNarrow } from './narrow.ts'
import { SEARCH_ID } from './search-box.tsx'

const isInDialog = (): boolean => document.querySelector('dialog[open]') !== null

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

const focusedCard = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-chat]')?.dataset['chat'] ?? null

/** Beside the chat, or where there is no room for that, in the dialog about its user */
function focusTags(): void {
  const fields = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>('.tag-field')]
  const shown = (): HTMLInputElement | undefined => fields().find((field) => field.offsetParent !== null)
  if (!shown()) document.querySelector<HTMLElement>('.info-button')?.click()
  requestAnimationFrame(() => shown()?.focus())
}

/** @returns what ends it */
export function listenToKeys(desk: Desk): () => void {
  const { activity, assignment, cursor, lists, navigation, openChat, preferences, selection, settling } = desk

  function move(step: 1 | -1): void {
    cursor.move(step)
    // Where the open chat covers the list, the next row is the next chat
    if (isNarrow() && navigation.route.value.chat !== null) cursor.open()
  }

  /** The cards that are selected, the one that has the focus, or else the open chat */
  function archiveCurrent(): void {
    if (selection.ids.value.size > 0)
      return void selection.run({ kind: lists.current.value.archived ? 'restore' : 'archive' })
    const card = focusedCard()
    const { chat } = navigation.route.value
    if (card !== null) {
      const archived = lists.isArchived(card)
      if (archived === undefined || cursor.isPushed || settling.has(card)) return
      cursor.stepOff()
      if (card !== chat) return void desk.archive(card, !archived)
    }
    void openChat.toggleArchived()
  }

  /** The card that has the focus, or else the open chat */
  function takeCurrent(): void {
    const card = focusedCard()
    const { chat, assignee } = navigation.route.value
    if (card === null) return void (chat !== null && assignment.toggleMine(chat))
    if (cursor.isPushed) return
    // Its row is about to leave this list
    if (assignee !== null) cursor.stepOff()
    void assignment.toggleMine(card)
  }

  function selectCurrent(): void {
    const card = focusedCard() ?? cursor.at.value
    if (card !== null) selection.toggle(card)
  }

  /** To the next row, which is selected with the one before */
  function extend(step: 1 | -1): void {
    if (cursor.at.value !== null && selection.ids.value.size === 0) selection.toggle(cursor.at.value)
    cursor.move(step)
    if (cursor.at.value !== null) selection.extendTo(cursor.at.value)
  }

  function chooseAssignee(): void {
    if (navigation.route.value.chat !== null) assignment.isChoosing.value = true
  }

  function focusSearch(): void {
    if (isNarrow()) navigation.navigate({ chat: null, page: null })
    // Where the chat covered the list, the box can have the focus once that is drawn
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`#${SEARCH_ID}`)?.focus())
  }

  function escape(target: EventTarget | null): void {
    // From the composer first back to the page, so that the one-key shortcuts work again
    if (isTyping(target)) focusTitle()
    else if (selection.isOn.value) selection.end()
    else if (navigation.route.value.page !== null) navigation.navigate({ page: null })
    else if (navigation.route.value.chat !== null) cursor.closeChat()
    else desk.search.clear()
  }

  const shortcuts: Record<string, () => void> = {
    j: () => move(1),
    k: () => move(-1),
    // A focused link or button does on Enter what it is for; this is for a focus that is nowhere
    Enter: () => {
      if (document.activeElement === document.body) cursor.open()
    },
    r: () => compose(activity.kind, 'reply'),
    n: () => compose(activity.kind, 'note'),
    i: takeCurrent,
    a: chooseAssignee,
    t: focusTags,
    e: archiveCurrent,
    x: selectCurrent,
    w: () => {
      desk.cursor.at.value = null
      desk.search.clear()
      navigation.navigate({ waiting: !navigation.route.value.waiting, page: null })
    },
    c: () => {
      desk.palette.value = 'people'
    },
    d: () => {
      preferences.dense.value = !preferences.dense.value
    },
    '/': focusSearch,
    '?': openHelp,
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || isInDialog()) return
    // 229: Safari ends a composition with a key that no longer says that it is composing
    if (event.keyCode === 229 && isTyping(event.target)) return
    const key = shortcutOf(event)
    if (key === null) return
    if (key === 'Escape') return escape(event.target)
    if (isTyping(event.target)) return
    if ((key === 'ArrowDown' || key === 'ArrowUp') && focusedCard() !== null) {
      event.preventDefault()
      const step = key === 'ArrowDown' ? 1 : -1
      return event.shiftKey ? extend(step) : cursor.move(step)
    }
    const run = shortcuts[key]
    const isHeld = event.repeat && key !== 'j' && key !== 'k'
    if (run === undefined || isHeld || (key !== 'Enter' && !preferences.singleKeys.value)) return
    if (key !== 'Enter') event.preventDefault()
    run()
  }

  addEventListener('keydown', onKeyDown)
  return () => removeEventListener('keydown', onKeyDown)
}
