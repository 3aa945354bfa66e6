// People who use a server in every way that there is, until they are told to go home.
import { AUDIENCE, tokens } from '../../../src/server/people/token.ts'
import { pause, SECRET } from '../../support/desk.ts'
import { TestStream } from '../../support/event-stream.ts'
import { ADMIN, chatId, EXT, TestSocket, V1 } from '../../support/socket.ts'

const kit = tokens(SECRET)
const HOUR = 3600

export interface Chatter {
  token: string
  chat: string
}

/** What the server has said to be stored, by chat */
export type Acknowledged = Map<string, Set<string>>

export const signUser = (id: string): Promise<string> =>
  kit.sign({ sub: id, email: `${id}@example.com` }, { audience: AUDIENCE.user, expiresIn: HOUR })
export const signStaff = (): Promise<string> =>
  kit.sign({ sub: 'sam', email: 'sam@desk.example' }, { audience: AUDIENCE.admin, expiresIn: HOUR })

/** Load on one node */
export class Load {
  /** Answers that an orderly stop does not give */
  readonly strange: string[] = []
  /** Messages that this node said to be stored, each as often as it said so */
  acknowledgements = 0
  readonly #url: string
  readonly #random: () => number
  readonly #acknowledged: Acknowledged
  readonly #loops: Promise<void>[] = []
  readonly #ends: (() => void)[] = []
  #over = false
  #made = 0

  constructor(port: number, random: () => number, acknowledged: Acknowledged) {
    this.#url = `127.0.0.1:${port}`
    this.#random = random
    this.#acknowledged = acknowledged
  }

  start(people: Chatter[], staff: string): void {
    for (const person of people) {
      this.#loop(() => this.#post(person.chat, '/support_chat/messages', person.token))
      this.#loop(() => this.#post(person.chat, `/admin/chats/${person.chat}/messages`, staff))
      this.#loop(() => this.#poll(person, staff))
      this.#loop(() => this.#visit(person))
      this.#socket(person, EXT)
      this.#socket(person, V1)
      this.#plain(person)
      this.#stream(`/support_chat/events?last_event_id=`, person.token)
    }
    this.#stream('/admin/events', staff)
    this.#watch(staff)
  }

  /** Nobody asks for anything any more; resolves when every answer is there, or will never be */
  async end(): Promise<void> {
    this.#over = true
    await Promise.all(this.#loops)
    for (const end of this.#ends) end()
  }

  #loop(work: () => Promise<void>): void {
    const run = async (): Promise<void> => {
      while (!this.#over) {
        await work()
        await pause(this.#random() * 8)
      }
    }
    this.#loops.push(run())
  }

  /** Undefined when nobody answers any more */
  async #call(method: string, path: string, token: string, body?: object): Promise<unknown> {
    const request = {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }
    const response = await fetch(`http://${this.#url}${path}`, request).catch(() => undefined)
    const text = await response?.text().catch(() => undefined)
    if (response === undefined || text === undefined) return undefined
    const isRefused = response.status === 503 && response.headers.get('retry-after') === '1'
    if (!response.ok && !isRefused) this.strange.push(`${method} ${path}: ${response.status} ${text}`)
    return response.ok && text !== '' ? JSON.parse(text) : undefined
  }

  async #post(chat: string, path: string, token: string): Promise<void> {
    const sent = await this.#call('POST', path, token, { content: 'by REST', client_id: this.#clientId() })
    if (sent) this.#acknowledge(chat, (sent as { id: string }).id)
  }

