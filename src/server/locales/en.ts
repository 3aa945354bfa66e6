import { plural } from '../../protocol/plural.ts'
import type { ServerCatalogue } from '../catalogue.ts'

const locale = 'en'

export const server: ServerCatalogue = {
  locale,
  mail: {
    subject: (app) => `New reply from ${app} Support`,
    greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
    intro: (replies) =>
      plural(locale, replies, {
        one: 'You have a new message from our support team.',
        other: 'You have # new messages from our support team.',
      }),
    sender: (app) => `${app} Support`,
    wrote: (sender) => `${sender} wrote:`,
    more: (replies) =>
      plural(locale, replies, {
        one: 'One more is in the chat.',
        other: '# more are in the chat.',
      }),
    you: 'You',
    earlier: 'Earlier in this chat',
    openChat: 'Open the chat',
    openChatAt: (url) => `Open the chat: ${url}`,
    reason: (app) => `You get this because you wrote to ${app} Support.`,
    unsubscribe: 'Unsubscribe',
    unsubscribeAt: (url) => `To stop these e-mails: ${url}`,
  },
  visitorMail: {
    intro: 'You have a new reply from our support team. To read it, open the chat in the browser in which you wrote.',
    reason: (app) =>
      `You get this because somebody gave this address in the chat of ${app} Support. If it was not you, there is nothing to do.`,
  },
  byMail: {
    marker: 'Write your reply above this line',
    from: (address) => `Sent by e-mail from ${address}:`,
    left: (names) => `(Sent by e-mail. These attachments were left out: ${names.join(', ')})`,
    subject: (subject) => `Re: ${subject.replace(/^re:\s*/i, '')}`,
    refused: {
      unknown:
        'Your e-mail did not reach us: the address that you answered is not in use any more, or belongs to somebody else.',
      blocked: 'Your e-mail did not reach us: you can no longer write to us here.',
      encrypted: 'Your e-mail did not reach us: it is encrypted, and we cannot read it.',
      invitation: 'Your e-mail did not reach us: it is an invitation, which we cannot answer.',
      empty: 'Your e-mail did not reach us: there was no text in it that we can show.',
      too_long: 'Your e-mail did not reach us: it is too long for a chat.',
    },
    instead: (app) => `Please write to us in the chat of ${app}.`,
    open: (app) => `Open ${app}`,
  },
  staffMail: {
    subject: (user) => `${user} is waiting for an answer`,
    intro: (messages) =>
      plural(locale, messages, {
        one: 'A message is waiting that nobody on the team has seen yet.',
        other: '# messages are waiting that nobody on the team has seen yet.',
      }),
    unverified: (address) => `${address}, unverified`,
    somebody: 'Somebody',
    openChat: 'Answer in the dashboard',
    openChatAt: (url) => `Answer in the dashboard: ${url}`,
    reason: (app) => `You get this because ${app} Support notifies this address when nobody is online.`,
  },
  unsubscribe: {
    question: 'Stop these e-mails?',
    consequence: 'You will get no more e-mails about replies from support. You can still read them in the chat.',
    confirm: 'Unsubscribe',
    done: 'You are unsubscribed',
    doneHint: 'You will get no more e-mails about replies from support. You can still read them in the chat.',
    again: 'Get them again',
    resubscribed: 'You get these e-mails again',
    resubscribedHint: 'From now on we tell you when a reply from support stays unread.',
    broken: 'This link does not work',
    brokenHint:
      'A part of it may be missing. Use the link at the end of the newest e-mail, or write to us in the chat.',
  },
  signIn: {
    title: 'Sign in to the dashboard',
    text: 'Sign in to the app as usual, and open the dashboard from there. A dashboard that is already open then continues on its own.',
  },
  errorPage: {
    notFound: ['There is nothing here', 'The address may be wrong, or what was here is gone.'],
    signedOut: ['You cannot open this here', 'Sign in to the app first, and open it from there.'],
    busy: ['Not right now', 'The server cannot answer at the moment. Try again in a minute.'],
    failed: ['That did not work', 'Go back and try again. If it happens again, write to us in the chat.'],
    home: (app) => `Go to ${app}`,
    dashboard: 'Go to the dashboard',
  },
}
