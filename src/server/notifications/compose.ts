import { html } from 'hono/html'
import type { ServerCatalogue } from '../catalogue.ts'
import type { Mail } from '../ports/mailer.ts'
import type { DueNotification } from '../ports/store/notifications.ts'

/** Characters of the reply that the mail shows */
const PREVIEW = 200

export interface MailOptions {
  words: ServerCatalogue
  appName: string
  /** Opens the chat */
  chatUrl: string
  unsubscribeUrl: string
}

/** Composes the mail about unread replies: text and HTML, with RFC 8058 one-click unsubscribe. */
export async function compose(due: DueNotification, options: MailOptions): Promise<Mail> {
  const { words, appName, chatUrl, unsubscribeUrl } = options
  const { locale, mail: say } = words
  const { person, message, unread } = due
  const preview = cut(message.content, locale)
  const from = message.sender_name ?? say.sender(appName)
  const more = unread > 1 ? say.more(unread) : ''
  const greeting = say.greeting(person.name)
  const subject = say.subject(appName)
  const text = [
    greeting,
    say.intro,
    `${say.wrote(from)}\n\n${preview.replace(/^/gm, '> ')}`,
    more,
    say.openChatAt(chatUrl),
    `--\n${say.reason(appName)} ${say.unsubscribeAt(unsubscribeUrl)}`,
  ]
  const page = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:32px 16px;background:#f5f5f7;font:16px/24px system-ui,sans-serif;color:#1d1d24">
        <div style="max-width:520px;margin:0 auto;background:#fff;border-radius:12px;padding:32px">
          <p style="margin:0 0 16px"><bdi>${greeting}</bdi></p>
          <p style="margin:0 0 16px">${say.intro}</p>
          <div style="border-left:3px solid #4338ca;padding:4px 0 4px 16px;margin:0 0 16px">
            <p style="margin:0 0 4px;font-weight:600"><bdi>${from}</bdi></p>
            <p style="margin:0;white-space:pre-wrap;overflow-wrap:anywhere" dir="auto">${preview}</p>
          </div>
          <p style="margin:0 0 24px;color:#5c5c66">${more}</p>
          <a
            href="${chatUrl}"
            style="display:inline-block;background:#4338ca;color:#fff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600"
            >${say.openChat}</a
          >
        </div>
        <p style="max-width:520px;margin:24px auto 0;font-size:13px;line-height:20px;color:#5c5c66;text-align:center">
          ${say.reason(appName)}
          <a href="${unsubscribeUrl}" style="color:#5c5c66">${say.unsubscribe}</a>
        </p>
      </body>
    </html>`
  return {
    to: { name: person.name ?? '', address: person.email },
    subject,
    text: text.filter(Boolean).join('\n\n'),
    html: String(await page),
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  }
}

/** Counts graphemes, so that no emoji is split */
function cut(content: string, locale: string): string {
  const characters = Array.from(
    new Intl.Segmenter(locale).segment(content.slice(0, PREVIEW * 40)),
    (part) => part.segment,
  )
  return characters.length <= PREVIEW ? content : `${characters.slice(0, PREVIEW - 1).join('')}…`
}
