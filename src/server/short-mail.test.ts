import { expect, it } from 'vitest'
import { accents } from './notifications/mail-colors.ts'
import { shortMail } from './short-mail.ts'

it('short mails have the host’s colour, and the shade of it that the dark ground needs', async () => {
  const look = { color: '#0f5132' }
  const { html } = await shortMail({
    look,
    locale: 'en',
    subject: 'Hello',
    paragraphs: ['One'],
    button: 'Open',
    link: 'https://desk.example/',
    small: 'Two',
  })
  const { light, dark } = accents(look.color)
  expect(html).toContain(`bgcolor="${light.color}"`)
  expect(html).toContain(`.button { background-color: ${dark.color} !important; }`)
  // Colours of the dark ground reach what has these classes
  for (const name of ['back', 'card', 'text', 'button', 'label', 'muted']) expect(html).toContain(`class="${name}"`)
})
