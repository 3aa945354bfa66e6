// What the launcher and the panel's chunk need of each other. Only types: they share no code at run time.
import type { Api } from '../client/api.ts'
import type { Conversation } from '../client/conversation/conversation.ts'
import type { formatterIn } from '../ui/dates.ts'
import type { ClosedPeriod, SupportMessage } from '../protocol/types.ts'

/** The launcher, as the panel sees it */
export interface Host {
  readonly root: ShadowRoot
  /** Absolute URL of the mount point; empty where nothing says it */
  readonly base: string
  readonly heading: string | null
  /** Stands in for a heading; empty where there is none */
  readonly title: string
  readonly greeting: string | null
  readonly getToken: (() => Promise<string | null>) | null
  hasAttribute(name: string): boolean
  currentToken(): Promise<string | null>
  /** Called after a refusal; null when there is no other token */
  freshToken(): Promise<string | null>
  unread(count: number, newest: SupportMessage | null): void
  close(): void
  /** Loads the panel's chunk, and lets it take over */
  start(): Promise<unknown>
}

/** The conversation of whoever is signed in, and the requests that go with it */
export interface Life {
  readonly conversation: Conversation
  readonly api: Api
}

export type LoadContactForm = () => Promise<{ contactForm: (root: ShadowRoot, life: Life) => Promise<HTMLElement> }>

export type FormatterIn = typeof formatterIn
type Closed = ClosedPeriod | null | undefined

/** Parts that few need, each loaded when it is */
export interface LateParts {
  readonly contactForm: LoadContactForm
  readonly closedNotice: () => Promise<{
    closedNotice: (root: ShadowRoot, box: HTMLElement, formatter: FormatterIn) => (closed: Closed) => void
  }>
  readonly rating: () => Promise<{ ask: (root: ShadowRoot, life: Life) => Promise<void> }>
  readonly offer: () => Promise<{
    personOffer: (root: ShadowRoot, box: HTMLElement, life: Life) => { show: () => void; end: () => void }
  }>
  /** For what is loaded late and must not import it: the build would take it out of the panel, and load a file more */
  readonly formatterIn: FormatterIn
}

/** The conversation of one person, with or without its panel on the screen */
export interface PanelSession {
  /** The `personTag` of whose it is; null until known */
  readonly person: string | null
  open(): void
  close(): void
  /** The heading or the greeting changed. @param mayBeSignedIn where tokens come from changed, so it may be somebody else by now */
  update(mayBeSignedIn?: boolean): void
  destroy(): void
  /** Of one that holds no conversation itself: stands back behind another one */
  take?(create: CreatePanelSession): void
}

export type CreatePanelSession = (host: Host) => PanelSession
