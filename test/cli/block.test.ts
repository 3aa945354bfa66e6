// `deskbell block`: nothing more of a user is taken in, until it is undone.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deskbell } from '../support/cli.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.stop())

const run = (...args: string[]) =>
  deskbell(args, { DESKBELL_SECRET: SECRET, DATA_DIR: join(desk.file, '..'), DATABASE_URL: `sqlite:${desk.file}` })

it('blocks a user while a server runs, and undoes it, each once', async () => {
  const { token } = await desk.person('ada')
  const say = async () => (await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })).status
  expect(await run('block', 'ada')).toMatchObject({ code: 0, out: 'User ada is blocked', err: '' })
  expect(await say()).toBe(403)
  expect(await run('block', 'ada')).toMatchObject({ code: 0, out: 'User ada is blocked already' })
  expect(await run('block', 'ada', '--undo')).toMatchObject({ code: 0, out: 'User ada is not blocked' })
  expect(await run('block', '--undo', 'ada')).toMatchObject({ code: 0, out: 'User ada is not blocked already' })
  expect(await say()).toBe(201)
  expect((await run('block', 'nobody')).err).toContain('Nothing is stored about a user "nobody"')
})
