// The e-mails with a link: an invitation, and a new password.
import { html, raw } from 'hono/html'
import type { Mail, Mailer } from '../../server/ports/mailer.ts'
import type { AccountsCatalogue } from './catalogue.ts'

export interface LinkMail {
  to: { name: string; address: string }
  subject: string
  text: string
  button: string
  link: string
}

const FONT = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const TABLE = raw('role="presentation" cellpadding="0" cellspacing="0" border="0"')

export async function composeLinkMail(
  words: AccountsCatalogue,
  { to, subject, text, button, link }: LinkMail,
): Promise<Mail> {
  const { expires, unexpected } = words.mail
  const body = await html`<!doctype html>
    <html lang="${words.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="margin:0;padding:0">
        <table ${TABLE} width="100%" lang="${words.locale}">
          <tr>
            <td align="center" style="padding:32px 16px">
              <table ${TABLE} width="100%" style="max-width:520px;table-layout:fixed">
                <tr>
                  <td style="${FONT};font-size:16px;line-height:24px;word-wrap:break-word;overflow-wrap:anywhere">
                    <p style="margin:0 0 24px">${text}</p>
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
                    <p style="margin:24px 0 0;font-size:13px;line-height:20px;color:#6b6b76">
                      ${expires} ${unexpected}
                    </p>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`
  return {
    to,
    subject,
    text: `${text}\n\n${link}\n\n${expires} ${unexpected}\n`,
    html: String(body),
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** @throws what the mailer throws. A mail with a link is sent once: whoever needs it asks for another */
export const sendMail = (mailer: Mailer, mail: Mail): Promise<void> => mailer.send(mail, async () => undefined)
