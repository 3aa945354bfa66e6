import { expect, it } from 'vitest'
import { isEmailAddress } from './email-address.ts'

const GOOD = [
  'ada@example.com',
  'ada.lovelace+deskbell@mail.example.co.uk',
  "o'brien@example.com",
  'ada@localhost',
  'ada@müller.example',
  'ada@xn--mller-kva.example',
  'jörg@example.com',
  '用户@例子.公司',
  'देव@उदाहरण.भारत',
  'two..dots.@docomo.example',
  '"ada lovelace"@example.com',
  '"ada..lovelace"@example.com',
  'ada@3com.example',
  `${'x'.repeat(100)}@example.com`,
]
it.each(GOOD)('%s is an e-mail address', (text) => {
  expect(isEmailAddress(text)).toBe(true)
})

const BAD = [
  '',
  'no-at-sign',
  '@example.com',
  'ada@',
  'ada@@example.com',
  'ada lovelace@example.com',
  ' ada@example.com',
  'ada@example.com ',
  'ada@exam ple.com',
  'ada@example.com\n',
  'ada@example.com\r\nBcc: victim@example.com',
  'ada@example.com, victim@example.com',
  'ada@example.com;victim@example.com',
  'ada@example.com victim@example.com',
  'Ada <ada@example.com>',
  '<ada@example.com>',
  'ada@example.com>',
  '"victim@example.com" <ada@example.com>',
  '"victim@example.com x"@example.com',
  '"a<b"@example.com',
  '"a\\"b"@example.com',
  '""@example.com',
  'ada(comment)@example.com',
  'ada@[127.0.0.1]',
  'ada@127.0.0.1',
  'ada@example..com',
  'ada@.example.com',
  'ada@example.com.',
  'ada@-example.com',
  'ada@example-.com',
  'ada@exa_mple.com',
  'ada@example。com',
  'ada＠example.com',
  'ada\0@example.com',
  'ada\u202e@example.com',
  'ada\u200b@example.com',
  `${'x'.repeat(250)}@example.com`,
  `${'用'.repeat(90)}@example.com`,
]
it.each(BAD)('%j is no e-mail address', (text) => {
  expect(isEmailAddress(text)).toBe(false)
})
