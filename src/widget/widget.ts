// <script src="…/widget.js" data-token="…" async></script>: the whole installation.
import { DeskbellChat } from './element.ts'
import { script } from './script.ts'

const NAME = 'deskbell-chat'

function mount(): void {
  const settings = script?.dataset ?? {}
  // `data-manual`: the page writes its own <deskbell-chat>.
  if ('manual' in settings) return
  // Turbo and htmx run the script again with every page. An element that is there already gets the new values.
  const Chat = customElements.get(NAME) as typeof DeskbellChat
  const element = document.querySelector<DeskbellChat>(NAME) ?? (Chat.made ??= new Chat())
  element.stays = true
  for (const [name, value = ''] of Object.entries(settings))
    element.setAttribute(name === 'title' ? 'heading' : name, value)
  if (!element.isConnected) document.querySelector('body')?.append(element)
}

if (!customElements.get(NAME)) customElements.define(NAME, DeskbellChat)
// Not before the last of the page is there: frameworks that take over its markup allow for a stranger only at the end.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', mount)
else mount()
