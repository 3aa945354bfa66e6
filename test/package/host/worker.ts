// The chat on a runtime that has web standards and nothing of Node: a Worker's `fetch`.
import { createDeskbellCore, type DeskbellCore, type Frame, type Socket } from 'deskbell/core'
import { memoryStore } from './memory-store.ts'

export async function start(): Promise<DeskbellCore> {
  return createDeskbellCore({
    store: await memoryStore(),
    mailer: { send: async () => undefined },
    secret: 'a secret that only this worker knows',
    publicUrl: 'https://chat.example.com',
  })
}

/** A socket that keeps what it is sent */
export class HeardSocket implements Socket {
  readonly heard: string[] = []
  readonly bufferedBytes = 0
  send(frame: Frame): void {
    this.heard.push(frame.text)
  }
  ping(): void {}
  close(): void {}
}
