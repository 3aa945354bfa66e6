import { describe, expect, it } from 'vitest'
import { publisherOf } from './publisher.ts'

const listening = (url: string) => publisherOf(url).listen({ type: 'staff' })

describe('PUBLISH_URL', () => {
  it.each([
    ['pusher://k:s@eu/4711', { service: 'pusher', key: 'k', cluster: 'eu' }],
    ['PUSHER://k:s@mt1/4711/', { service: 'pusher', key: 'k', cluster: 'mt1' }],
    [
      'pusher://k:s%2F@soketi:6001/4711?tls=off',
      { service: 'pusher', key: 'k', host: 'soketi', port: 6001, tls: false },
    ],
    ['pusher://k:s@ws.example.com/4711', { service: 'pusher', key: 'k', host: 'ws.example.com' }],
    ['ably://app.key:s', { service: 'ably', channel: 'support-staff' }],
    ['ably://app.key:s@localhost:8080?tls=off', { service: 'ably', host: 'localhost', port: 8080, tls: false }],
    [
      'supabase://sb_secret_x:jwt%2F@p.supabase.co?key=sb_publishable_x',
      { service: 'supabase', url: 'https://p.supabase.co', key: 'sb_publishable_x' },
    ],
    ['supabase://s:j@localhost:54321?key=k&tls=off', { service: 'supabase', url: 'http://localhost:54321' }],
    [
      `firebase://${btoa(JSON.stringify({ client_email: 'a@b', private_key: 'k', type: 'service_account' }))}@p.firebaseio.com?key=k`,
      { service: 'firebase', url: 'https://p.firebaseio.com', key: 'k', path: 'support-staff/hint' },
    ],
  ])('%s', (url, expected) => expect(listening(url)).toMatchObject(expected))

  it.each([
    ['pusher://k:topsecret@eu', /must look like pusher:/],
    ['pusher://k:topsecret@eu/1?cluster=eu', /has no cluster/],
    ['pusher://k:topsecret%@eu/1', /%25/],
    ['ably://key:topsecret', /must look like ably:/],
    ['ably://app.key:topsecret?tls=on', /tls must be off/],
    ['supabase://topsecret:topsecret@p.supabase.co', /must look like supabase:/],
    ['firebase://topsecret@p.firebaseio.com?key=k', /SERVICE_ACCOUNT must be the JSON file/],
    ['firebase://topsecret@p.firebaseio.com', /must look like firebase:/],
    ['ably://app.topsecret:topsecret@ably.example?tls=off', /begins with https/],
    ['supabase://topsecret:topsecret@p.supabase.co?key=k&tls=off', /begins with https/],
    ['https://topsecret.example', /pusher:\/\/…, ably:\/\/…, supabase:\/\/… or firebase:\/\/…/],
  ])('%s is refused, and the message repeats no secret', (url, message) => {
    expect(() => publisherOf(url)).toThrow(message)
    expect(() => publisherOf(url)).not.toThrow(/topsecret/)
  })
})