  /** One of the other requests */
  async #poll({ chat, token }: Chatter, staff: string): Promise<void> {
    const requests: [method: string, path: string, token: string, body?: object][] = [
      ['GET', '/support_chat', token],
      ['GET', '/support_chat/messages?before=50', token],
      ['GET', '/support_chat/unread', token],
      ['PATCH', '/support_chat/mark_read', token, {}],
      ['POST', '/support_chat/typing', token, { typing: true }],
      ['GET', '/admin/chats', staff],
      ['GET', '/admin/chats?q=a', staff],
      ['GET', '/admin/unread_count', staff],
      ['GET', `/admin/chats/${chat}`, staff],
      ['POST', `/admin/chats/${chat}/mark_viewed`, staff, {}],
      ['POST', `/admin/chats/${chat}/archive`, staff],
      ['POST', `/admin/chats/${chat}/unarchive`, staff],
    ]
    const request = requests[Math.floor(this.#random() * requests.length)]
    if (request) await this.#call(...request)
  }

  /** A socket that comes, asks for what it missed, and goes: its subscription may be under way at any moment */
  async #visit({ chat, token }: Chatter): Promise<void> {
    const socket = new TestSocket(`ws://${this.#url}/cable?jid=${token}`, [EXT])
    socket.ws.on('open', () => {
      socket.send({ command: 'subscribe', identifier: chatId(chat), history: { since: 0 } })
      socket.perform(chatId(chat), { action: 'mark_read' })
      socket.perform(chatId(chat), { action: 'send_message', content: 'early' })
    })
    await pause(this.#random() * 20)
    socket.close()
  }

  #socket({ chat, token }: Chatter, protocol: string): void {
    const socket = new TestSocket(`ws://${this.#url}/cable?jid=${token}`, [protocol])
    const identifier = chatId(chat)
    socket.ws.on('open', () => {
      socket.send({ command: 'subscribe', identifier, ...(protocol === EXT && { history: { since: 0 } }) })
      this.#loop(async () => {
        const client_id = this.#clientId()
        this.#send(socket, { action: 'send_message', content: 'by cable', client_id }, identifier)
        if (this.#random() < 0.3) this.#send(socket, { action: 'mark_read' }, identifier)
        if (this.#random() < 0.1) this.#send(socket, { action: 'history', after: 0 }, identifier)
        if (this.#random() < 0.3) this.#send(socket, { action: 'typing', typing: true }, identifier)
      })
    })
    this.#hear(chat, socket)
  }

  #plain({ chat, token }: Chatter): void {
    const socket = new TestSocket(`ws://${this.#url}/ws/chat?jid=${token}&after=0`)
    socket.ws.on('open', () => {
      this.#loop(async () => {
        this.#send(socket, { action: 'send_message', content: 'by plain', client_id: this.#clientId() })
        if (this.#random() < 0.3) this.#send(socket, { action: 'mark_read' })
      })
    })
    this.#hear(chat, socket)
  }

  /** What all staff hear */
  #watch(staff: string): void {
    const socket = new TestSocket(`ws://${this.#url}/cable?jid=${staff}`, [EXT])
    socket.ws.on('open', () => socket.send({ command: 'subscribe', identifier: ADMIN }))
    this.#ends.push(() => socket.close())
  }

  #stream(path: string, token: string): void {
    const stream = new TestStream(`http://${this.#url}${path}`, token)
    this.#ends.push(() => stream.close())
  }

  #send(socket: TestSocket, data: object, identifier?: string): void {
    if (socket.closed || socket.ws.readyState !== socket.ws.OPEN) return
    if (identifier === undefined) socket.send(data)
    else socket.perform(identifier, data)
  }

  /** A message is acknowledged to everybody who hears it */
  #hear(chat: string, socket: TestSocket): void {
    socket.ws.on('message', () => {
      const frame = socket.frames.at(-1) as { message?: { id?: string; message?: { id: string } } } | undefined
      const id = frame?.message?.message?.id ?? frame?.message?.id
      if (id !== undefined) this.#acknowledge(chat, id)
    })
    this.#ends.push(() => socket.close())
  }

  #acknowledge(chat: string, id: string): void {
    this.acknowledgements++
    const known = this.#acknowledged.get(chat)
    if (known) known.add(id)
    else this.#acknowledged.set(chat, new Set([id]))
  }

  readonly #clientId = (): string => `${this.#url}-${++this.#made}-${Math.floor(this.#random() * 1e9)}`
}
