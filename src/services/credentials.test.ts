import { expect, it } from 'vitest'
import { s3Blobs } from '../blobs/s3.ts'
import { postmarkMailer } from '../mailers/postmark.ts'
import { resendMailer } from '../mailers/resend.ts'
import { sendgridMailer } from '../mailers/sendgrid.ts'
import { sesMailer } from '../mailers/ses.ts'
import { ablyPublisher } from '../publishers/ably.ts'
import { pusherPublisher } from '../publishers/pusher.ts'
import { supabasePublisher } from '../publishers/supabase.ts'

/** What `process.env.NAME` is in JavaScript where nobody set it */
const unset = undefined as unknown as string
const from = { name: 'Support', address: 'support@example.com' }
const region = 'eu-central-1'

it.each<[string, () => unknown]>([
  ['postmarkMailer needs token', () => postmarkMailer({ token: unset, from })],
  ['postmarkMailer needs token', () => postmarkMailer({ token: '', from })],
  ['sendgridMailer needs key', () => sendgridMailer({ key: unset, from })],
  ['resendMailer needs key', () => resendMailer({ key: unset, from })],
  ['sesMailer needs credentials', () => sesMailer({ region, credentials: unset as never, from })],
  [
    'sesMailer needs credentials.secretAccessKey',
    () => sesMailer({ region, credentials: { accessKeyId: 'a', secretAccessKey: unset }, from }),
  ],
  [
    's3Blobs needs credentials.accessKeyId',
    () => s3Blobs({ bucket: 'files', region, credentials: { accessKeyId: unset, secretAccessKey: 'b' } }),
  ],
  ['pusherPublisher needs secret', () => pusherPublisher({ appId: '1', key: 'k', secret: unset, cluster: 'eu' })],
  ['ablyPublisher needs key', () => ablyPublisher({ key: unset })],
  [
    'supabasePublisher needs jwtSecret',
    () => supabasePublisher({ url: 'https://p.supabase.co', key: 'k', secretKey: 's', jwtSecret: unset }),
  ],
])('%s, and says so at once where its variable is not set', (message, make) => {
  expect(make).toThrow(`${message}: is the variable that it comes from set?`)
})

it('asks a function for the keys of AWS only when it needs them', () => {
  expect(() => sesMailer({ region, credentials: () => Promise.reject(new Error('later')), from })).not.toThrow()
})
