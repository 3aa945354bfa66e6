import { expect, it } from 'vitest'
import { mailboxMailer } from './mailbox.ts'

it.each([undefined, 'mailbox:', {}])('says what it takes where it gets %j', (given) => {
  expect(() => mailboxMailer(given as never)).toThrow('mailboxMailer takes the store: mailboxMailer(store)')
})
