import { plural } from '../../protocol/plural.ts'
import type { ServerCatalogue } from '../catalogue.ts'

const locale = 'en'

export const server: ServerCatalogue = {
  locale,
  mail: {
    subject: (app) => `New reply from ${app} Support`,
    greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
    intro: 'You have a new message from our support team.',
    sender: (app) => `${app} Support`,
    wrote: (sender) => `${sender} wrote:`,
    more: (replies) => plural(locale, replies, { other: 'There are # new replies; this is the newest.' }),
    openChat: 'Open the chat',
    openChatAt: (url) => `Open the chat: ${url}`,
    reason: (app) => `You get this because you wrote to ${app} Support.`,
    unsubscribe: 'Unsubscribe',
    unsubscribeAt: (url) => `To stop these e-mails: ${url}`,
  },
  unsubscribe: {
    question: 'Stop these e-mails?',
    consequence: 'You will get no more e-mails about replies from support. You can still read them in the chat.',
    confirm: 'Unsubscribe',
    done: 'You are unsubscribed',
    doneHint: 'No more e-mails about replies from support.',
  },
}
