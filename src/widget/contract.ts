// What the launcher and the panel's chunk need of each other. Only types: they share no code at run time.
import type { SupportMessage } from '../protocol/types.ts'

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
}

export type CreatePanelSession = (host: Host) => PanelSession
