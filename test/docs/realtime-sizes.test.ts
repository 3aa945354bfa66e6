// The sizes that docs/realtime.md gives.
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundle, codeOf } from '../bindings/bundle.ts'
import { pageOf } from '../support/documented-code.ts'

it.each([
  ['`@rails/actioncable`', "export { createConsumer } from '@rails/actioncable'"],
  ['`socket.io-client`', "export { io } from 'socket.io-client'"],
  ['`pusher-js`', "export { default } from 'pusher-js'"],
  [
    '`laravel-echo` with `pusher-js`',
    "export { default as Pusher } from 'pusher-js'; export { default } from 'laravel-echo'",
  ],
])('docs/realtime.md says what %s adds to a page', async (client, code) => {
  const built = codeOf(await bundle({ page: { code, language: 'ts' }, mode: 'production' }))
  const size = `${(gzipSync(built, { level: 9 }).length / 1000).toFixed(1)} kB`
  const row = pageOf('docs/realtime.md')
    .split('\n')
    .find((line) => line.split(' | ')[1] === client)
  expect(row?.replace(/ \|$/, '').split(' | ').at(-1)).toBe(size)
})
