// The chunks that have sessions. Browsers load each once, for all elements of the page.
import type { CreatePanelSession } from './contract.ts'
import { home } from './script.ts'

declare const PANEL: string
declare const UNREAD: string

type SessionModule = { create: CreatePanelSession }

export const panel = PANEL
/** For people who have a chat and have not opened it */
export const unread = UNREAD

let failures = 0

/**
 * Tries twice.
 * @param base the mount point, which has the chunk where there is none beside the script: it has no address, or was copied
 */
export function load(file: string, base: string): Promise<SessionModule> {
  const before = failures
  // Browsers remember that an address failed, so each try has its own.
  const url = ((before % 2 ? base : home) ?? base) + file + (before ? `?${before}` : '')
  return (import(/* @vite-ignore */ url) as Promise<SessionModule>).catch((error: unknown) => {
    // Others may have waited for the same try
    failures = before + 1
    if (before % 2) throw error
    return load(file, base)
  })
}
