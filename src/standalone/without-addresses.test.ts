import { expect, it } from 'vitest'
import { withoutAddresses } from './without-addresses.ts'

it.each([
  ['550 5.1.1 <ada@example.com>: no such user', '550 5.1.1 <[address]>: no such user'],
  [
    'all recipients were rejected: 550 ada.l+x@mail.example.com, later',
    'all recipients were rejected: 550 [address], later',
  ],
  ['550 "ada l"@example.com unknown', '550 [address] unknown'],
  ['550 (grüße@bücher.example)', '550 ([address])'],
  [
    '450 bounce+ada=example.com@relay.example, see https://x.example/?for=ada%40example.com',
    '450 [address], see [address]',
  ],
  ['454 4.7.0 Try again later @ noon', '454 4.7.0 Try again later @ noon'],
])('%s', (said, told) => expect(withoutAddresses(said)).toBe(told))
