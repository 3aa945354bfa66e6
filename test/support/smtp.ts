// A real SMTP server that keeps what it accepts, and misbehaves when told to.
import type { AddressInfo } from 'node:net'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail {
  envelopeTo: string[]
  envelopeFrom: string
  parsed: ParsedMail
  raw: string
  /** It said no to it */
  refused: boolean
}

/**
 * `refuse`: 451 at RCPT · `refuse-content`: 452 after the content · `cut`: takes the content and drops the connection
 * `stall-greeting`, `stall-rcpt`: says nothing there until `release` · `hang`: the same once it took the content
 */
export type SmtpMode = 'accept' | 'refuse' | 'refuse-content' | 'cut' | 'stall-greeting' | 'stall-rcpt' | 'hang'

export interface TestSmtp {
  url: string
  /** Those that it said yes to */
  mails: ReceivedMail[]
  /** Those whose content it got in full, whatever it answered */
  contents: ReceivedMail[]
  mode: SmtpMode
  /** Connections that wait for `release` */
  readonly stalled: number
  /** Goes on with who stalls: says yes, or what the mode says by now */
  release(): void
  /** Drops every connection */
  cut(): void
  stop(): Promise<void>
}

type Done = (error?: Error) => void
const no = (text: string, responseCode: number): Error => Object.assign(new Error(text), { responseCode })

export async function startSmtp(port = 0): Promise<TestSmtp> {
  let stalled: (() => void)[] = []
  const mails: ReceivedMail[] = []
  const contents: ReceivedMail[] = []

  async function take(raw: string, { envelope: { mailFrom, rcptTo } }: SMTPServerSession, done: Done): Promise<void> {
    const envelope = { envelopeTo: rcptTo.map((r) => r.address), envelopeFrom: mailFrom ? mailFrom.address : '' }
    // What comes of it is decided as it arrived, not when it has been read
    const mode = smtp.mode
    const mail = { ...envelope, parsed: await simpleParser(raw), raw, refused: mode === 'refuse-content' }
    contents.push(mail)
    const accept = () => {
      mails.push(mail)
      done()
    }
    if (mode === 'hang') stalled.push(accept)
    else if (mode === 'cut') smtp.cut()
    else if (mail.refused) done(no('Not now', 452))
    else accept()
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, done) {
      if (smtp.mode === 'stall-greeting') stalled.push(done)
      else done()
    },
    onRcptTo({ address }, _session, done) {
      const answer = () => done(smtp.mode === 'refuse' ? no(`<${address}> Try later`, 451) : undefined)
      if (smtp.mode === 'stall-rcpt') stalled.push(answer)
      else answer()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      // A client that goes away in the middle has not sent a mail
      stream.on('error', () => undefined)
      stream.on('end', () => void take(Buffer.concat(chunks).toString(), session, done))
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const smtp: TestSmtp = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    contents,
    mode: 'accept',
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
      for (const connection of server.connections) (connection as { _socket?: { destroy(): void } })._socket?.destroy()
    },
    stop() {
      smtp.cut()
      return new Promise((resolve) => server.close(resolve))
    },
  }
  return smtp
}
