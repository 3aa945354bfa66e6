// An adapter, a mailer and a bus as somebody writes them against `deskbell/core`; it is compiled, not run.
import {
  createDeskbellCore,
  DeskbellError,
  ERRORS,
  MailRefused,
  MAX_CONTENT,
  type Bus,
  type DeskbellCore,
  type DeskbellOptions,
  type ErrorCode,
  type Identity,
  type Mailer,
  type Observer,
  type Store,
} from 'deskbell/core'
import { memoryStore } from './memory-store.ts'

export const mailer: Mailer = {
  handsOver: true,
  async send({ to, subject, text }, handover) {
    await handover()
    const body = JSON.stringify({ to: to.address, subject, text })
    const { ok, statusText } = await fetch('https://mail.example.com', { method: 'POST', body })
    if (!ok) throw new MailRefused(statusText)
  },
}

export const silentBus: Bus = {
  publish: () => undefined,
  listen: async () => undefined,
  close: async () => undefined,
}

const observer: Observer = { sent: (outcome) => console.log(outcome), mail: ({ chat_id }) => console.log(chat_id) }

async function authenticate(request: Request): Promise<Identity | null> {
  const id = request.headers.get('x-user')
  return id === null ? null : { id, role: 'user', email: `${id}@example.com`, name: null, expiresAt: null }
}

const store: Store = await memoryStore()
const options: DeskbellOptions = { store, mailer, observer, authenticate, bus: silentBus, secret: '', publicUrl: '' }
export const deskbell: DeskbellCore = createDeskbellCore(options)

export default { fetch: (request: Request): Promise<Response> => deskbell.fetch(request) }

export const statusOf = (code: ErrorCode): number => ERRORS[code][0]
export const isTooLong = (error: unknown): boolean => error instanceof DeskbellError && MAX_CONTENT > error.status
