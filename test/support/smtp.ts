// A real SMTP server that keeps what it accepts, and misbehaves when told to.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface TestSmtp {
  url: string
  mails: { envelopeTo: string[]; envelopeFrom: string; parsed: ParsedMail; raw: string }[]
  /** How often the content of a mail arrived, kept or not */
  deliveries: number
  /** `refuse`: 451 at RCPT; `hang`: takes the content and never answers; `cut`: takes it and drops the connection */
  mode: 'accept' | 'refuse' | 'refuse-content' | 'hang' | 'cut'
  stop(): Promise<void>
}

export async function startSmtp(port = 0): Promise<TestSmtp> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo(_address, _session, done) {
      if (smtp.mode !== 'refuse') return done()
      done(Object.assign(new Error('Try later'), { responseCode: 451 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        smtp.deliveries++
        if (smtp.mode === 'hang') return
        if (smtp.mode === 'cut') {
          for (const connection of server.connections)
            (connection as { _socket?: { destroy(): void } })._socket?.destroy()
          return
        }
        if (smtp.mode === 'refuse-content') return done(Object.assign(new Error('Not now'), { responseCode: 452 }))
        const raw = Buffer.concat(chunks).toString()
        simpleParser(raw).then((parsed) => {
          const { mailFrom, rcptTo } = session.envelope
          const envelopeTo = rcptTo.map((r) => r.address)
          smtp.mails.push({ envelopeTo, envelopeFrom: mailFrom ? mailFrom.address : '', parsed, raw })
          done()
        }, done)
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: [],
    deliveries: 0,
    mode: 'accept',
    stop() {
      for (const connection of server.connections) (connection as { _socket?: { destroy(): void } })._socket?.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
  return smtp
}

/** A port on which nothing listens */
export function deadPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
