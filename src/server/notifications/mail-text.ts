import type { Letter, LetterMessage } from './letter.ts'

/** The plain text part of the standard mail. Its lines end in LF, which mailers turn into CR LF. */
export function mailText({
  replyLine,
  greeting,
  intro,
  messages,
  more,
  open,
  earlier,
  look,
  reason,
  stop,
}: Letter): string {
  const paragraphs = [
    ...(replyLine === null ? [] : [replyLine]),
    greeting,
    intro,
    ...messages.flatMap(({ wrote, lines }, i) => {
      const isNewSender = wrote !== messages[i - 1]?.wrote
      return [...(isNewSender ? [wrote] : []), lines.map(quoted).join('\n')]
    }),
    ...(more === null ? [] : [more]),
    open.inText,
    ...(earlier.messages.length === 0 ? [] : [`${earlier.heading}\n\n${earlier.messages.map(told).join('\n\n')}`]),
    // Mail programs know two hyphens and a space as the start of a signature, and leave it out when they quote
    `-- \n${reason}${stop ? ` ${stop.inText}` : ''}${look.footer === null ? '' : `\n${look.footer}`}`,
  ]
  return `${paragraphs.join('\n\n')}\n`
}

const quoted = (line: string): string => (line === '' ? '>' : `> ${line}`)

/** Indented, so that nothing in it looks like a quotation or a signature */
const told = ({ wrote, lines }: LetterMessage): string =>
  [wrote, ...lines].map((line) => `  ${line}`.trimEnd()).join('\n')
