// What all mails look like, in the styles that mail programs know.
import { raw } from 'hono/html'
import { accents, DARK_CARD } from './mail-colors.ts'
import type { MailLook } from './mail-look.ts'

export const FONT = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
export const INK = 'color:#1d1d24'
export const MUTED = 'color:#5c5c66'
export const TEXT = `${FONT};font-size:16px;line-height:24px;${INK}`
export const SMALL = `${FONT};font-size:13px;line-height:20px;${MUTED}`
/** Word does not break long words without `table-layout` */
export const BREAK = 'word-wrap:break-word;overflow-wrap:anywhere;word-break:break-word'

export const TABLE = raw('role="presentation" cellpadding="0" cellspacing="0" border="0"')

/** The dark colours, and less padding on phones: what a mail program may leave out */
export function mailStyles(look: Pick<MailLook, 'color'>) {
  const { dark } = accents(look.color)
  return raw(`<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .card { padding: 24px 20px !important; } .page { padding: 20px 12px !important; } }
@media (prefers-color-scheme: dark) {
  .back { background-color: #16161a !important; } .card { background-color: ${DARK_CARD} !important; }
  .bubble { background-color: #2e2e36 !important; } .line { border-color: #3a3a44 !important; }
  .text { color: #ececf1 !important; } .muted { color: #a9a9b4 !important; }
  .button { background-color: ${dark.color} !important; } .label { color: ${dark.label} !important; }
  .unseen { color: #16161a !important; }
}
[data-ogsb] .back { background-color: #16161a !important; } [data-ogsb] .card { background-color: ${DARK_CARD} !important; }
[data-ogsb] .bubble { background-color: #2e2e36 !important; }
[data-ogsc] .text { color: #ececf1 !important; } [data-ogsc] .muted { color: #a9a9b4 !important; }
[data-ogsb] .button { background-color: ${dark.color} !important; } [data-ogsc] .label { color: ${dark.label} !important; }
</style>`)
}
