// A real HTTP server that receives webhooks, checks them with the official library, and answers as a test wants.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { WebhookPayload } from '../../src/entries/node.ts'

export const WEBHOOK_SECRET = `whsec_${Buffer.from('a key that only the tests know!!').toString('base64')}`

export interface Received {
  id: string
  timestamp: number
  signature: string
  payload: WebhookPayload
}

/** A status; `hang`: never answer; `endless`: 200, and a body that does not end; or what to do with the response */
type Answer = number | 'hang' | 'endless' | ((response: ServerResponse) => void)

export interface WebhookReceiver {
  url: string
  port: number
  received: Received[]
  /** What people wrote, in the order in which it came */
  contents(): string[]
  /** How it answers from now on. Default: 204 */
  answer: (received: Received) => Answer
  stop(): Promise<void>
}

/** @param secret what it checks signatures with */
export async function startWebhookReceiver(secret = WEBHOOK_SECRET): Promise<WebhookReceiver> {
  const official = new Webhook(secret)
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      try {
        official.verify(body, headers)
      } catch (error) {
        response.writeHead(401).end(String(error))
        return
      }
      const received: Received = {
        id: headers['webhook-id'] ?? '',
        timestamp: Number(headers['webhook-timestamp']),
        signature: headers['webhook-signature'] ?? '',
        payload: JSON.parse(body) as WebhookPayload,
      }
      receiver.received.push(received)
      const answer = receiver.answer(received)
      if (typeof answer === 'function') answer(response)
      else if (answer === 'endless') {
        response.writeHead(200)
        response.write('x'.repeat(1000))
      } else if (answer !== 'hang') response.writeHead(answer).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hooks?key=1`,
    port,
    received: [],
    contents: () =>
      receiver.received.map(({ payload }) =>
        payload.type === 'message.created' ? payload.data.message.content : payload.type,
      ),
    answer: () => 204,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  return receiver
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
