import { expect, it } from 'vitest'
import { matcher } from './matches.ts'

it.each([
  ['', 'Anything', true],
  ['arch', 'Go to archived chats', true],
  ['chats go', 'Go to archived chats', true],
  ['rch', 'Go to archived chats', false],
  ['go x', 'Go to archived chats', false],
  ['ZOE', 'Zoë Müller', true],
  ['zoë mul', 'Zoe Muller', true],
  ['ada@ex', 'ada@example.com', true],
  ['example', 'ada@example.com', true],
  ['xample', 'ada@example.com', false],
  ['ada', 'canada ada', true],
  ['.*', 'Anything', false],
  ['при', 'Привет', true],
])('“%s” finds “%s”: %s', (typed, text, isFound) => {
  expect(matcher(typed)(text)).toBe(isFound)
})
