// Every setting of the stand-alone server: how it is parsed, and its row in the README's table.
import { z } from 'zod'
import { MIN_SECRET } from '../../server/people/token.ts'
import {
  busUrl,
  databaseUrl,
  days,
  duration,
  fileSize,
  filesUrl,
  issuer,
  hours,
  mailbox,
  mailLogo,
  mailUrl,
  metrics,
  onOrOff,
  origins,
  publishUrl,
  pushContact,
  pusherKey,
  rate,
  staffEmails,
  timeZone,
  webhookSecrets,
  webhookUrls,
  webUrl,
} from './values.ts'

/** From the most severe; a level logs itself and what is more severe */
export const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** A setting's row in the README's table, in Markdown */
export interface SettingDoc {
  /** What applies when it is not set */
  unset: string
  about: string
}

/** The rows, by schema: each setting's row belongs to the last schema of its chain */
export const settingDocs = z.registry<SettingDoc>()

const secret = z.string().min(MIN_SECRET, `it needs at least ${MIN_SECRET} characters`)

export const environment = z.object({
  PORT: z.coerce
    .number('it must be a number from 0 to 65535')
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .register(settingDocs, { unset: '`3000`', about: 'The port to listen on' }),
  HOST: z.string().default('0.0.0.0').register(settingDocs, { unset: '`0.0.0.0`', about: 'The address to listen on' }),
  PUBLIC_URL: webUrl
    .refine((url) => !/[?#]/.test(url), 'it must not contain ? or #, because paths are appended to it')
    .optional()
    .register(settingDocs, { unset: '`http://localhost:PORT`', about: 'How people reach the server' }),
  SIGN_IN_URL: webUrl.optional().register(settingDocs, {
    unset: 'accounts of its own',
    about:
      'Where staff sign in, if they have accounts in an app of yours: the dashboard redirects there when nobody is signed in. Without it, the server has its own [accounts](docs/operating.md#accounts-of-staff)',
  }),
  VISITORS: onOrOff.default('off').register(settingDocs, {
    unset: '`off`',
    about:
      '`on`: people without an account may write too ([how](docs/signing-in.md#people-without-an-account)). Nothing is stored about them before their first message',
  }),
  OIDC_ISSUER: issuer.optional().register(settingDocs, {
    unset: 'none',
    about:
      'Lets staff sign in with an account at your [OpenID Connect provider](docs/operating.md#signing-in-with-your-own-provider): the URL of its issuer. Needs the package `openid-client`',
  }),
  OIDC_CLIENT_ID: z.string().optional().register(settingDocs, {
    unset: 'required with `OIDC_ISSUER`',
    about:
      'The ID of this server at the provider. Register `PUBLIC_URL/dashboard/oidc_callback` there as the redirect URI',
  }),
  OIDC_CLIENT_SECRET: z.string().optional().register(settingDocs, {
    unset: 'required with `OIDC_ISSUER`',
    about: 'The secret with which this server proves its identity to the provider',
  }),
  OIDC_NAME: z.string().max(60).optional().register(settingDocs, {
    unset: 'the host of `OIDC_ISSUER`',
    about: 'The name of the provider for staff: the button says “Sign in with OIDC_NAME”',
  }),
  PASSWORD_SIGN_IN: onOrOff.default('on').register(settingDocs, {
    unset: '`on`',
    about: '`off`: staff can sign in only with the provider of `OIDC_ISSUER`',
  }),
  DATA_DIR: z.string().min(1).default('data').register(settingDocs, {
    unset: '`data`',
    about:
      'The folder for the SQLite database, the secret, and the files of messages, unless `FILES_URL` names another place for them',
  }),
  DATABASE_URL: databaseUrl.optional().register(settingDocs, {
    unset: '`sqlite:data/deskbell.db`',
    about:
      '`sqlite:` and a path; `postgres://…` (12 or newer; add `?prepare=false` behind a pooler in transaction mode that does not support prepared statements, such as PgBouncer before 1.21); `mysql://…` or `mariadb://…` (MySQL 8.0.17, MariaDB 10.6 or newer); `mongodb://…` or `mongodb+srv://…` ([what to know](docs/mongodb.md)). [Tested versions](docs/operating.md#tested-versions)',
  }),
  ATTACHMENT_LIMIT: fileSize.default(25 * 1024 ** 2).register(settingDocs, {
    unset: '`25MB`',
    about: 'How large a [file of a message](docs/attachments.md) may be, such as `100MB`; `off`: no files in messages',
  }),
  FILES_URL: filesUrl.optional().register(settingDocs, {
    unset: '`DATA_DIR/files`',
    about:
      'Where these files are kept: `s3://KEY:SECRET@BUCKET/FOLDER?region=eu-central-1`, or `&endpoint=https://…` of another service that [speaks S3](docs/attachments.md#where-they-are-stored)',
  }),
  FULL_TEXT_SEARCH: onOrOff.default('off').register(settingDocs, {
    unset: '`off`',
    about:
      '`on`: staff can search messages, in the dashboard and by `GET /admin/messages?q=…`. Each stored message then costs the database about half as much again, up to twice as much on MySQL and MariaDB ([figures](docs/operating.md#search))',
  }),
  BUS_URL: busUrl.optional().register(settingDocs, {
    unset: 'PostgreSQL’s own on a PostgreSQL database; else none',
    about:
      'The bus that connects several nodes: `redis://…` or `rediss://…` (Redis 6, Valkey, or newer), `nats://…` or `tls://…`, `postgres://…` (a direct connection, or a pooler in session mode), or `off`',
  }),
  PUBLISH_URL: publishUrl.optional().register(settingDocs, {
    unset: 'none',
    about:
      'The [service that browsers listen to](docs/realtime.md) instead of connecting to this server: `pusher://…`, `ably://…`, `supabase://…` or `firebase://…`',
  }),
  PUBLISH: z
    .enum(['hints', 'messages'], { error: 'it must be hints or messages' })
    .default('hints')
    .register(settingDocs, {
      unset: '`hints`',
      about:
        "What that service carries: `hints` say that a chat has something new; `messages` adds the messages, on channels that need this server's permission",
    }),
  DESKBELL_SECRET: secret.optional().register(settingDocs, {
    unset: 'generated and kept in `DATA_DIR`',
    about: `Signs tokens; ${MIN_SECRET} or more characters; required in production`,
  }),
  DESKBELL_OTHER_SECRET: secret
    .transform((text) => [text])
    .optional()
    .register(settingDocs, {
      unset: 'none',
      about:
        'Also accepted, but signs nothing: the old secret while [a new one replaces it](docs/signing-in.md#a-new-secret)',
    }),
  ALLOWED_ORIGINS: origins.optional().register(settingDocs, {
    unset: 'this machine; none in production',
    about: 'Origins whose pages may use the chat, separated by commas',
  }),
  PUSHER_APP_KEY: pusherKey.optional().register(settingDocs, {
    unset: 'none',
    about:
      'Lets clients of Pusher Channels, such as pusher-js and Laravel Echo, [connect to this server](docs/realtime.md#pusher-js-and-laravel-echo) as to a Pusher app with this key: letters, digits, `_` and `-`. Not a secret',
  }),
  APP_NAME: z.string().min(1).max(100).default('Deskbell').register(settingDocs, {
    unset: '`Deskbell`',
    about: 'The subject of the e-mail is `New reply from APP_NAME Support`',
  }),
  NOTIFY_AFTER: duration.default(300_000).register(settingDocs, {
    unset: '`5m`',
    about: 'How long a reply stays unread before the e-mail goes out; `2s` works',
  }),
  RATING: onOrOff.default('on').register(settingDocs, {
    unset: '`on`',
    about:
      '`off`: the widget does not ask users [how the help was](docs/desk.md#rating) after staff archived their chat',
  }),
  ASSIGN_ON_REPLY: onOrOff.default('on').register(settingDocs, {
    unset: '`on`',
    about: '`off`: a reply to an unassigned chat does not [assign it](docs/desk.md#who-has-a-chat) to its author',
  }),
  RETAIN_ARCHIVED: days.optional().register(settingDocs, {
    unset: 'forever',
    about:
      'How long chats stay in the archive, such as `365d`. Then their users are [erased](docs/operating.md#retention) with all that is stored about them',
  }),
  HOURS: hours.optional().register(settingDocs, {
    unset: 'none',
    about:
      'When staff answer, such as `Mo-Fr 9:00-17:00; Sa 10:00-14:00`: outside of these hours the widget says [when they are back](docs/behaviour.md#hours), and the e-mail about a reply goes out at once',
  }),
  HOURS_TIME_ZONE: timeZone.optional().register(settingDocs, {
    unset: 'required with `HOURS`',
    about: 'The time zone of `HOURS`, such as `Europe/Berlin`',
  }),
  STAFF_EMAILS: staffEmails.optional().register(settingDocs, {
    unset: 'none',
    about:
      'Which staff get [an e-mail](docs/email.md#mail-to-staff) when a message waits and nobody who could answer it is online: `team` (everybody with an account), or up to 20 addresses separated by commas, or both. If the chat is assigned to a member, only that member gets it',
  }),
  STAFF_NOTIFY_AFTER: duration
    .refine((ms) => ms > 0, 'it must be longer than 0')
    .default(600_000)
    .register(settingDocs, { unset: '`10m`', about: 'How long a message waits before the e-mail to staff' }),
  PUSH_CONTACT: pushContact.optional().register(settingDocs, {
    unset: '`MAIL_FROM`, or `PUBLIC_URL`',
    about:
      'The contact address that push services get with the [push notifications to staff](docs/desk.md#notifications): `mailto:…` or an https URL; `off`: no push notifications',
  }),
  MAIL_URL: mailUrl.default('mailbox:').register(settingDocs, {
    unset: '`mailbox:`',
    about:
      '`smtp://user:password@host:587`; `postmark://TOKEN`, `sendgrid://KEY`, `ses://KEY:SECRET@REGION` or `resend://KEY` ([settings of each](docs/email.md)); `mailbox:` keeps mails for `/dev/mailbox`',
  }),
  MAIL_FROM: mailbox
    .optional()
    .register(settingDocs, { unset: '`APP_NAME Support <support@localhost>`', about: 'The sender of the e-mails' }),
  MAIL_LOGO: mailLogo.optional().register(settingDocs, {
    unset: '`APP_NAME` in words',
    about: 'The picture at the top of the e-mails: an https URL and its size, `https://example.com/logo.png 120x32`',
  }),
  MAIL_COLOR: z
    .string()
    .optional()
    .register(settingDocs, { unset: '`#4338ca`', about: 'The colour of the button in the e-mails' }),
  MAIL_FOOTER: z
    .string()
    .optional()
    .register(settingDocs, { unset: 'none', about: 'A line at the end of the e-mails, such as your postal address' }),
  MAIL_REPLY_DOMAIN: z.string().optional().register(settingDocs, {
    unset: 'none',
    about:
      'Lets people answer the e-mails by e-mail: answers go to addresses in this domain, whose mail must reach `mail/inbound` ([how](docs/email.md#answers-by-e-mail))',
  }),
  MAIL_INBOUND_SECRET: z.string().optional().register(settingDocs, {
    unset: 'none',
    about:
      'The secret that a service or mail server must send with each mail that it delivers to `mail/inbound`; 16 or more characters; required with `MAIL_REPLY_DOMAIN`, unless `MAIL_INBOUND` is set',
  }),
  MAIL_INBOUND: z.string().optional().register(settingDocs, {
    unset: 'none',
    about:
      'Proves that Amazon SES or Resend, whichever `MAIL_URL` names, [received a mail](docs/email.md#answers-by-e-mail): the ARN of a topic, with the name of a bucket after a space, or `whsec_…`',
  }),
  MAIL_EVENTS: z.string().optional().register(settingDocs, {
    unset: 'none',
    about:
      'Proves that [reports of deliveries and bounces](docs/email.md#deliveries-and-bounces) come from the mail service: Postmark’s `USER:PASSWORD`, SendGrid’s verification key, the ARN of the topic of SES, Resend’s `whsec_…`',
  }),
  WEBHOOK_URL: webhookUrls.optional().register(settingDocs, {
    unset: 'none',
    about:
      'Where [webhooks](docs/webhooks.md) about messages and the archive go: one or more `https:` URLs, separated by commas',
  }),
  WEBHOOK_SECRET: webhookSecrets.optional().register(settingDocs, {
    unset: 'required with `WEBHOOK_URL`',
    about: 'Signs them: `whsec_` and a key in base64; two, separated by a comma, while one replaces the other',
  }),
  WEBHOOK_PRIVATE_HOSTS: onOrOff.default('off').register(settingDocs, {
    unset: '`off`',
    about:
      '`on`: webhooks may go to loopback and private addresses, and by `http:`, for example to a receiver on the same network',
  }),
  RATE_LIMIT: rate.default({ perSecond: 10, burst: 300 }).register(settingDocs, {
    unset: '`10:300`',
    about:
      'How many messages a person may send per second, and in a burst, or `off`. One person may have 1,000 connections open, one address 10,000; `off` lifts all limits',
  }),
  TRUST_PROXY: z.coerce.number('it must be a number of proxies').int().min(0).max(10).default(0).register(settingDocs, {
    unset: '`0`',
    about:
      'How many of your own proxies are in front of the server; their `X-Forwarded-For` then gives the address of the client',
  }),
  METRICS: metrics.optional().register(settingDocs, {
    unset: '`on`; `off` in production',
    about: '`/metrics` for Prometheus: `on`, `off`, or `token:…`, a token that requests must have',
  }),
  LOG_LEVEL: z
    .enum(LEVELS, { error: `it must be one of ${LEVELS.join(', ')}` })
    .default('info')
    .register(settingDocs, {
      unset: '`info`',
      about: '`fatal`, `error`, `warn`, `info`, `debug` or `silent`; lines are JSON in production',
    }),
  // Another value, such as `prod`, would show the mailbox to everybody
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'it must be development, test or production' })
    .default('development')
    .register(settingDocs, {
      unset: '`development`',
      about:
        '`production` hides `/demo`, `/dev/mailbox` and the printed ticket; `development` and `test` show them to everybody who can reach the server',
    }),
})
