import { html } from 'hono/html'
import type { StandaloneCatalogue } from '../catalogue.ts'

export const standalone: StandaloneCatalogue = {
  locale: 'en',
  signIn: {
    staffName: 'Support',
  },
  mailbox: {
    windowTitle: 'Mailbox · Deskbell',
    title: 'Mailbox',
    intro: 'E-mails that would have been sent, newest first. Set MAIL_URL to send them for real.',
    empty: 'Nothing yet',
    emptyHint: 'A reply that stays unseen ends up here.',
    to: 'To',
    text: 'Plain text',
    headers: 'Headers',
  },
  demo: {
    windowTitle: 'Settings · Fernwell',
    chatHeading: 'Support',
    chatGreeting: 'Questions about bookings or billing? Write to us, we read everything.',
    navigation: 'Product',
    calendar: 'Calendar',
    clients: 'Clients',
    settings: 'Settings',
    title: 'Studio settings',
    lead: 'Fernwell is a made-up booking app. The chat in the corner is Deskbell.',
    profile: 'Profile',
    name: 'Name',
    email: 'E-mail',
    plan: 'Plan',
    planName: 'Studio, billed monthly',
    hours: 'Opening hours',
    weekdays: 'Monday to Friday',
    weekdayHours: '9:00 – 18:00',
    saturday: 'Saturday',
    saturdayHours: '10:00 – 14:00',
    tryIt: 'Try it',
    tryHint: ({ dashboard, mailbox, name, somebodyElse }) =>
      html`Open the chat and say something. Answer from the ${dashboard} (sign in with the link that the server
      printed), and look at what would have been sent in the ${mailbox}. You are ${name}; ${somebodyElse}.`,
    dashboard: 'dashboard',
    mailbox: 'mailbox',
    somebodyElse: 'be someone else',
    embed: 'Put it into your own page',
    embedHint: "TOKEN is a short JWT that your server signs, with the person's id, e-mail and name.",
  },
}
