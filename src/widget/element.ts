// <deskbell-chat>: a button in a shadow root. Everything else is loaded when somebody is about to need it.
import type { SupportMessage } from '../protocol/types.ts'
import type { CreatePanelSession, Host, PanelSession } from './contract.ts'
import css from './launcher.css?inline'
import { Launcher } from './launcher.ts'
import { words } from './locales/launcher.en.ts'
import { dismissed, dismiss, subject } from './memory.ts'

/** The script's folder, which is also the mount point unless `server` says otherwise */
export const home = new URL('.', (document.currentScript as HTMLScriptElement | null)?.src ?? location.href).href

declare const PANEL_FILE: string
let panel: Promise<{ createPanelSession: CreatePanelSession }> | undefined
const loadPanel = (): Promise<{ createPanelSession: CreatePanelSession }> =>
  (panel ??= (
    import(/* @vite-ignore */ home + PANEL_FILE) as Promise<{ createPanelSession: CreatePanelSession }>
  ).catch((error: unknown) => {
    // A lost connection must not break the button for good.
    panel = undefined
    throw error
  }))

const idle = (work: () => void): unknown =>
  'requestIdleCallback' in window ? requestIdleCallback(work, { timeout: 3000 }) : setTimeout(work, 300)

export class DeskbellChat extends HTMLElement implements Host {
  static readonly observedAttributes = ['token', 'server', 'heading', 'title', 'greeting', 'accent']

  /** For tokens that expire: called when there is no token, and again when one was refused */
  getToken: (() => Promise<string>) | null = null
  readonly root: ShadowRoot = this.attachShadow({ mode: 'open' })
  #launcher = new Launcher(words, {
    toggle: () => this.toggle(),
    approach: () => void loadPanel().catch(() => undefined),
    dismiss: () => {
      if (this.#newest) dismiss(this.#newest.id)
      this.#newest = null
      this.#draw()
    },
  })
  #session: PanelSession | null = null
  #isOpen = false
  #unread = 0
  #newest: SupportMessage | null = null
  #live = false
  /** A new object for each person, so that a late answer for the person before is recognized and dropped */
  #person = {}

  constructor() {
    super()
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    this.root.adoptedStyleSheets = [sheet]
    this.root.append(this.#launcher.element)
  }

  get server(): string {
    const base = new URL(this.getAttribute('server') ?? home, location.href).href
    return base.endsWith('/') ? base : `${base}/`
  }
  get heading(): string | null {
    return this.getAttribute('heading') ?? this.getAttribute('title')
  }
  get greeting(): string | null {
    return this.getAttribute('greeting')
  }

  connectedCallback(): void {
    if (this.#live) return
    this.#live = true
    this.#draw()
    window.addEventListener('hashchange', this.#onHash)
    this.#onHash()
    this.#begin()
  }

  disconnectedCallback(): void {
    // An element that was only moved (Turbo swaps the body) is back before the next task.
    setTimeout(() => {
      if (this.isConnected) return
      this.#live = false
      window.removeEventListener('hashchange', this.#onHash)
      this.#forget()
    })
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
    if (this.#isOpen) return
    this.#isOpen = true
    this.#draw()
    this.#start().then(
      (session) => this.#isOpen && session?.open(),
      () => {
        this.#isOpen = false
        this.#draw()
      },
    )
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#session?.close()
    this.#draw()
    this.#launcher.focus()
  }

  toggle(): void {
    if (this.#isOpen) this.close()
    else this.open()
  }

  /** The person signed out: removes everything of theirs from the screen and from storage. Can be called any number of times. */
  signOut(): void {
    this.getToken = null
    // Before the token is removed, since its loss alone would end the session but keep what is stored.
    this.#forget(true)
    this.removeAttribute('token')
  }

  // --- what the panel needs -------------------------------------------------------------------------------

  async token(): Promise<string | null> {
    return this.getAttribute('token') ?? (await this.getToken?.()) ?? null
  }
  async freshToken(): Promise<string | null> {
    if (!this.getToken) return null
    const token = await this.getToken()
    // Only where there was one: a first token would look like that of another person
    if (this.hasAttribute('token')) this.setAttribute('token', token)
    return token
  }
  unread(count: number, newest: SupportMessage | null): void {
    this.#unread = count
    this.#newest = newest && !dismissed(newest.id) ? newest : null
    this.#draw()
  }
  requestClose(): void {
    this.close()
  }

  // --- life ----------------------------------------------------------------------------------------------------

  #onHash = (): void => {
    if (location.hash === '#deskbell-open') this.open()
  }

  #begin(): void {
    if (this.#isOpen) return
    const person = this.#person
    // When nobody is signed in, the page makes no request besides the one for the script.
    if (this.hasAttribute('token') || this.getToken) idle(() => void this.#check(person).catch(() => undefined))
  }

  /** Asks whether there is a chat with something unread. This creates no chat. */
  async #check(person: object): Promise<void> {
    const token = await this.token()
    if (person !== this.#person || this.#session) return
    const response = await fetch(`${this.server}support_chat/unread`, {
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
      credentials: token === null ? 'include' : 'omit',
    })
    if (!response.ok || person !== this.#person) return
    const { chat_id, unread_count, newest_unread } = (await response.json()) as {
      chat_id: string | null
      unread_count: number
      newest_unread: SupportMessage | null
    }
    if (chat_id === null || this.#session) return
    this.unread(unread_count, newest_unread)
    // From here on the badge is live.
    idle(() => void this.#start(person).catch(() => undefined))
  }

  async #start(person: object = this.#person): Promise<PanelSession | null> {
    const { createPanelSession } = await loadPanel()
    if (person !== this.#person || !this.#live) return null
    return (this.#session ??= createPanelSession(this))
  }

  #forget(stored = false): void {
    this.#person = {}
    this.#session?.destroy(stored)
    this.#session = null
    this.#isOpen = false
    this.unread(0, null)
  }

  #draw(): void {
    this.#launcher.draw({ isOpen: this.#isOpen, unread: this.#unread, newest: this.#newest })
  }
}
