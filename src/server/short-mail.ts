// The layout of mails that say a few things and lead to one place: a refused answer by e-mail, an invitation, a new password.
import { html, raw } from 'hono/html'
import { directionOf } from './http/direction.ts'
import { accents } from './notifications/mail-colors.ts'
import type { MailLook } from './notifications/mail-look.ts'
import { BREAK, FONT, mailStyles, SMALL, TABLE, TEXT } from './notifications/mail-styles.ts'
import type { Mail } from './ports/mailer.ts'

export interface ShortMail {
  look: Pick<MailLook, 'color'>
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

export async function shortMail(mail: ShortMail): Promise<Pick<Mail, 'subject' | 'text' | 'html'>> {
  const { look, locale, subject, paragraphs, button, link, small } = mail
  const direction = directionOf(paragraphs.join(' '))
  const start = direction === 'rtl' ? 'right' : 'left'
  const { light } = accents(look.color)
  const body = await html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${subject}</title>
        ${mailStyles(look)}
      </head>
      <body class="back" bgcolor="#f5f5f7" style="margin:0;padding:0;background-color:#f5f5f7">
        <table
          class="back"
          ${TABLE}
          width="100%"
          bgcolor="#f5f5f7"
          lang="${locale}"
          dir="${direction}"
          style="background-color:#f5f5f7"
        >
          <tr>
            <td class="page" align="center" style="padding:32px 16px">
              ${raw(`<!--[if mso]><table ${TABLE} width="520" align="center"><tr><td><![endif]-->`)}
              <table ${TABLE} width="100%" style="max-width:520px;table-layout:fixed">
                <tr>
                  <td
                    class="card"
                    align="${start}"
                    bgcolor="#ffffff"
                    style="background-color:#ffffff;border-radius:12px;padding:32px"
                  >
                    ${paragraphs.map((text) => html`<p class="text" style="margin:0 0 24px;${TEXT};${BREAK}">${text}</p>`)}
                    <table ${TABLE}>
                      <tr>
                        <td
                          class="button"
                          align="center"
                          bgcolor="${light.color}"
                          style="background-color:${light.color};border-radius:8px;mso-padding-alt:12px 24px"
                        >
                          <a
                            class="label"
                            href="${link}"
                            style="display:inline-block;padding:12px 24px;${FONT};font-size:16px;line-height:24px;font-weight:600;color:${light.label};text-decoration:none"
                            >${button}</a
                          >
                        </td>
                      </tr>
                    </table>
                    ${small === null ? '' : html`<p class="muted" style="margin:24px 0 0;${SMALL}">${small}</p>`}
                  </td>
                </tr>
              </table>
              ${raw('<!--[if mso]></td></tr></table><![endif]-->')}
            </td>
          </tr>
        </table>
      </body>
    </html>`
  const lines = [...paragraphs, link, ...(small === null ? [] : [small])]
  return { subject, text: `${lines.join('\n\n')}\n`, html: String(body) }
}
