// <script src="…/widget.js" data-token="…" async></script>: the whole installation.
import { DeskbellChat } from './element.ts'

const NAME = 'deskbell-chat'
// Turbo runs the script again with every page.
const isFirst = !customElements.get(NAME)
const script = document.currentScript as HTMLScriptElement | null

function mount(): void {
  const settings = script?.dataset ?? {}
  // `data-manual`: the page writes its own <deskbell-chat>.
  if ('manual' in settings) return
  // An element that is there already gets the new values.
  const element = document.querySelector(NAME) ?? document.createElement(NAME)
  const { title, ...rest } = settings
  const values: Record<string, string | undefined> = title === undefined ? rest : { ...rest, heading: title }
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
  if (!element.isConnected) document.body.append(element)
  if (!isFirst) return
  // Turbo, Astro and the like put a new body in place of the old one; the chat goes with the person, not with the page.
  new MutationObserver(() => {
    if (!element.isConnected && !document.querySelector(NAME)) document.body.append(element)
  }).observe(document.documentElement, { childList: true })
}

if (isFirst) customElements.define(NAME, DeskbellChat)
if (document.body) mount()
else document.addEventListener('DOMContentLoaded', mount, { once: true })
