import { plural } from '../../protocol/plural.ts'
import type { NotificationsCatalogue } from '../pages/notifications/catalogue.ts'

const locale = 'en'

const durationOf = (ms: number): string =>
  ms < 60_000
    ? plural(locale, Math.round(ms / 1_000), { one: '# second', other: '# seconds' })
    : plural(locale, Math.round(ms / 60_000), { one: '# minute', other: '# minutes' })

export const notifications: NotificationsCatalogue = {
  locale,
  desktop: 'On your desktop',
  desktopHint:
    'While this page is in the background or behind another window, your desktop shows who wrote, and how the message begins. A click opens the chat. About a chat that is assigned to a colleague, only they are notified.',
  obstacles: {
    denied:
      'Your browser blocks notifications of this page. Allow them in its settings for this site, by the icon beside the address, and turn them on here.',
    unsupported:
      'This browser shows no notifications here. On a computer it can, where the address of this page begins with https.',
  },
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  isOn: 'They are on in this browser.',
  showOne: 'Show one',
  sampleTitle: 'Notifications are on',
  sampleBody: 'This is how a new message will look.',

  push: 'While the dashboard is closed',
  pushHint:
    'Your browser shows who wrote, and how the message begins, also when no page of the dashboard is open. About a chat that is assigned to a colleague, only they are notified. Notifications go through the push service of your browser’s maker, who cannot read them.',
  pushObstacles: {
    denied:
      'It needs notifications of this page, which are blocked. Allow them as it says above, and turn this on here.',
    unsupported:
      'This browser cannot do that here. On a computer, and on Android, it can where the address of this page begins with https.',
  },
  pushSwitch: 'Notify me in this browser',
  pushEnds: 'It ends when you sign out, and when you have not opened the dashboard here for 30 days.',
  pushFailed: 'That did not work: the push service of your browser, or this server, was not reached. Try again.',

  sound: 'Sound',
  soundSwitch: 'Play a sound when a message comes',
  soundHint: 'Not for the chat that you are looking at. It is heard in one tab, however many are open.',
  playIt: 'Play it',

  email: 'E-mail',
  emailSwitch: 'E-mail me when a message waits',
  emailHint: (after) =>
    `When nobody has looked at it for ${durationOf(after)}, and nobody on the team has the dashboard open. If the chat is assigned to somebody, only that person gets the e-mail.`,
  emailFailed: 'That was not saved. Try again.',
}
