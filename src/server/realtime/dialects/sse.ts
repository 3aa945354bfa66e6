// Server-Sent Events (WHATWG HTML, section 9.2): the events of a chat, or of the staff's channel, down an ordinary response.
import { chatStream, type DisconnectReason } from '../../../protocol/cable.ts'
import { MAX_REPLAY } from '../../../protocol/limits.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'
import { Frame, type Socket } from '../../ports/socket.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Place } from '../connections/admission.ts'
import { Connection } from '../connections/connection.ts'
import type { Connections } from '../connections/connections.ts'
import { replay, resumeFrom, tellState } from '../streams/history.ts'
import { STAFF_STREAM } from '../streams/staff-stream.ts'
import { Subscription, type Envelope } from '../streams/subscription.ts'

/** What a stream tells of: one chat, perhaps from a place in it, or what all staff hear */
export type Topic = { chat: ChatRecord; lastEventId: string | undefined } | 'admin'

/** A comment. The first one carries the response's head through proxies, the others tell a live line from a dead one */
const BEAT = new Frame(':\n\n')
/** Beats after which a stream has to be asked for again, so that one whose reader is gone without a word lasts no longer */
const LIFE = 15
/** How long its place is kept for the one that follows (ms), so that nobody sees its reader leave and return */
const HANDOVER = 5_000
const REJECT_HISTORY = new Frame(encodeEvent('reject_history', '{"type":"reject_history"}'))

export class SseConnection extends Connection {
  readonly #core: Core
  readonly #subscription: Subscription
  readonly #chat: ChatRecord | null
  readonly #place: Place | undefined
  #beats = 0

  /** @param place left when it has ended */
  constructor(
    core: Core,
    socket: Socket,
    identity: Identity,
    connections: Connections,
    topic: Topic,
    place: Place | undefined,
  ) {
    super(socket, identity, connections, core)
    this.#core = core
    this.#place = place
    this.#chat = topic === 'admin' ? null : topic.chat
    const stream = this.#chat ? chatStream(this.#chat.id) : STAFF_STREAM
    const envelope = eventEnvelope(stream, core.store.epoch)
    this.#subscription = new Subscription(stream, identity, envelope, this)
    this.write(BEAT)
    if (topic !== 'admin' && topic.lastEventId !== undefined) void this.#resume(topic.chat, topic.lastEventId)
    core.hub.join(this.#subscription, this.#chat)
  }

  override get kind(): 'events' {
    return 'events'
  }

  override receive(): void {}

  override beat(): void {
    if (++this.#beats > LIFE) return this.disconnect('idle_timeout', true)
    // No pong will come. Who takes what we write is well enough till then
    if (this.socket.bufferedBytes === 0) this.alive()
    this.write(BEAT)
  }

  override disconnect(reason: DisconnectReason, reconnect: boolean): void {
    const data = `{"type":"disconnect","reason":"${reason}","reconnect":${reconnect}}`
    this.socket.send(new Frame(encodeEvent('disconnect', data)))
    this.close(reconnect ? 1001 : 1000, reason)
  }

  protected override release(): void {
    const { hub, clock } = this.#core
    if (this.#beats > LIFE) clock.after(HANDOVER, () => hub.leave(this.#subscription, this.#chat))
    else hub.leave(this.#subscription, this.#chat)
    this.#place?.leave()
  }

  /** What was missed, before anything live; a refusal leaves the stream open, as on the cable */
  async #resume(chat: ChatRecord, lastEventId: string): Promise<void> {
    const subscription = this.#subscription
    await subscription.hold()
    let complete = false
    try {
      const { offset, epoch, stream } = decodeId(lastEventId)
      const after = stream === subscription.stream ? await resumeFrom(this.#core, chat.id, offset, epoch) : undefined
      complete = after !== undefined && (await replay(this.#core, chat, subscription, after, MAX_REPLAY))
      if (complete) await tellState(this.#core, chat.id, subscription)
    } catch {
      // Answered below as a refusal: the client reloads over REST
    }
    if (!complete) this.write(REJECT_HISTORY)
    subscription.release()
  }
}

function eventEnvelope(stream: string, epoch: string): Envelope {
  return {
    key: 'event-stream',
    wrap(json, message) {
      // Every event begins with its type
      const type = /^\{"type":"(\w+)"/.exec(json)?.[1] ?? 'message'
      return encodeEvent(type, json, message && `${message.seq}/${epoch}/${stream}`)
    },
  }
}

/** A line break in `data` would end the field, so each line becomes a field of its own; the reader puts them together again */
export function encodeEvent(type: string, data: string, id?: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\n${lines.join('')}\n`
}

function decodeId(id: string): { offset?: number; epoch?: string; stream?: string } {
  const [, offset, epoch, stream] = /^(\d{1,15})\/([^/]*)\/(.*)$/.exec(id) ?? []
  return offset === undefined || epoch === undefined || stream === undefined
    ? {}
    : { offset: Number(offset), epoch, stream }
}
