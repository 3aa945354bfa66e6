// The HTML part of the standard mail, for mail programs as they are. Outlook for Windows lays out with Word: it needs tables, `bgcolor`,
// `align` and `<br>`, and knows no `max-width` and no padding of links. Gmail may drop the style sheet, so it only holds what can be
// missed: dark colours and less padding on phones. Gmail also drops `html` and `body`, so the table carries the language and the
// direction. And it folds away the end of a mail that equals the end of the one before it in the thread, the button with it: so each ends
// in an id.
import { html, raw } from 'hono/html'
import { directionOf } from '../http/direction.ts'
import type { Letter, LetterMessage } from './letter.ts'
import { accents } from './mail-colors.ts'
import type { MailLook } from './mail-look.ts'
import { BREAK, FONT, INK, mailStyles, MUTED, SMALL, TABLE, TEXT } from './mail-styles.ts'

/** Keeps what follows out of the line that lists of mails show beside the subject */
const FILLER = raw('&#8199;&#847; '.repeat(60))

export async function mailHtml(letter: Letter): Promise<string> {
  const { locale, appName, look, subject, replyLine, greeting, intro, messages, more, preheader, open, earlier, id } =
    letter
  const direction = directionOf(intro)
  const start = startOf(direction)
  const { light } = accents(look.color)
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
          ${mailStyles(look)}
        </head>
        <body class="back" dir="${direction}" bgcolor="#f5f5f7" style="margin:0;padding:0;background-color:#f5f5f7">
          <div
            style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:#f5f5f7"
          >
            ${preheader} ${FILLER}
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
                  ${
                    replyLine === null
                      ? ''
                      : html`<tr>
                          <td class="muted" align="center" style="padding:0 0 24px;${SMALL}">${replyLine}</td>
                        </tr>`
                  }
                  <tr>
                    <td class="text" align="${start}" style="padding:0 0 16px;${TEXT};font-weight:600;${BREAK}">
                      ${logo(look, appName)}
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
                      <p class="text" style="margin:0 0 ${messages.length === 0 ? 0 : 16}px;${TEXT}">${intro}</p>
                      ${messages.map((message, i) => bubble(message, messages[i - 1]))}
                      ${more === null ? '' : html`<p class="muted" style="margin:12px 0 0;${SMALL}">${more}</p>`}
                      <table ${TABLE}>
                        <tr>
                          <td height="24" style="font-size:1px;line-height:24px">&nbsp;</td>
                        </tr>
                        <tr>
                          <td
                            class="button"
                            align="center"
                            bgcolor="${light.color}"
                            style="background-color:${light.color};border-radius:8px;mso-padding-alt:12px 24px"
                          >
                            <a
                              class="label"
                              href="${open.url}"
                              style="display:inline-block;padding:12px 24px;${FONT};font-size:16px;line-height:24px;font-weight:600;color:${light.label};text-decoration:none"
                              >${open.label}</a
                            >
                          </td>
                        </tr>
                      </table>
                      ${earlier.messages.length === 0 ? '' : conversation(earlier)}
                    </td>
                  </tr>
                  ${footer(letter)}
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

/** Mail programs show the name while they load no pictures, in the style of the cell */
const logo = ({ logo: picture }: MailLook, appName: string) =>
  picture
    ? html`<img
        src="${picture.url}"
        width="${picture.width}"
        height="${picture.height}"
        alt="${appName}"
        style="display:block;border:0;height:auto;max-width:100%"
      />`
    : appName

/** A message that the mail is about. Several of one sender in a row name the sender once */
function bubble({ from, lines }: LetterMessage, previous: LetterMessage | undefined) {
  const direction = directionOf(lines.join(' '))
  const isNewSender = from !== previous?.from
  return html`${
      isNewSender
        ? html`<p class="muted" style="margin:16px 0 4px;${SMALL};font-weight:600;${BREAK}"><bdi>${from}</bdi></p>`
        : ''
    }
    <table ${TABLE} width="100%" style="table-layout:fixed">
      ${
        isNewSender
          ? ''
          : html`<tr>
              <td height="4" style="font-size:1px;line-height:4px">&nbsp;</td>
            </tr>`
      }
      <tr>
        <td
          class="bubble text"
          dir="${direction}"
          align="${startOf(direction)}"
          bgcolor="#f1f1f5"
          style="background-color:#f1f1f5;border-radius:10px;padding:12px 16px;${TEXT};${BREAK}"
        >
          ${htmlLines(lines)}
        </td>
      </tr>
    </table>`
}

/** What came before, in small */
const conversation = ({ heading, messages }: Letter['earlier']) =>
  html`<table ${TABLE} width="100%" style="table-layout:fixed">
    <tr>
      <td height="28" style="font-size:1px;line-height:28px">&nbsp;</td>
    </tr>
    <tr>
      <td class="line muted" style="border-top:1px solid #e4e4ea;padding:16px 0 0;${SMALL};font-weight:600">
        ${heading}
      </td>
    </tr>
    ${messages.map(({ from, lines }) => {
      const direction = directionOf(lines.join(' '))
      return html`<tr>
        <td class="muted" dir="${direction}" align="${startOf(direction)}" style="padding:8px 0 0;${SMALL};${BREAK}">
          <strong class="text" style="font-weight:600;${INK}"><bdi>${from}</bdi></strong
          ><br />${htmlLines(lines)}
        </td>
      </tr>`
    })}
  </table>`

const footer = ({ reason, stop, look }: Letter) =>
  html`<tr>
    <td class="muted" align="center" style="padding:24px 0 0;${SMALL};${BREAK}">
      ${reason}
      ${
        stop
          ? html`<a class="muted" href="${stop.url}" style="${MUTED};text-decoration:underline">${stop.label}</a>`
          : ''
      }${look.footer === null ? '' : html`<br />${look.footer}`}
    </td>
  </tr>`

const startOf = (direction: 'ltr' | 'rtl'): 'left' | 'right' => (direction === 'rtl' ? 'right' : 'left')

const htmlLines = (lines: string[]) => lines.map((line, i) => html`${i === 0 ? '' : raw('<br />')}${htmlLine(line)}`)

/** Indentation and runs of spaces stay, as in the chat. Word does not know `white-space` */
const htmlLine = (line: string): string =>
  line.replaceAll('\t', '    ').replace(/^ +| +(?= )/g, (run) => '\u00a0'.repeat(run.length))
