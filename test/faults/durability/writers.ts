// People who write as fast as they are answered, and note what they were told is stored.
import { expect } from 'vitest'
import { loopTime } from '../../../src/testing/loop-time.ts'
import { pause } from '../../support/desk.ts'
import { adminToken, userToken, type ServerProcess } from '../../support/server-process.ts'
import { chatId, TestSocket, V1 } from '../../support/socket.ts'
import type { Truth } from '../model/truth.ts'

/** What each of them has on its way at a time */
const AT_ONCE = 3
/** Before one who was refused tries again (ms) */
const PATIENCE = 50

interface Writer {
  token: string
  chat: string
  /** Their client_ids, in the order in which the server said that it has them */
  acked: string[]
  socket?: TestSocket
  next: number
}

interface Frame {
  type?: string
  message?: { type: string; client_id?: string; code?: string; message?: { client_id: string } }
}

export class Writers {
  /** The codes of all refusals */
  readonly refusals = new Set<string>()
  readonly #server: ServerProcess
  readonly #all: Writer[]
  /** The client_ids of the notes that the server said that it has, of the first writer's chat */
  readonly #noted: string[] = []
  #isClosed = false

  private constructor(server: ServerProcess, all: Writer[]) {
    this.#server = server
    this.#all = all
  }

  static async hire(server: ServerProcess, count: number): Promise<Writers> {
    const all = Array.from({ length: count }, async (_, n): Promise<Writer> => {
      const token = await userToken(`w${n}`)
      const response = await fetch(`${server.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })
      return { token, chat: ((await response.json()) as { id: string }).id, acked: [], next: 0 }
    })
    const writers = new Writers(server, await Promise.all(all))
    void writers.#note()
    return writers
  }

  /** Connects them; from then on each sends again as soon as the last one is confirmed, until its socket dies */
  start(): void {
    for (const writer of this.#all) this.#connect(writer)
  }

  /** Until each of them has been told of more than `more` messages from now on @throws when that takes longer than `ms` of this process’s time */
  async allGoOn(more: number, ms: number): Promise<void> {
    const before = this.#all.map(({ acked }) => acked.length)
    const notes = this.#noted.length
    const end = loopTime() + ms
    for (;;) {
      const waiting = this.#all.filter(({ acked }, i) => acked.length <= (before[i] ?? 0) + more).length
      const areNoted = this.#noted.length > notes + more
      if (waiting === 0 && areNoted) return
      if (loopTime() > end)
        throw new Error(`After ${ms} ms ${waiting} writers wait, and notes ${areNoted ? 'go on' : 'wait too'}`)
      await pause(10)
    }
  }

  /** Whatever they have been told by now is stored, once, and no number is missing */
  async check(truth: Truth): Promise<void> {
    for (const { chat, acked } of this.#all) {
      const told = [...acked]
      const log = await truth.messages(chat)
      expect(log.map((message) => message.seq)).toEqual(log.map((_message, i) => i + 1))
      const stored = new Set(log.map((message) => message.content.replace('m', 'c')))
      expect(stored.size).toBe(log.length)
      expect(told.filter((id) => !stored.has(id))).toEqual([])
    }
    const noted = [...this.#noted]
    const notes = await truth.activity(this.#all[0]?.chat ?? '')
    expect(notes.map(({ seq }) => seq)).toEqual(notes.map((_note, i) => i + 1))
    const stored = new Set(notes.map(({ client_id }) => client_id))
    expect(stored.size).toBe(notes.length)
    expect(noted.filter((id) => !stored.has(id))).toEqual([])
  }

  close(): void {
    this.#isClosed = true
    for (const { socket } of this.#all) socket?.close()
  }

  /** Somebody of staff writes one note after the other, and each again until it is confirmed */
  async #note(): Promise<void> {
    const headers = { authorization: `Bearer ${await adminToken()}`, 'content-type': 'application/json' }
    const url = `${this.#server.url}/admin/chats/${this.#all[0]?.chat}/notes`
    for (let n = 0; !this.#isClosed;) {
      const client_id = `n${n}`
      const body = JSON.stringify({ content: `note ${n}`, client_id })
      const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
      if (answer?.ok === true) {
        this.#noted.push(client_id)
        n++
      } else {
        if (answer && answer.status < 500 && answer.status !== 429) this.refusals.add(`note: ${answer.status}`)
        await pause(PATIENCE)
      }
    }
  }

  #connect(writer: Writer): void {
    const socket = new TestSocket(`ws://127.0.0.1:${this.#server.port}/cable?jid=${writer.token}`, [V1])
    writer.socket = socket
    const identifier = chatId(writer.chat)
    const say = (n: number): void => {
      if (socket.closed) return
      socket.perform(identifier, { action: 'send_message', content: `m${n}`, client_id: `c${n}` })
    }
    const stored = (id: string): void => {
      writer.acked.push(id)
      say(writer.next++)
    }
    socket.ws.on('message', (data: Buffer) => {
      const { type, message } = JSON.parse(data.toString()) as Frame
      if (type === 'welcome') socket.send({ command: 'subscribe', identifier })
      else if (type === 'confirm_subscription') for (let n = 0; n < AT_ONCE; n++) say(writer.next++)
      else if (message?.type === 'new_message') stored(message.message?.client_id ?? '')
      // It was stored before somebody could say so
      else if (message?.type === 'ack') stored(message.client_id ?? '')
      else if (message?.type === 'nack') {
        this.refusals.add(message.code ?? '')
        void pause(PATIENCE).then(() => say(Number(message.client_id?.slice(1))))
      }
    })
  }
}
