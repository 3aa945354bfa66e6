import type { Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Observer } from '../../ports/observer.ts'
import { packHints, unpackHints, type Hint } from './hint.ts'

export interface NodesOptions {
  bus: Bus
  clock: Clock
  /** @param node the sender's name, which changes with each start of its process */
  receive: (hint: Hint, node: string) => void
  /** Hints may have been lost */
  resumed: () => void
  onError: (error: unknown) => void
  /** Counts hints sent to the bus and received from other nodes */
  observer: Observer | undefined
}

/** The other nodes, as the hub sees them. */
export class Nodes {
  readonly #options: NodesOptions
  readonly #name = crypto.randomUUID().slice(0, 8)
  /** By kind and chat, so that each hint is sent once */
  readonly #outbox = new Map<string, Hint>()
  #due: (() => void) | undefined

  constructor(options: NodesOptions) {
    this.#options = options
    const { bus, resumed, onError } = options
    bus.listen((text) => this.#receive(text), resumed).catch(onError)
  }

  /** Sends a hint together with all others of this turn of the loop */
  publish(hint: Hint): void {
    const key = `${hint.type} ${'chat' in hint ? hint.chat : ''} ${partOf(hint)}`
    const before = this.#outbox.get(key)
    if (hint.type === 'messages' && before?.type === 'messages') before.to = hint.to
    // A newer presence replaces an older one, but keeps its request for an answer
    else if (hint.type === 'presence' && before?.type === 'presence') {
      this.#outbox.set(key, { ...hint, ask: hint.ask || before.ask })
    } else if (hint.type === 'look' && before?.type === 'look' && before.ask) {
      this.#outbox.set(key, { ...hint, ask: true })
    } else this.#outbox.set(key, hint)
    this.#due ??= this.#options.clock.after(0, () => this.#flush())
  }

  close(): void {
    if (this.#due) this.#flush()
  }

  #flush(): void {
    this.#due = undefined
    for (const message of packHints(this.#name, this.#outbox.values())) {
      this.#options.observer?.hint?.('sent')
      this.#options.bus.publish(message)
    }
    this.#outbox.clear()
  }

  #receive(text: string): void {
    try {
      const { node, hints } = unpackHints(text)
      // A bus may send a node its own hints
      if (node === this.#name) return
      this.#options.observer?.hint?.('received')
      for (const hint of hints) this.#options.receive(hint, node)
    } catch (error) {
      this.#options.onError(error)
    }
  }
}

/** What a hint is about, beyond its chat. Hints of different parts do not replace one another */
function partOf(hint: Hint): string {
  if (hint.type === 'typing') return hint.event.sender_type
  if (hint.type === 'staff') return hint.id ?? ''
  if (hint.type === 'look') return `${hint.of} ${hint.who.id}`
  if (hint.type !== 'state') return ''
  if (hint.person) return 'person'
  return hint.activity ? 'activity' : ''
}
