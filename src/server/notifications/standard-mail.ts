import { letterOf } from './letter.ts'
import type { MailContent, MailParts } from './mail-content.ts'
import { mailHtml } from './mail-html.ts'
import { mailText } from './mail-text.ts'

/**
 * The mail that comes with Deskbell, for templates that change some of it.
 * @example
 * mail: { template: async (content) => ({ ...(await standardMail(content)), subject: `${content.appName} wrote to you` }) }
 * @example // in the language of the person
 * mail: { template: (content) => standardMail({ ...content, words: languageOf(content.person) === 'de' ? german : content.words }) }
 */
export async function standardMail(content: MailContent): Promise<MailParts> {
  const letter = letterOf(content)
  return { subject: letter.subject, html: await mailHtml(letter), text: mailText(letter) }
}
