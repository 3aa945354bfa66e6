// What the nodes of one installation tell each other over a bus: which chats have something new, who types, who is here.
// Nothing is believed that the database knows better.
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import { MAX_HINT, type Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Observer } from '../../ports/observer.ts'
import type { Presence } from '../streams/presence.ts'

export type Hint =
  /** Messages were committed, from this seq to that one */
  | { type: 'messages'; chat: string; from: number; to: number }
  /** A read mark or the archive changed */
  | { type: 'state'; chat: string }
  | { type: 'typing'; chat: string; event: ChatChannelMessage }
  /** @property ask whether those who are in it too should say so */
  | ({ type: 'presence'; chat: string; ask: boolean } & Presence)

export interface NodesOptions {
  bus: Bus
  clock: Clock
  /** @param node a name for the sender, of this run of its process */
  receive: (hint: Hint, node: string) => void
  /** Hints may have been lost */
  resumed: () => void
  onError: (error: unknown) => void
  /** Told of what goes to the bus, and of what comes from others */
  observer: Observer | undefined
}

const encoder = new TextEncoder()

export class Nodes {
  readonly #options: NodesOptions
  readonly #name = crypto.randomUUID().slice(0, 8)
  /** By chat and kind, so that one batch says a thing once */
  readonly #outbox = new Map<string, Hint>()
  #due: (() => void) | undefined

  constructor(options: NodesOptions) {
    this.#options = options
    const { bus, resumed, onError } = options
    bus.listen((text) => this.#receive(text), resumed).catch(onError)
  }

  /** Goes out with whatever else this turn of the loop has to say */
  tell(hint: Hint): void {
    const of = hint.type === 'typing' && hint.event.type === 'typing' ? hint.event.sender_type : ''
    const key = `${hint.type} ${hint.chat} ${of}`
    const before = this.#outbox.get(key)
    if (hint.type === 'messages' && before?.type === 'messages') before.to = hint.to
    // A later word about presence takes the place of an earlier one, but not of its question
    else if (hint.type === 'presence' && before?.type === 'presence') {
      this.#outbox.set(key, { ...hint, ask: hint.ask || before.ask })
    } else this.#outbox.set(key, hint)
    this.#due ??= this.#options.clock.after(0, () => this.#publish())
  }

  close(): void {
    if (this.#due) this.#publish()
  }

  #publish(): void {
    this.#due = undefined
    const head = `{"node":"${this.#name}","hints":[`
    let text = ''
    let size = 0
    const flush = (): void => {
      if (text) {
        this.#options.observer?.hint?.('sent')
        this.#options.bus.publish(`${head}${text}]}`)
      }
      text = ''
      size = 0
    }
    for (const hint of this.#outbox.values()) {
      const json = JSON.stringify(hint)
      const bytes = encoder.encode(json).length + 1
      if (head.length + size + bytes + 2 > MAX_HINT) flush()
      // Longer than the bus takes by itself: a name of thousands of characters, which nobody misses
      if (head.length + bytes + 2 > MAX_HINT) continue
      text += text ? `,${json}` : json
      size += bytes
    }
    flush()
    this.#outbox.clear()
  }

  #receive(text: string): void {
    try {
      const { node, hints } = JSON.parse(text) as { node: string; hints: Hint[] }
      if (node === this.#name) return
      this.#options.observer?.hint?.('received')
      for (const hint of hints) this.#options.receive(hint, node)
    } catch (error) {
      this.#options.onError(error)
    }
  }
}
