import { oneLine } from '../../protocol/one-line.ts'

/** How mails look: the host's logo and colour, and a line at their end */
export interface MailLook {
  /** Shown in place of the app's name, which mail programs show while they load no pictures; null: none. Size in CSS pixels */
  logo: { url: string; width: number; height: number } | null
  /** Of the button: `#` and six hexadecimal digits. The text on it, and its shade in dark mode, are chosen so that they can be read */
  color: string
  /** Below the reason for the mail, such as the company's address; null: nothing */
  footer: string | null
}

/** What is left out is standard */
export type GivenLook = { [Name in keyof MailLook]?: MailLook[Name] | undefined }

export const STANDARD_LOOK: MailLook = { logo: null, color: '#4338ca', footer: null }

/** Wider or higher ones (px) would leave no room for the mail, or burst it */
const WIDEST = 520
const HIGHEST = 200

/** @throws Error when something in it cannot be shown */
export function readLook(given: GivenLook): MailLook {
  const { logo = null, color = STANDARD_LOOK.color, footer = null } = given
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw new Error(`mail.color ${color} is not a colour such as #4338ca`)
  if (logo) {
    const { url, width, height } = logo
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`mail.logo.url ${url} is not an https: URL`)
    if (!isSize(width, WIDEST) || !isSize(height, HIGHEST))
      throw new Error(`mail.logo needs its width (1 to ${WIDEST}) and height (1 to ${HIGHEST}) in pixels`)
  }
  return { logo, color: color.toLowerCase(), footer: footer === null ? null : oneLine(footer) || null }
}

const isSize = (pixels: number, most: number): boolean => Number.isInteger(pixels) && pixels >= 1 && pixels <= most
