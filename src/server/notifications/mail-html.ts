// The HTML part of a mail, for mail programs as they are. Outlook for Windows lays out with Word: it needs tables, `bgcolor`, `align` and
// `<br>`, and knows no `max-width` and no padding of links. Gmail may drop the style sheet, so it only holds what can be missed: dark
// colours and less padding on phones. Gmail also drops `html` and `body`, so the table carries the language and the direction. And it folds
// away the end of a mail that equals the end of the one before it in the thread, the button with it: so each ends in an id.
import { html, raw } from 'hono/html'
import { directionOf } from '../http/direction.ts'
import type { MailContent } from './mail-content.ts'

const FONT = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const TEXT = `${FONT};font-size:16px;line-height:24px;color:#1d1d24`
const SMALL = `${FONT};font-size:13px;line-height:20px;color:#5c5c66`
/** Word does not break long words without `table-layout` */
const BREAK = 'word-wrap:break-word;overflow-wrap:anywhere;word-break:break-word'
/** Keeps what follows out of the line that lists of mails show beside the subject */
const FILLER = raw('&#8199;&#847; '.repeat(60))

const TABLE = raw('role="presentation" cellpadding="0" cellspacing="0" border="0"')

const STYLES = raw(`<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .card { padding: 24px 20px !important; } .page { padding: 20px 12px !important; } }
@media (prefers-color-scheme: dark) {
  .back { background-color: #16161a !important; } .card { background-color: #212127 !important; }
  .text { color: #ececf1 !important; } .muted { color: #a9a9b4 !important; }
  .quote { border-color: #a5b4fc !important; }
  .button { background-color: #a5b4fc !important; } .label { color: #1e1b4b !important; } .unseen { color: #16161a !important; }
}
[data-ogsb] .back { background-color: #16161a !important; } [data-ogsb] .card { background-color: #212127 !important; }
[data-ogsc] .text { color: #ececf1 !important; } [data-ogsc] .muted { color: #a9a9b4 !important; }
[data-ogsb] .button { background-color: #a5b4fc !important; } [data-ogsc] .label { color: #1e1b4b !important; }
</style>`)

export async function mailHtml(content: MailContent): Promise<string> {
  const { words, appName, subject, greeting, from, lines, unread, chatUrl, unsubscribeUrl, id } = content
  const { locale, mail: say } = words
  const direction = directionOf(say.intro)
  const start = startOf(direction)
  const quoteDirection = directionOf(lines.join(' '))
  const quoteStart = startOf(quoteDirection)
  return String(
    await html`<!doctype html>
      <html lang="${locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="x-apple-disable-message-reformatting" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <title>${subject}</title>
          ${STYLES}
        </head>
        <body class="back" dir="${direction}" bgcolor="#f5f5f7" style="margin:0;padding:0;background-color:#f5f5f7">
          <div
            style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:#f5f5f7"
          >
            ${say.wrote(from)} ${lines.join(' ')} ${FILLER}
          </div>
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
                    <td class="muted" align="${start}" style="padding:0 0 12px;${SMALL};font-weight:600;${BREAK}">
                      ${appName}
                    </td>
                  </tr>
                  <tr>
                    <td
                      class="card"
                      align="${start}"
                      bgcolor="#ffffff"
                      style="background-color:#ffffff;border-radius:12px;padding:32px"
                    >
                      <p class="text" style="margin:0 0 16px;${TEXT};${BREAK}">${greeting}</p>
                      <p class="text" style="margin:0 0 16px;${TEXT}">${say.intro}</p>
                      <table ${TABLE} width="100%" style="table-layout:fixed">
                        <tr>
                          <td
                            class="quote text"
                            dir="${quoteDirection}"
                            align="${quoteStart}"
                            style="border-${quoteStart}:3px solid #4338ca;padding:4px 0;padding-${quoteStart}:16px;${TEXT};${BREAK}"
                          >
                            <strong><bdi>${from}</bdi></strong
                            >${lines.map((line) => html`<br />${htmlLine(line)}`)}
                          </td>
                        </tr>
                      </table>
                      ${
                        unread > 1
                          ? html`<p class="muted" style="margin:16px 0 0;${SMALL}">${say.more(unread)}</p>`
                          : ''
                      }
                      <table ${TABLE}>
                        <tr>
                          <td height="24" style="font-size:1px;line-height:24px">&nbsp;</td>
                        </tr>
                        <tr>
                          <td
                            class="button"
                            align="center"
                            bgcolor="#4338ca"
                            style="background-color:#4338ca;border-radius:8px;mso-padding-alt:12px 20px"
                          >
                            <a
                              class="label"
                              href="${chatUrl}"
                              style="display:inline-block;padding:12px 20px;${FONT};font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none"
                              >${say.openChat}</a
                            >
                          </td>
                        </tr>
                      </table>
                    </td>
                  </tr>
                  <tr>
                    <td class="muted" align="center" style="padding:24px 0 0;${SMALL};${BREAK}">
                      ${say.reason(appName)}
                      <a class="muted" href="${unsubscribeUrl}" style="color:#5c5c66;text-decoration:underline"
                        >${say.unsubscribe}</a
                      >
                    </td>
                  </tr>
                  <tr>
                    <td
                      class="unseen"
                      align="center"
                      aria-hidden="true"
                      style="font-size:1px;line-height:1px;color:#f5f5f7"
                    >
                      ${id}
                    </td>
                  </tr>
                </table>
                ${raw('<!--[if mso]></td></tr></table><![endif]-->')}
              </td>
            </tr>
          </table>
        </body>
      </html>`,
  )
}

const startOf = (direction: 'ltr' | 'rtl'): 'left' | 'right' => (direction === 'rtl' ? 'right' : 'left')

/** Indentation and runs of spaces stay, as in the chat. Word does not know `white-space` */
const htmlLine = (line: string): string =>
  line.replaceAll('\t', '    ').replace(/^ +| +(?= )/g, (run) => '\u00a0'.repeat(run.length))
