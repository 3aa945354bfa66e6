import type { MailContent } from './mail-content.ts'

/** The plain text part of a mail. Its lines end in LF, which mailers turn into CR LF. */
export function mailText({
  words: { mail: say },
  appName,
  greeting,
  from,
  lines,
  unread,
  chatUrl,
  unsubscribeUrl,
}: MailContent): string {
  const quoted = lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n')
  const paragraphs = [
    greeting,
    say.intro,
    `${say.wrote(from)}\n\n${quoted}`,
    ...(unread > 1 ? [say.more(unread)] : []),
    say.openChatAt(chatUrl),
    // Mail programs know two hyphens and a space as the start of a signature, and leave it out when they quote
    `-- \n${say.reason(appName)} ${say.unsubscribeAt(unsubscribeUrl)}`,
  ]
  return `${paragraphs.join('\n\n')}\n`
}
