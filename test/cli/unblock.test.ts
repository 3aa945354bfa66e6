// `deskbell unblock`: mails go again to the address of a user, or to an address of staff.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deskbell } from '../support/cli.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
  await desk.person('ada')
})
afterAll(() => desk.stop())

const run = (...args: string[]) =>
  deskbell(args, { DESKBELL_SECRET: SECRET, DATA_DIR: join(desk.file, '..'), DATABASE_URL: `sqlite:${desk.file}` })
const stop = (address: string) => {
  const at = new Date().toISOString()
  return desk.store.blockMail(address, { kind: 'bounced', at, reason: null }, at)
}

it('lets mails go to the address of a user again, once', async () => {
  await stop('ada@example.com')
  expect(await run('unblock', 'ada')).toMatchObject({ code: 0, out: 'E-mails go again to ada@example.com', err: '' })
  expect(await desk.store.mailBlock('ada@example.com')).toBeNull()
  expect(await run('unblock', 'ada')).toMatchObject({ code: 0, out: 'E-mails go to ada@example.com already' })
})

it('lets mails go to an address of staff again, in whatever way it is written', async () => {
  await stop('kim@desk.example')
  expect(await run('unblock', 'Kim@Desk.example')).toMatchObject({
    code: 0,
    out: 'E-mails go again to kim@desk.example',
  })
  expect(await desk.store.mailBlock('kim@desk.example')).toBeNull()
})

it('wants one user or address, and says so when there is none', async () => {
  expect((await run('unblock')).err).toContain('unblock needs the id of one user')
  expect((await run('unblock', 'ada', 'bob')).err).toContain('unblock needs the id of one user')
  const nobody = await run('unblock', 'nobody')
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('Nothing is stored about a user "nobody"')])
})
