// The round button, its badge, and the card with the newest unread reply.
import type { SupportMessage } from '../protocol/types.ts'
import { el, svg } from './dom.ts'
import type { LauncherCatalogue } from './launcher-catalogue.ts'

const BUBBLE =
  'M20 11.5c0 4.1-3.6 7.5-8 7.5-1.2 0-2.4-.3-3.4-.7L4 19.5l1.3-3.9A7 7 0 0 1 4 11.5C4 7.4 7.6 4 12 4s8 3.4 8 7.5Z'
const CROSS = 'm6 6 12 12M18 6 6 18'

export interface LauncherEvents {
  toggle: () => void
  /** The pointer or the focus is on what opens the panel */
  approach: () => void
  /** A tenth of a second before it is a click */
  press: () => void
  dismiss: () => void
}

export class Launcher {
  declare readonly element: HTMLElement
  readonly #words: LauncherCatalogue
  readonly #button: HTMLButtonElement
  readonly #badge: HTMLElement
  readonly #preview: HTMLElement
  readonly #name: HTMLElement
  readonly #text: HTMLElement

  constructor(words: LauncherCatalogue, { toggle, approach, press, dismiss }: LauncherEvents) {
    this.#words = words
    this.#badge = el('span', { class: 'badge' })
    this.#button = el('button', { class: 'launch' }, svg('bubble', '28', BUBBLE), svg('x', '28', CROSS), this.#badge)
    this.#name = el('b', {})
    this.#text = el('span', { class: 'text', dir: 'auto' })
    const show = el('button', {}, this.#name, this.#text)
    const away = el('button', { 'aria-label': words.dismiss }, svg('', '16', CROSS))
    this.#preview = el('div', { class: 'preview' }, show, away)
    // Without it, the `title` of the host element would show as a tooltip over the whole chat.
    this.element = el('div', { title: '' }, this.#preview, this.#button)
    for (const way of [this.#button, show]) {
      way.onclick = toggle
      way.onpointerenter = way.onfocus = approach
      way.onpointerdown = press
    }
    away.onclick = () => {
      dismiss()
      this.#button.focus()
    }
  }

  /**
   * @param failed the panel could not be loaded
   * @param newest of the unread replies
   */
  draw(isOpen: boolean, failed: boolean, unread: number, newest: SupportMessage | null): void {
    const words = this.#words
    this.#button.ariaLabel = isOpen ? words.close : words.open + (unread ? words.unread(unread) : '')
    this.#button.ariaExpanded = `${isOpen}`
    this.#badge.hidden = isOpen || !unread
    this.#badge.textContent = unread > 9 ? '9+' : `${unread}`
    this.#preview.hidden = isOpen || !(failed || (unread && newest))
    this.#name.textContent = (!failed && newest?.sender_name) || words.support
    this.#text.role = failed ? 'alert' : null
    this.#text.textContent = failed ? words.failed : (newest?.content ?? '')
  }

  focus(): void {
    this.#button.focus({ preventScroll: true })
  }
}
