// The layout of mails that say a few things and lead to one place: a refused answer by e-mail, an invitation, a new password.
import { html, raw } from 'hono/html'
import { directionOf } from './http/direction.ts'
import type { Mail } from './ports/mailer.ts'

export interface ShortMail {
  /** BCP 47 */
  locale: string
  subject: string
  paragraphs: string[]
  button: string
  /** Where the button leads */
  link: string
  /** Below the button, in small type; null: nothing */
  small: string | null
}

const FONT = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const TABLE = raw('role="presentation" cellpadding="0" cellspacing="0" border="0"')

export async function shortMail(mail: ShortMail): Promise<Pick<Mail, 'subject' | 'text' | 'html'>> {
  const { locale, subject, paragraphs, button, link, small } = mail
  const body = await html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:0">
        <table ${TABLE} width="100%" lang="${locale}" dir="${directionOf(paragraphs.join(' '))}">
          <tr>
            <td align="center" style="padding:32px 16px">
              <table ${TABLE} width="100%" style="max-width:520px;table-layout:fixed">
                <tr>
                  <td style="${FONT};font-size:16px;line-height:24px;word-wrap:break-word;overflow-wrap:anywhere">
                    ${paragraphs.map((text) => html`<p style="margin:0 0 24px">${text}</p>`)}
                    <table ${TABLE}>
                      <tr>
                        <td bgcolor="#4338ca" style="border-radius:8px">
                          <a
                            href="${link}"
                            style="${FONT};display:inline-block;padding:11px 20px;border-radius:8px;background-color:#4338ca;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none"
                            >${button}</a
                          >
                        </td>
                      </tr>
                    </table>
                    ${
                      small === null
                        ? ''
                        : html`<p style="margin:24px 0 0;font-size:13px;line-height:20px;color:#6b6b76">${small}</p>`
                    }
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`
  const lines = [...paragraphs, link, ...(small === null ? [] : [small])]
  return { subject, text: `${lines.join('\n\n')}\n`, html: String(body) }
}
