// A mail service as a server on this machine: it checks what the real one checks, keeps what it accepts, and misbehaves when told to.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SmtpMode } from '../smtp.ts'

export interface ServiceRequest {
  method: string
  /** With its query */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  /** An object becomes JSON, but bytes are sent as they are */
  body?: object | string | Buffer
}

export interface Address {
  name: string
  address: string
}

/** A mail as the service understood it */
export interface ServiceMail {
  from: Address
  to: Address
  /** Empty: to the sender */
  replyTo: string
  /** What `Message-ID`, `List-Unsubscribe` … say */
  headers: Record<string, string>
  /** Comes back with what the service tells of it */
  reference: string | undefined
  parsed: { subject: string; text: string; html: string }
  envelopeTo: string[]
  /** It said no to it */
  refused: boolean
}

export type Understood = Omit<ServiceMail, 'envelopeTo' | 'refused'>

/** A mail that is in order */
export interface Taken {
  mail: Understood
  /** Given when it is accepted */
  answer: Answer
  accepted?: () => void
}

/** What one service does with a request */
export interface ServiceRules {
  /** `MAIL_URL` for the server at this address */
  mailUrl: (origin: string) => string
  /** An answer, or the mail that is to be sent with the answer once it was accepted */
  handle: (request: ServiceRequest) => Answer | Taken
  /** How it says no to a mail */
  refusal: Answer
  /** How it says that there were too many */
  limit: Answer
}

export interface TestMailService {
  /** Where its API is */
  origin: string
  /** Its `MAIL_URL` */
  url: string
  /** Those that it said yes to */
  mails: ServiceMail[]
  /** Those that it got in full, whatever it answered */
  contents: ServiceMail[]
  /** Everything that was asked, also what sends nothing */
  requests: ServiceRequest[]
  /**
   * `refuse`: its refusal · `refuse-content`: its limit · `cut`: accepts, and drops the connection without an answer
   * `stall-greeting`, `stall-rcpt`: says nothing until `release`, and then what the mode is by then · `hang`: accepts then
   */
  mode: SmtpMode
  /** Given to the next mails in place of what the mode says; the mails are not accepted */
  answers: Answer[]
  readonly stalled: number
  release(): void
  cut(): void
  stop(): Promise<void>
}

export async function startMailService(rules: ServiceRules, port = 0): Promise<TestMailService> {
  let stalled: (() => void)[] = []

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    // A client that goes away in the middle has sent nothing
    request.on('error', () => undefined)
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const received = { method, path: url, headers, body: Buffer.concat(chunks).toString() }
    service.requests.push(received)
    const handled = rules.handle(received)
    if (!('mail' in handled)) return reply(response, handled)
    const mail = { ...handled.mail, envelopeTo: [handled.mail.to.address], refused: false }
    service.contents.push(mail)
    decide(mail, handled, response)
  }

  function decide(mail: ServiceMail, taken: Taken, response: ServerResponse): void {
    const accept = () => {
      service.mails.push(mail)
      taken.accepted?.()
      reply(response, taken.answer)
    }
    const refuse = (told: Answer) => {
      mail.refused = true
      reply(response, told)
    }
    const given = service.answers.shift()
    if (given) return refuse(given)
    switch (service.mode) {
      case 'accept':
        return accept()
      case 'hang':
        stalled.push(accept)
        return
      case 'stall-greeting':
      case 'stall-rcpt':
        stalled.push(() => decide(mail, taken, response))
        return
      case 'refuse':
        return refuse(rules.refusal)
      case 'refuse-content':
        return refuse(rules.limit)
      case 'cut':
        response.destroy()
    }
  }

  const server = createServer((request, response) => void receive(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const service: TestMailService = {
    origin,
    url: rules.mailUrl(origin),
    mails: [],
    contents: [],
    requests: [],
    mode: 'accept',
    answers: [],
    get stalled() {
      return stalled.length
    },
    release() {
      const waiting = stalled
      stalled = []
      for (const go of waiting) go()
    },
    cut() {
      stalled = []
      server.closeAllConnections()
    },
    stop() {
      service.cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return service
}

function reply(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
  response.writeHead(status, { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers })
  response.end(isJson ? JSON.stringify(body) : body)
}

/** @throws SyntaxError */
export const fieldsOf = ({ body }: ServiceRequest): Record<string, unknown> =>
  JSON.parse(body) as Record<string, unknown>

/** `"Name" <address>`, `Name <address>`, or an address alone, as far as services read them */
export function addressOf(text: string): Address {
  const [, name = '', address = text] = /^(.*?)\s*<([^<>]+)>$/s.exec(text) ?? []
  return { name: name.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1'), address }
}
