// `<deskbell-chat>` as a page sees it: the widget's element, which `widget.js` defines.

export const ELEMENT = 'deskbell-chat'

/** What its markup may say */
export interface DeskbellChatAttributes {
  /** URL of the mount point, which may be relative to the page; where the script came from unless given */
  server?: string | undefined
  /** A signed token of the person; the page's cookie signs in without one */
  token?: string | undefined
  /** What stands at the top of the panel */
  heading?: string | undefined
  /** What an empty chat says */
  greeting?: string | undefined
  /** A CSS color */
  accent?: string | undefined
  /** `auto` unless given */
  theme?: 'auto' | 'light' | 'dark' | undefined
  /** The corner at the bottom of the window, `right` unless given */
  position?: 'left' | 'right' | undefined
}

/** The element itself. Its methods are there once the script has loaded: before that, `chat.reset?.()` does nothing */
export interface DeskbellChatElement extends HTMLElement {
  token: string | null
  server: string | null
  heading: string | null
  greeting: string | null
  accent: string | null
  /** Called when there is no token, and again when one was refused. It may be set before the script has loaded */
  getToken: (() => Promise<string | null>) | null
  open(): void
  close(): void
  toggle(): void
  /** The person signed out: removes everything of theirs from the screen and from storage. Can be called any number of times */
  reset(): void
}

declare global {
  interface HTMLElementTagNameMap {
    'deskbell-chat': DeskbellChatElement
  }
}
