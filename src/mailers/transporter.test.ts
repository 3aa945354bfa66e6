import { createTransport } from 'nodemailer'
import { expect, it } from 'vitest'
import { smtpMailer } from './smtp.ts'
import { transporterMailer } from './transporter.ts'

const from = { name: '', address: 'support@example.com' }
const mail = { to: { name: '', address: 'ada@example.com' }, subject: 'Hi', text: 'Hi', html: '<p>Hi</p>', headers: {} }
const handover = (): Promise<void> => Promise.resolve()

it('a transport that throws fails its mail, and nothing else', async () => {
  const transporter = createTransport({
    name: 'broken',
    version: '1',
    send() {
      throw new Error('no region is set')
    },
  })
  await expect(transporterMailer(transporter, { from }).send(mail, handover)).rejects.toThrow('no region is set')
})

it('a mailer that could not be opened can be closed', async () => {
  const mailer = smtpMailer({ url: 'smtp://[no host', from })
  await expect(mailer.send(mail, handover)).rejects.toThrow('URL')
  mailer.close?.()
})
