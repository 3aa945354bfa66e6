// <deskbell-chat>: a button in a shadow root. Everything else is loaded when somebody is about to need it.
import type { DeskbellChatElement } from '../element/deskbell-chat.ts'
import type { SupportMessage } from '../protocol/types.ts'
import type { Host, PanelSession } from './contract.ts'
import css from './launcher.css?inline'
import { Launcher } from './launcher.ts'
import { load, panel, unread } from './load-session.ts'
import { words } from './locales/launcher.en.ts'
import { dismissed, dismiss, storage, subject } from './memory.ts'
import { home } from './script.ts'

/** When the browser has nothing better to do, or in Safari soon; a failure only means that the click has to wait for it. */
const idle = (work: () => Promise<unknown>): unknown =>
  (window.requestIdleCallback ?? queueMicrotask)(() => void work().catch(() => undefined), { timeout: 3000 })

/** Attributes that are properties too, since frameworks set either */
const REFLECTED = ['token', 'server', 'heading', 'greeting', 'accent'] as const

export class DeskbellChat extends HTMLElement implements Host, DeskbellChatElement {
  static readonly observedAttributes = [...REFLECTED, 'title']
  /** The element that the script made, which is not in the page's own markup */
  declare static made?: DeskbellChat

  declare token: string | null
  declare server: string | null
  declare heading: string | null
  declare greeting: string | null
  declare accent: string | null
  /** Whether it comes back when the page drops it: the chat goes with the person, not with the page */
  stays = false
  readonly root: ShadowRoot = this.attachShadow({ mode: 'open' })
  #launcher = new Launcher(words, {
    toggle: () => this.toggle(),
    approach: () => void load(panel, this.base).catch(() => undefined),
    press: () => void this.start().catch(() => undefined),
    dismiss: () => {
      if (this.#newest) dismiss(this.#newest.id)
      this.#newest = null
      this.#failed = false
      this.#draw()
    },
  })
  #getToken: (() => Promise<string | null>) | null = null
  #session: PanelSession | undefined
  #isOpen = false
  #failed = false
  #unread = 0
  #newest: SupportMessage | null = null
  #live = false
  /** It has just come back after the page dropped it */
  #isBack = false
  /** A new object for each person, so that a late answer for the person before is recognized and dropped */
  #person = {}

  constructor() {
    super()
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    this.root.adoptedStyleSheets = [sheet]
    this.root.append(this.#launcher.element)
  }

  /** For tokens that expire: called when there is no token, and again when one was refused */
  get getToken(): (() => Promise<string | null>) | null {
    return this.#getToken
  }
  set getToken(ask) {
    this.#getToken = ask
    if (!this.#live || !ask || this.token) return
    if (this.#session) this.#session.update(true)
    else this.#begin()
  }

  get base(): string {
    try {
      return new URL(this.server || home || '//', document.baseURI).href.replace(/\/?$/, '/')
    } catch {
      return ''
    }
  }

  connectedCallback(): void {
    if (this.#live) return
    // What was set before the script was there hides the properties of the class.
    const own = this as Record<string, unknown>
    for (const name of [...REFLECTED, 'getToken']) {
      const value = own[name]
      delete own[name]
      own[name] = value
    }
    this.#live = true
    this.#draw()
    addEventListener('hashchange', this.#onHash)
    this.#onHash()
    this.#begin()
  }

  disconnectedCallback(): void {
    // An element that was only moved is back by then.
    const soon = this.stays ? queueMicrotask : setTimeout
    soon(() => this.#settle())
  }

  /** Takes the chat away, unless it is part of clearing the page: then what stands beside it goes too. */
  override remove(): void {
    const beside = this.previousElementSibling ?? this.nextElementSibling
    queueMicrotask(() => (this.stays &&= !beside?.isConnected))
    super.remove()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    // Through the style object, which a strict content security policy allows, unlike a style attribute in markup.
    if (name === 'accent') this.style.setProperty('--deskbell-accent', after)
    if (!this.#live || before === after) return
    // A new token of the same person changes nothing else.
    const swap = name === 'server' || (name === 'token' && subject(before) !== subject(after))
    if (swap) {
      this.#forget()
      this.#begin()
    } else this.#session?.update()
  }

  open(): void {
    if (this.#isOpen || !this.base) return
    this.#isOpen = true
    this.#failed = false
    this.#draw()
    this.start()
      .then((session) => this.#isOpen && session?.open())
      .catch(() => this.#shut(() => (this.#failed = true)))
  }

  close(): void {
    if (this.#isOpen) this.#shut(() => this.#session?.close())
  }

  toggle(): void {
    if (this.#isOpen) this.close()
    else this.open()
  }

  /** The person signed out: removes everything of theirs from the screen and from storage. Can be called any number of times. */
  reset(): void {
    this.getToken = null
    // The panel may not be there yet, and the page may be about to leave
    const visitor = `deskbell:visitor:${this.base}`
    const people = [this.#session?.person, storage[visitor]?.split(' ')[1], subject(this.token)]
    this.#forget()
    this.token = null
    delete storage[visitor]
    for (const person of people) {
      delete storage[`deskbell:outbox:${this.base}:${person}:`]
      delete storage[`deskbell:draft:${this.base}:${person}`]
    }
  }

  // --- what the panel needs -------------------------------------------------------------------------------

  async currentToken(): Promise<string | null> {
    return this.token ?? (await this.getToken?.()) ?? null
  }
  async freshToken(): Promise<string | null> {
    if (!this.getToken) return null
    const token = await this.getToken()
    // Only where there was one: a first token would look like that of another person
    if (this.token !== null) this.token = token
    return token
  }
  unread(count: number, newest: SupportMessage | null): void {
    this.#unread = count
    this.#newest = newest && !dismissed(newest.id) ? newest : null
    this.#draw()
  }

  // --- life ----------------------------------------------------------------------------------------------------

  #onHash = (event?: HashChangeEvent): void => {
    if (location.hash !== '#deskbell-open') return
    this.open()
    // Without it in the address, the same link works again, and a reload opens nothing. A router that has its routes there keeps its own.
    history.replaceState(history.state, '', event?.oldURL ?? location.href.split('#')[0])
  }

  /** After it left the page */
  #settle(): void {
    if (this.isConnected) return
    const other = document.querySelector(this.localName)
    const body = document.querySelector('body')
    if (!this.stays || (other && DeskbellChat.made !== this)) {
      this.#live = false
      removeEventListener('hashchange', this.#onHash)
      this.#forget()
    } else if (!body || this.#isBack) {
      // Against a page that removes it each time, this must not become a fight.
      setTimeout(() => this.#settle(), 500)
    } else {
      this.#isBack = true
      setTimeout(() => (this.#isBack = false), 99)
      // Turbo and the like keep a copy of the page, with a copy of the chat.
      if (other) other.replaceWith(this)
      else body.append(this)
    }
  }

  #begin(): void {
    const person = this.#person
    if (!this.base) console.error('Deskbell: set data-server or server')
    else if (!this.#isOpen) idle(() => this.#check(person))
  }

  /** Asks whether there is a chat with something unread. This creates no chat. */
  async #check(person: object): Promise<unknown> {
    // What they wrote without an account may have an answer, or they have signed in since.
    if (storage[`deskbell:visitor:${this.base}`]) return this.start(person)
    const token = await this.currentToken()
    // When nobody is signed in, the page makes no request besides the one for the script.
    if (!(token ?? this.getToken) || person !== this.#person || this.#session) return
    const response = await fetch(`${this.base}support_chat/unread`, {
      credentials: 'include',
      ...(token !== null && { credentials: 'omit', headers: { Authorization: `Bearer ${token}` } }),
    })
    // A refusal names no chat
    const { chat_id, unread_count, newest_unread } = (await response.json()) as {
      chat_id: string | null
      unread_count: number
      newest_unread: SupportMessage | null
    }
    // The first message may still wait to be sent
    const some = chat_id ?? storage[`deskbell:outbox:${this.base}:${response.headers.get('Deskbell-Person')}:`]
    if (!some || person !== this.#person || this.#session) return
    this.unread(unread_count, newest_unread)
    // From here on the badge is live.
    idle(() => this.start(person, unread))
  }

  async start(person: object = this.#person, file: string = panel): Promise<PanelSession | undefined> {
    const { create } = await load(file, this.base)
    if (person === this.#person && this.#live) (this.#session ??= create(this)).take?.(create)
    return this.#session
  }

  #forget(): void {
    this.#person = {}
    this.#shut(() => this.#session?.destroy())
    this.#session = undefined
    this.unread(0, null)
  }

  /** Only focus that was in the panel goes to the button: elsewhere somebody may be typing. */
  #shut(end: () => unknown): void {
    const held = this.root.activeElement
    this.#isOpen = this.#failed = false
    end()
    this.#draw()
    if (held) this.#launcher.focus()
  }

  #draw(): void {
    // Without a server there is nothing to open.
    this.#launcher.element.hidden = !this.base
    this.#launcher.draw(this.#isOpen, this.#failed, this.#unread, this.#newest)
  }
}

for (const name of REFLECTED) {
  Object.defineProperty(DeskbellChat.prototype, name, {
    get(this: DeskbellChat) {
      return this.getAttribute(name)
    },
    set(this: DeskbellChat, value: string | null | undefined) {
      if (value == null) this.removeAttribute(name)
      else this.setAttribute(name, value)
    },
  })
}
