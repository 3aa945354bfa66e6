// Says that a machine has answered, with a button that asks for a person. A chunk of its own, without the panel's library.
import type { ChatAssistant, HandedOver } from '../../protocol/assistant.ts'
import type { Life } from '../contract.ts'
import { words } from '../locales/assistant.en.ts'
import css from './person-offer.css?inline'

let sheet: CSSStyleSheet | undefined

interface Offer {
  /** To be called whenever the conversation or the panel may have changed */
  show(): void
  end(): void
}

/** @param box has the panel in it while that is open */
export function personOffer(root: ShadowRoot, box: HTMLElement, { api, conversation }: Life): Offer {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  let state: 'offered' | 'asking' | 'asked' | 'over' = 'over'
  /** The automated answer about which the server was asked last */
  let checked = 0

  const text = document.createElement('p')
  text.dir = 'auto'
  text.setAttribute('role', 'status')
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = words.ask
  const part = document.createElement('div')
  part.className = 'person-offer'
  part.append(text, button)

  function say(what: string): void {
    if (text.textContent !== what) text.textContent = what
  }
  /** It may be an answer of long ago, after which a person was asked for; or of a conversation that has begun anew */
  async function check(seq: number): Promise<void> {
    checked = seq
    const { active } = await api.json<ChatAssistant>('GET', 'support_chat/assistant')
    if (!active || checked !== seq) return
    state = 'offered'
    say(words.automated)
    part.append(button)
    show()
  }
  function show(): void {
    const newest = conversation.state.messages.at(-1)
    // Without an answer, nothing is offered, and the next message asks again
    if (newest?.automated && newest.seq !== checked && (state === 'over' || state === 'asked'))
      void check(newest.seq).catch(() => (checked = 0))
    // A person answered, or the chat begins anew
    if (newest?.sender_type === 'admin' && !newest.automated) state = 'over'
    const composer = box.querySelector('.db-composer')
    if (state === 'over' || !composer || (state === 'offered' && !newest?.automated)) return part.remove()
    if (!part.isConnected) composer.before(part)
  }
  async function ask(): Promise<void> {
    if (state !== 'offered') return
    state = 'asking'
    button.setAttribute('aria-disabled', 'true')
    try {
      await api.json<HandedOver>('POST', 'support_chat/hand_over')
      state = 'asked'
      say(words.asked)
      // Focus that was on the button goes on where the person writes
      if (root.activeElement === button) root.querySelector<HTMLElement>('textarea')?.focus({ preventScroll: true })
      button.remove()
    } catch {
      state = 'offered'
      say(words.failed)
    }
    button.removeAttribute('aria-disabled')
  }
  button.addEventListener('click', () => void ask())
  return { show, end: () => part.remove() }
}
