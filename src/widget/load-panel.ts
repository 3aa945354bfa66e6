// The panel's chunk, loaded once for all elements of the page.
import type { CreatePanelSession } from './contract.ts'
import { home } from './script.ts'

declare const PANEL_FILE: string

type PanelModule = { createPanelSession: CreatePanelSession }

let panel: Promise<PanelModule> | undefined
let failures = 0

/** @param base where the chunk is when the script does not know where it came from itself */
export function loadPanel(base: string): Promise<PanelModule> {
  // Browsers remember that an address failed, so each try has its own.
  const url = (home ?? base) + PANEL_FILE + (failures ? `?${failures}` : '')
  return (panel ??= (import(/* @vite-ignore */ url) as Promise<PanelModule>).catch((error: unknown) => {
    panel = undefined
    failures++
    throw error
  }))
}
