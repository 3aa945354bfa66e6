import { databaseName } from './database.ts'
import type { Settings } from './settings.ts'

/** Settings as they may be logged. They are picked one by one, so that a secret that is added later stays out */
export function loggableSettings(settings: Settings): Record<string, unknown> {
  const { production, publicUrl, dataDir, allowedOrigins, appName, notifyAfter, rateLimit, trustProxy } = settings
  return {
    production,
    public_url: publicUrl,
    sign_in_url: settings.signInUrl && withoutPassword(settings.signInUrl),
    oidc_issuer: settings.oidc && withoutPassword(settings.oidc.issuer),
    password_sign_in: settings.passwords,
    visitors: settings.visitors,
    data_dir: dataDir,
    secrets: settings.secret.length,
    database: databaseName(settings.databaseUrl),
    attachment_limit: settings.attachmentLimit,
    files: settings.filesUrl && withoutPassword(settings.filesUrl),
    full_text_search: settings.fullTextSearch,
    bus: settings.busUrl && withoutPassword(settings.busUrl),
    publisher: settings.publishUrl && withoutPassword(settings.publishUrl),
    publish: settings.publish,
    mail: withoutPassword(settings.mailUrl),
    mail_from: settings.mailFrom.address,
    mail_logo: settings.mailLook.logo && withoutPassword(settings.mailLook.logo.url),
    assign_on_reply: settings.assignOnReply,
    rating: settings.rating,
    staff_emails: settings.staffMails?.to.length ?? 0,
    staff_emails_to_team: settings.staffMails?.team ?? false,
    push_contact: settings.pushContact ?? null,
    allowed_origins: allowedOrigins,
    pusher_app_key: settings.pusherKey,
    app_name: appName,
    notify_after_ms: notifyAfter,
    retain_archived_days: settings.retainArchivedDays ?? null,
    hours: settings.hours?.open ?? null,
    hours_time_zone: settings.hours?.timeZone ?? null,
    mail_reply_domain: settings.mailReplies && settings.mailReplies.domain,
    mail_inbound: settings.mailReplies?.services?.map(({ name }) => name) ?? [],
    mail_events: settings.mailEvents.map(({ name }) => name),
    webhooks: settings.webhooks.map(({ url }) => withoutPassword(url)),
    rate_limit: rateLimit && `${rateLimit.perSecond}:${rateLimit.burst}`,
    trust_proxy: trustProxy,
    metrics: settings.metrics.on ? (settings.metrics.token === null ? 'on' : 'by token') : 'off',
    log_level: settings.logLevel,
  }
}

/** Services whose URL is a key and little else */
const KEY = /^(postmark|sendgrid|resend|ably):\/\/[^?]*/is

/** A URL without what stands before the last @, without the key of a service, and without its query, which may hold passwords too */
export const withoutPassword = (url: string): string =>
  url
    .replace(KEY, '$1://…')
    .replace(/\/\/.*@/s, '//…@')
    .replace(/\?.*$/s, '?…')
