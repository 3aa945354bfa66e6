import { expect, it } from 'vitest'
import { fillReply } from './fill-reply.ts'

const ADA = { user: 'Ada $& Lovelace', agent: 'Sam' }
const NOBODY = { user: null, agent: ' ' }

it.each([
  ['Hello {{user.name}}, I am {{agent.name}}.', ADA, 'Hello Ada $& Lovelace, I am Sam.'],
  ['{{ user.name }}{{user.name|x}}', ADA, 'Ada $& LovelaceAda $& Lovelace'],
  ['Hello {{user.name}},\n{{agent.name}}', NOBODY, 'Hello,\n'],
  ['Hello {{user.name|there}}, {{ user.name | dear friend }}', NOBODY, 'Hello there, dear friend'],
  ['{{order.id}} {{user.email}} {user.name} {{user.name', ADA, '{{order.id}} {{user.email}} {user.name} {{user.name'],
])('%s', (body, names, filled) => expect(fillReply(body, names)).toBe(filled))

it('takes a time that grows with the text alone', () => {
  for (const part of ['{{', '{{user.name|', ' {{ ', '{{user.name   ']) {
    const body = part.repeat(200_000)
    expect(fillReply(body, ADA)).toBe(body)
  }
}, 5_000)
