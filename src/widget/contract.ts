// What the launcher and the panel's chunk need of each other. Only types: they share no code at run time.
import type { SupportMessage } from '../protocol/types.ts'

/** The launcher, as the panel sees it */
export interface Host {
  readonly root: ShadowRoot
  /** Absolute URL of the mount point */
  readonly server: string
  readonly heading: string | null
  readonly greeting: string | null
  readonly getToken: (() => Promise<string>) | null
  hasAttribute(name: string): boolean
  token(): Promise<string | null>
  /** Called after a refusal; null when there is no other token */
  freshToken(): Promise<string | null>
  unread(count: number, newest: SupportMessage | null): void
  requestClose(): void
}

/** The conversation of one person, with or without its panel on the screen */
export interface PanelSession {
  open(): void
  close(): void
  /** The heading or the greeting changed */
  update(): void
  /** @param forget also delete what is kept on this machine for the next page */
  destroy(forget: boolean): void
}

export type CreatePanelSession = (host: Host) => PanelSession
