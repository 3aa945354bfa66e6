// The panel's chunk, loaded once for all elements of the page.
import type { CreatePanelSession } from './contract.ts'
import { home } from './script.ts'

declare const PANEL_FILE: string

type PanelModule = { createPanelSession: CreatePanelSession }

let panel: Promise<PanelModule> | undefined
let failures = 0

/** @param base the mount point, which has the chunk where there is none beside the script: it has no address, or was copied */
export function loadPanel(base: string): Promise<PanelModule> {
  // Browsers remember that an address failed, so each try has its own.
  const url = ((failures % 2 ? base : home) ?? base) + PANEL_FILE + (failures ? `?${failures}` : '')
  return (panel ??= (import(/* @vite-ignore */ url) as Promise<PanelModule>).catch((error: unknown) => {
    panel = undefined
    failures++
    throw error
  }))
}
