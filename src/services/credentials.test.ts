import { expect, it } from 'vitest'
import { s3Blobs } from '../blobs/s3.ts'
import { postmarkEvents } from '../mailers/events/postmark.ts'
import { resendEvents } from '../mailers/events/resend.ts'
import { resendInbound } from '../mailers/inbound/resend.ts'
import { sesInbound } from '../mailers/inbound/ses.ts'
import { postmarkMailer } from '../mailers/postmark.ts'
import { resendMailer } from '../mailers/resend.ts'
import { sendgridMailer } from '../mailers/sendgrid.ts'
import { sesMailer } from '../mailers/ses.ts'
import { ablyPublisher } from '../publishers/ably.ts'
import { firebasePublisher } from '../publishers/firebase.ts'
import { pusherPublisher } from '../publishers/pusher.ts'
import { socketIoPublisher } from '../publishers/socket-io.ts'
import { supabasePublisher } from '../publishers/supabase.ts'

/** What `process.env.NAME` is in JavaScript where nobody set it */
const unset = undefined as unknown as string
const from = { name: 'Support', address: 'support@example.com' }
const region = 'eu-central-1'
const topicArn = `arn:aws:sns:${region}:123456789012:mail`
const firebase = { url: 'https://p-default-rtdb.firebaseio.com', key: 'k' }
const account = { client_email: 'a@p.iam.gserviceaccount.com', private_key: 'PEM' }

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
  ['pusherPublisher needs cluster', () => pusherPublisher({ appId: '1', key: 'k', secret: 's', cluster: unset })],
  ['pusherPublisher needs host', () => pusherPublisher({ appId: '1', key: 'k', secret: 's', host: unset })],
  ['ablyPublisher needs key', () => ablyPublisher({ key: unset })],
  [
    'supabasePublisher needs jwtSecret',
    () => supabasePublisher({ url: 'https://p.supabase.co', key: 'k', secretKey: 's', jwtSecret: unset }),
  ],
  ['firebasePublisher needs key', () => firebasePublisher({ ...firebase, key: unset, serviceAccount: account })],
  ['firebasePublisher needs serviceAccount', () => firebasePublisher({ ...firebase, serviceAccount: unset as never })],
  [
    'firebasePublisher needs serviceAccount.client_email',
    () => firebasePublisher({ ...firebase, serviceAccount: { ...account, client_email: unset } }),
  ],
  [
    'firebasePublisher needs serviceAccount.private_key',
    () => firebasePublisher({ ...firebase, serviceAccount: { ...account, private_key: unset } }),
  ],
  [
    'socketIoPublisher needs secret',
    () => socketIoPublisher({ to: () => ({ emit: () => true }) }, { url: 'https://io.example.com', secret: unset }),
  ],
  ['postmarkEvents needs user', () => postmarkEvents({ user: unset, password: 'sixteen characters' })],
  ['postmarkEvents needs password', () => postmarkEvents({ user: 'u', password: unset })],
  ['resendEvents needs secret', () => resendEvents({ secret: unset })],
  ['resendInbound needs secret', () => resendInbound({ secret: unset, key: 'k' })],
  ['resendInbound needs key', () => resendInbound({ secret: 'whsec_c2VjcmV0', key: unset })],
  [
    'sesInbound needs bucket.credentials.secretAccessKey',
    () =>
      sesInbound({
        topicArn,
        bucket: { name: 'mails', credentials: { accessKeyId: 'a', secretAccessKey: unset } },
      }),
  ],
])('%s, and says so at once where its variable is not set', (message, make) => {
  expect(make).toThrow(`${message}: is the variable that it comes from set?`)
})

it('asks a function for the keys of AWS only when it needs them', () => {
  expect(() => sesMailer({ region, credentials: () => Promise.reject(new Error('later')), from })).not.toThrow()
})
