import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'

/** A secret is made in it where none is set */
const DATA_DIR = mkdtempSync(join(tmpdir(), 'settings-'))
afterAll(() => rmSync(DATA_DIR, { recursive: true }))

/** Why these settings are refused */
function refusal(env: Record<string, string>): string {
  try {
    readSettings(env)
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError)
    return (error as Error).message
  }
  return expect.fail('They were taken')
}

const REPLIES = { MAIL_REPLY_DOMAIN: 'reply.acme.example' }
const RESEND = 'resend://key'
const SES = 'ses://AKIA:secret@eu-central-1'
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:mail'

it.each<[Record<string, string>, RegExp]>([
  [{ PORT: 'abc' }, /PORT is not valid/],
  [{ PORT: '70000' }, /PORT is not valid/],
  [{ NOTIFY_AFTER: 'soon' }, /NOTIFY_AFTER is not valid/],
  [{ RETAIN_ARCHIVED: '1y' }, /RETAIN_ARCHIVED is not valid: it must be a number of days and d/],
  [{ HOURS: 'Mo-Fr 9-17', HOURS_TIME_ZONE: 'UTC' }, /HOURS is not valid: 9-17 must be times from 0:00 to 24:00/],
  [{ HOURS: 'Mo-Fr 9:00-17:00' }, /HOURS_TIME_ZONE is missing; HOURS needs it/],
  [{ HOURS_TIME_ZONE: 'Berlin' }, /HOURS_TIME_ZONE is not valid: .*Berlin/],
  [{ FULL_TEXT_SEARCH: 'yes' }, /FULL_TEXT_SEARCH is not valid: it must be on or off/],
  [{ RATE_LIMIT: '10' }, /RATE_LIMIT is not valid/],
  [{ TRUST_PROXY: 'yes' }, /TRUST_PROXY is not valid/],
  [{ DESKBELL_SECRET: 'short' }, /DESKBELL_SECRET is not valid: it needs at least 32/],
  [{ PUBLIC_URL: 'javascript:alert(1)' }, /PUBLIC_URL is not valid/],
  [{ ALLOWED_ORIGINS: 'example.com' }, /ALLOWED_ORIGINS is not valid/],
  [
    { ALLOWED_ORIGINS: 'https://*.example.com' },
    /ALLOWED_ORIGINS is not valid: https:\/\/\*\.example\.com is not supported/,
  ],
  [{ OIDC_ISSUER: 'accounts.example.com' }, /OIDC_ISSUER is not valid: it must be a URL such as/],
  [{ OIDC_ISSUER: 'http://accounts.example.com' }, /OIDC_ISSUER is not valid: it must begin with https:/],
  [{ OIDC_ISSUER: 'http://localhost.example.com' }, /OIDC_ISSUER is not valid: it must begin with https:/],
  [{ OIDC_ISSUER: 'https://a.example' }, /OIDC_CLIENT_ID is missing; OIDC_ISSUER needs it/],
  [{ OIDC_ISSUER: 'https://a.example', OIDC_CLIENT_ID: 'x' }, /OIDC_CLIENT_SECRET is missing/],
  [{ OIDC_ISSUER: 'https://a.example', SIGN_IN_URL: 'https://app.example' }, /exclude each other/],
  [{ PASSWORD_SIGN_IN: 'off' }, /PASSWORD_SIGN_IN=off needs OIDC_ISSUER, or nobody could sign in/],
  [{ MAIL_URL: 'http://x' }, /MAIL_URL is not valid/],
  [{ MAIL_URL: 'smtp://me:se/cret@127.0.0.1' }, /MAIL_URL is not valid: write \/ \? # @ : % in a password as %2F/],
  [{ MAIL_URL: 'smtp://me:25/cret@127.0.0.1' }, /MAIL_URL is not valid: write/],
  [{ MAIL_URL: 'smtp://me:25%cret@127.0.0.1' }, /MAIL_URL is not valid: write/],
  [{ DATABASE_URL: 'postgres://me:5#cret@127.0.0.1/x' }, /DATABASE_URL is not valid: write/],
  [{ DATABASE_URL: 'mysql://me:5?cret@127.0.0.1/x' }, /DATABASE_URL is not valid: write/],
  [{ DATABASE_URL: 'mysql://127.0.0.1/' }, /DATABASE_URL is not valid: it names no database/],
  [
    { DATABASE_URL: 'mongodb://127.0.0.1:27017,127.0.0.1:27018/?replicaSet=a' },
    /DATABASE_URL is not valid: it names no/,
  ],
  [{ DATABASE_URL: 'mongodb+srv://cluster.example' }, /DATABASE_URL is not valid: it names no database/],
  [{ DATABASE_URL: 'mongodb://me:5#c,ret@127.0.0.1,127.0.0.2/x' }, /DATABASE_URL is not valid: write/],
  [{ BUS_URL: 'redis://me:6/cret@127.0.0.1' }, /BUS_URL is not valid: write/],
  [{ BUS_URL: 'nats://a.example,nats://me:6/cret@b.example' }, /BUS_URL is not valid: write/],
  [{ MAIL_URL: 'postmark://cret@x' }, /MAIL_URL is not valid: it must look like postmark:\/\/TOKEN/],
  [{ MAIL_URL: 'postmark://token?strem=cret@' }, /MAIL_URL is not valid: it has no strem; there is host, stream/],
  [{ MAIL_URL: 'sendgrid://key?region=moon' }, /MAIL_URL is not valid: its region must be global or eu/],
  [{ MAIL_URL: 'resend://50%cret' }, /MAIL_URL is not valid: write % in it as %25/],
  [{ MAIL_URL: 'ses://AKIA:cret@' }, /MAIL_URL is not valid: it must look like ses:\/\/KEY:SECRET@REGION/],
  [{ MAIL_URL: 'ses://AKIA:cret@moon' }, /MAIL_URL is not valid: The region of SES has a name/],
  [{ MAIL_URL: 'resend://key?host=http://mail.example' }, /MAIL_URL is not valid: The service needs a URL/],
  [{ MAIL_FROM: 'nobody' }, /MAIL_FROM is not valid/],
  [{ MAIL_LOGO: 'https://a.example/logo.png' }, /MAIL_LOGO is not valid/],
  [{ MAIL_LOGO: 'https://a.example/logo.png 2000x10' }, /MAIL_LOGO is not valid/],
  [{ STAFF_EMAILS: 'kim@a.example, nobody' }, /STAFF_EMAILS is not valid/],
  [{ STAFF_EMAILS: 'team', SIGN_IN_URL: 'https://a.example/in' }, /STAFF_EMAILS names the team, but with SIGN_IN_URL/],
  [{ STAFF_EMAILS: ',' }, /STAFF_EMAILS is not valid: it must be up to 20 e-mail addresses, or team/],
  [{ STAFF_NOTIFY_AFTER: '0s' }, /STAFF_NOTIFY_AFTER is not valid/],
  [{ MAIL_COLOR: 'red' }, /MAIL_COLOR is not valid/],
  [{ MAIL_FROM: 'a@b.example, c@d.example' }, /MAIL_FROM is not valid/],
  [{ MAIL_FROM: 'Support <a@b.example> <c@d.example>' }, /MAIL_FROM is not valid/],
  [{ MAIL_REPLY_DOMAIN: 'reply.acme.example' }, /MAIL_INBOUND_SECRET or MAIL_INBOUND is missing; MAIL_REPLY_DOMAIN/],
  [{ MAIL_INBOUND: 'whsec_cret@' }, /MAIL_REPLY_DOMAIN is missing; MAIL_INBOUND needs it/],
  [{ ...REPLIES, MAIL_INBOUND: 'cret@' }, /MAIL_INBOUND is not valid: it is for Amazon SES and Resend, by MAIL_URL/],
  [{ ...REPLIES, MAIL_INBOUND: 'cret@', MAIL_URL: RESEND }, /MAIL_INBOUND is not valid: .* which begins with whsec_/],
  [{ ...REPLIES, MAIL_INBOUND: 'arn:cret@', MAIL_URL: SES }, /MAIL_INBOUND is not valid: .* the ARN of their topic/],
  [{ ...REPLIES, MAIL_INBOUND: `${TOPIC} B`, MAIL_URL: SES }, /MAIL_INBOUND is not valid: B is no name of a bucket/],
  [{ ...REPLIES, MAIL_INBOUND: `${TOPIC} b c`, MAIL_URL: SES }, /MAIL_INBOUND is not valid: it is the ARN of a topic/],
  [{ MAIL_EVENTS: 'cret@' }, /MAIL_EVENTS is not valid: MAIL_URL names no service that reports/],
  [{ MAIL_EVENTS: 'user:cret@', MAIL_URL: 'postmark://token' }, /MAIL_EVENTS is not valid: .* at least 16 characters/],
  [{ MAIL_EVENTS: 'cret@', MAIL_URL: 'sendgrid://key' }, /MAIL_EVENTS is not valid: .* verification key, in base64/],
  [{ MAIL_EVENTS: 'cret@', MAIL_URL: SES }, /MAIL_EVENTS is not valid: .* the ARN of their topic/],
  [{ MAIL_EVENTS: 'cret@', MAIL_URL: RESEND }, /MAIL_EVENTS is not valid: .* which begins with whsec_/],
  [
    { MAIL_REPLY_DOMAIN: 'reply@acme.example', MAIL_INBOUND_SECRET: 'long enough, I think' },
    /MAIL_REPLY_DOMAIN is not valid: reply@acme.example is not a domain/,
  ],
  [
    { MAIL_REPLY_DOMAIN: 'reply.acme.example', MAIL_INBOUND_SECRET: 'short' },
    /MAIL_INBOUND_SECRET is not valid: it needs at least 16 characters/,
  ],
  [{ DATABASE_URL: 'oracle://x' }, /DATABASE_URL is not valid/],
  [{ NODE_ENV: 'production' }, /DESKBELL_SECRET is missing/],
  [{ NODE_ENV: 'prod' }, /NODE_ENV is not valid: it must be development, test or production/],
  [{ PUBLIC_URL: 'https://acme.example/?a=1' }, /PUBLIC_URL is not valid: it must not contain \? or #/],
  [{ PORT: '99999' }, /PORT is not valid: it must be a number from 0 to 65535/],
])('the settings %j are refused in one line, which says why and no part of a password', (env, text) => {
  const message = refusal({ DATA_DIR, ...env })
  expect(message).toMatch(text)
  expect(message).not.toMatch(/\n|cret@/)
})

it.each([
  'mongodb://127.0.0.1/x',
  'mongodb://me:se%2Fcret@a.example:27017,b.example:27018/x?replicaSet=rs0',
  'mongodb+srv://me:secret@cluster.example/x?retryWrites=true',
])('DATABASE_URL may be %s', (DATABASE_URL) => {
  expect(
    readSettings({ DATA_DIR, DESKBELL_SECRET: 'only 32 characters are too short?', DATABASE_URL }).databaseUrl,
  ).toBe(DATABASE_URL)
})

it.each([
  ['support@acme.example', '', 'support@acme.example'],
  ['<support@acme.example>', '', 'support@acme.example'],
  ['Acme Support <support@acme.example>', 'Acme Support', 'support@acme.example'],
  ['"Support" <x@y>', 'Support', 'x@y'],
  ['"Acme, \\"Best\\" Support" <support@acme.example>', 'Acme, "Best" Support', 'support@acme.example'],
  ['Acme, the "best" <support@acme.example>', 'Acme, the "best"', 'support@acme.example'],
  ['Café ☕ <support@café.example>', 'Café ☕', 'support@café.example'],
  ['Acme\nBcc: x <support@acme.example>', 'Acme Bcc: x', 'support@acme.example'],
])('MAIL_FROM %j names %j at %s', (MAIL_FROM, name, address) => {
  expect(readSettings({ DATA_DIR, MAIL_FROM }).mailFrom).toEqual({ name, address })
})
