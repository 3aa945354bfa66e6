import { expect, it } from 'vitest'
import { server as english } from '../locales/en.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import { compose, type MailOptions } from './compose.ts'

const OPTIONS: MailOptions = {
  words: english,
  appName: 'Acme',
  chatUrl: 'https://acme.example/#deskbell-open',
  unsubscribeUrl: 'https://acme.example/unsubscribe?token=t',
}

function due(unread: number, content = 'We found it.'): DueNotification {
  return {
    person: { id: 'ada', email: 'ada@example.com', name: 'Ada' },
    message: { content, sender_name: null },
    unread,
    page_url: null,
  } as DueNotification
}

it('the mail says how many replies there are when there is more than one', async () => {
  expect((await compose(due(1), OPTIONS)).text).not.toContain('new replies')
  expect((await compose(due(1200), OPTIONS)).text).toContain('There are 1,200 new replies; this is the newest.')
})

it('the mail takes every word from the catalogue that it is given', async () => {
  const words: MailOptions['words'] = {
    ...english,
    locale: 'de',
    mail: {
      subject: (app) => `Neue Antwort von ${app}`,
      greeting: (name) => `Guten Tag ${name},`,
      intro: 'Sie haben eine neue Nachricht.',
      sender: (app) => `Team ${app}`,
      wrote: (sender) => `${sender} schrieb:`,
      more: (replies) => `${replies} neue Antworten.`,
      openChat: 'Chat anzeigen',
      openChatAt: (url) => `Chat anzeigen: ${url}`,
      reason: (app) => `Sie haben an ${app} geschrieben.`,
      unsubscribe: 'Abbestellen',
      unsubscribeAt: (url) => `Abbestellen: ${url}`,
    },
  }
  const mail = await compose(due(3, '…'), { ...OPTIONS, words })
  expect(mail.html).toContain('<html lang="de">')
  for (const text of [mail.subject, mail.text, mail.html.replace(/<(style|title)>.*?<\/\1>|<[^>]*>/gs, '')])
    expect(text).not.toMatch(/\b(the|new|you|from|hello|chat:? open|unsubscribe\b(?!\?))\b/i)
})

it('the mail cuts a long reply between two characters as people count them', async () => {
  const family = '👩‍👩‍👧‍👦'
  const { text } = await compose(due(1, family.repeat(201)), OPTIONS)
  expect(text).toContain(`> ${family.repeat(199)}…\n`)
})
