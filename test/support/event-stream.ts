// A bare reader of Server-Sent Events over HTTP/1.1, for tests that go frame by frame.
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { until } from './desk.ts'

/** One event as a browser would give it */
export interface StreamEvent {
  id: string | undefined
  event: string
  /** `data` lines put together again, and parsed */
  data: { type: string; message?: { seq: number; content: string }; [field: string]: unknown }
}

export class TestStream {
  readonly request: ClientRequest
  response: IncomingMessage | undefined
  /** Everything that came, as it came */
  text = ''
  closed = false

  constructor(url: string, token: string, headers: Record<string, string> = {}) {
    this.request = request(url, { headers: { authorization: `Bearer ${token}`, ...headers }, agent: false })
    this.request.on('error', () => (this.closed = true))
    this.request.on('response', (response) => {
      this.response = response
      response.setEncoding('utf8')
      response.on('data', (text: string) => (this.text += text))
      response.on('error', () => undefined)
      response.on('close', () => (this.closed = true))
    })
    this.request.end()
  }

  /** Waits for the head and the first comment */
  static async open(url: string, token: string, headers: Record<string, string> = {}): Promise<TestStream> {
    const stream = new TestStream(url, token, headers)
    await until(() => stream.text.startsWith(':'))
    return stream
  }

  get events(): StreamEvent[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/s.exec(line) ?? [])
        const all = (name: string): string[] => fields.flatMap((f) => (f[1] === name ? [f[2] ?? ''] : []))
        const data = all('data')
        if (data.length === 0) return []
        return [
          { id: all('id')[0], event: all('event')[0] ?? '', data: JSON.parse(data.join('\n')) as StreamEvent['data'] },
        ]
      })
  }

  named(event: string): StreamEvent[] {
    return this.events.filter((e) => e.event === event)
  }

  contents(): (string | undefined)[] {
    return this.named('new_message').map((e) => e.data.message?.content)
  }

  event(name: string): Promise<StreamEvent> {
    return until(() => this.named(name)[0])
  }

  end(): Promise<boolean> {
    return until(() => this.closed)
  }

  close(): void {
    this.request.destroy()
  }
}
