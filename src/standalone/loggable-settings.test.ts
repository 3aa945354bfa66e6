import { expect, it } from 'vitest'
import { withoutPassword } from './loggable-settings.ts'

it.each([
  ['smtp://me:secret@host:587', 'smtp://…@host:587'],
  ['smtp://me:se@cr/et@host', 'smtp://…@host'],
  ['redis://host/0?password=secret', 'redis://host/0?…'],
  ['smtp://me:se?cr/et@host?tls=on', 'smtp://…@host?…'],
  ['nats://me:secret@a,nats://me:sec/ret@b', 'nats://…@b'],
  ['postmark://6d1f-token?stream=outbound', 'postmark://…?…'],
  ['sendgrid://SG.key.part', 'sendgrid://…'],
  ['resend://re_key', 'resend://…'],
  ['ses://AKIA:se/cret+@eu-central-1?session=x', 'ses://…@eu-central-1?…'],
  ['pusher://key:secret@eu/4711', 'pusher://…@eu/4711'],
  ['supabase://secret:secret@p.supabase.co?key=public', 'supabase://…@p.supabase.co?…'],
  ['firebase://eyJzZWNyZXQiOiJzZWNyZXQifQ==@p.firebaseio.com?key=public', 'firebase://…@p.firebaseio.com?…'],
  ['ably://app.key:secret', 'ably://…'],
  ['ably://app.key:secret@host?tls=off', 'ably://…?…'],
  ['mailbox:', 'mailbox:'],
])('%s', (url, told) => expect(withoutPassword(url)).toBe(told))
