// What the nodes of one installation tell each other over a bus: which chats have something new, who types, who is here.
// Nothing is believed that the database knows better.
import type { ChatChannelMessage } from '../../protocol/events.ts'
import { MAX_NOTE, type Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Observer } from '../ports/observer.ts'
import type { Presence } from './presence.ts'

export type Note =
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
  receive: (note: Note, node: string) => void
  /** Notes may have been lost */
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
  readonly #outbox = new Map<string, Note>()
  #due: (() => void) | undefined

  constructor(options: NodesOptions) {
    this.#options = options
    const { bus, resumed, onError } = options
    bus.listen((text) => this.#receive(text), resumed).catch(onError)
  }

  /** Goes out with whatever else this turn of the loop has to say */
  tell(note: Note): void {
    const of = note.type === 'typing' && note.event.type === 'typing' ? note.event.sender_type : ''
    const key = `${note.type} ${note.chat} ${of}`
    const before = this.#outbox.get(key)
    if (note.type === 'messages' && before?.type === 'messages') before.to = note.to
    // A later word about presence takes the place of an earlier one, but not of its question
    else if (note.type === 'presence' && before?.type === 'presence') {
      this.#outbox.set(key, { ...note, ask: note.ask || before.ask })
    } else this.#outbox.set(key, note)
    this.#due ??= this.#options.clock.after(0, () => this.#publish())
  }

  close(): void {
    if (this.#due) this.#publish()
  }

  #publish(): void {
    this.#due = undefined
    const head = `{"node":"${this.#name}","notes":[`
    let text = ''
    let size = 0
    const flush = (): void => {
      if (text) {
        this.#options.observer?.note?.('sent')
        this.#options.bus.publish(`${head}${text}]}`)
      }
      text = ''
      size = 0
    }
    for (const note of this.#outbox.values()) {
      const json = JSON.stringify(note)
      const bytes = encoder.encode(json).length + 1
      if (head.length + size + bytes + 2 > MAX_NOTE) flush()
      // Longer than the bus takes by itself: a name of thousands of characters, which nobody misses
      if (head.length + bytes + 2 > MAX_NOTE) continue
      text += text ? `,${json}` : json
      size += bytes
    }
    flush()
    this.#outbox.clear()
  }

  #receive(text: string): void {
    try {
      const { node, notes } = JSON.parse(text) as { node: string; notes: Note[] }
      if (node === this.#name) return
      this.#options.observer?.note?.('received')
      for (const note of notes) this.#options.receive(note, node)
    } catch (error) {
      this.#options.onError(error)
    }
  }
}
