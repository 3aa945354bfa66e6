// A client that is generated from the OpenAPI document, as docs/api.md prints it, compiled and run.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDesk, type Desk } from '../support/desk.ts'
import { installClientGenerator } from '../support/openapi/client-generator.ts'

const printed = /```ts\n(.*?)```/s.exec(readFileSync('docs/api.md', 'utf8'))?.[1] ?? ''

let desk: Desk
let app: string
beforeAll(async () => {
  desk = await startDesk()
  // Below the packages, so that Node finds them
  app = mkdtempSync(join(installClientGenerator(), 'app-'))
  const example = printed
    .replace('https://example.com/support', desk.url)
    .replace('Bearer TOKEN', `Bearer ${await desk.user('ada')}`)
  writeFileSync(join(app, 'main.ts'), example)
  await tool('openapi-typescript', `${desk.url}/openapi.json`, '-o', 'deskbell.d.ts')
})
afterAll(async () => {
  rmSync(app, { recursive: true, force: true })
  await desk.stop()
})

const run = (file: string, ...args: string[]) =>
  promisify(execFile)(file, args, { cwd: app }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
const tool = (name: string, ...args: string[]) => run(join(app, '../node_modules/.bin', name), ...args)
const compile = (file: string) =>
  tool('tsc', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', file)

it('a generated client compiles as the docs print it, and talks to the server', async () => {
  expect(await compile('main.ts')).toBe('')
  expect(await run('node', 'main.js')).toBe("[ 'Hello' ]\n")
  // The same client_id again is no other message
  expect(await run('node', 'main.js')).toBe("[ 'Hello' ]\n")
  expect(
    (await desk.call<{ messages: unknown[] }>('GET', '/support_chat', await desk.user('ada'))).body.messages,
  ).toHaveLength(1)
})

it.each([
  ['a field that there is not', "{ body: { text: 'Hello' } }", /'text' does not exist/],
  ['another type', '{ body: { content: 1 } }', /'number' is not assignable to type 'string'/],
])('a generated client does not compile with %s', async (_what, options, complaint) => {
  writeFileSync(join(app, 'wrong.ts'), printed.replace(/\{ body: \{.*?\} \}/s, options))
  expect(await compile('wrong.ts')).toMatch(complaint)
})
