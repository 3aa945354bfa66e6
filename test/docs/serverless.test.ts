// What docs/serverless.md shows is what runs: the example has the same lines, and what schedules send is taken.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { findProgram } from '../support/databases/process.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { namedCodeOf, pageOf } from '../support/documented-code.ts'

const PAGE = 'docs/serverless.md'
const EXAMPLE = join(import.meta.dirname, '../../examples/next-serverless')
const SECRET = 'what the schedule knows'
const blocks = namedCodeOf(PAGE)
const block = (name: string): string => blocks.get(name) ?? expect.fail(`${PAGE} shows no ${name}`)
const inExample = (file: string): string => readFileSync(join(EXAMPLE, file), 'utf8')

let desk: Desk
let folder: string
const answers: string[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbell-schedules-'))
  desk = await startDesk({ publicUrl: 'http://desk.example/support', serverless: { jobsSecret: SECRET } })
  desk.server.on('request', (request, response) =>
    response.on('finish', () => answers.push(`${request.method} ${request.url} ${response.statusCode}`)),
  )
})
beforeEach(() => void answers.splice(0))
afterAll(async () => {
  await desk.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function load<T>(name: string): Promise<T> {
  const file = join(folder, `${randomUUID()}.mjs`)
  writeFileSync(file, block(name))
  return (await import(file)) as T
}
async function isAnswered(expected: string): Promise<void> {
  await until(() => answers.length > 0)
  expect(answers).toEqual([expected])
}

const linesOf = (code: string): string[] => code.split('\n').map((line) => line.trim())

it('the example has the code and the schedule that the page shows', () => {
  for (const file of ['lib/support.ts', 'app/support/[[...path]]/route.ts']) {
    const there = linesOf(inExample(file))
    expect(linesOf(block(file)).filter((line) => !line.startsWith('//') && !there.includes(line))).toEqual([])
  }
  const [schedule = ''] = /^.*"crons".*$/m.exec(pageOf(PAGE)) ?? []
  expect(JSON.parse(schedule)).toEqual(JSON.parse(inExample('vercel.json')))
})

it('a scheduled function of Netlify runs jobs', async () => {
  const { default: run } = await load<{ default: () => Promise<void> }>('netlify/functions/jobs.mjs')
  const { URL: before } = process.env
  Object.assign(process.env, { URL: desk.url, CRON_SECRET: SECRET })
  await run().finally(() => {
    delete process.env['CRON_SECRET']
    if (before === undefined) delete process.env['URL']
    else process.env['URL'] = before
  })
  await isAnswered('POST /support/jobs/run?within=20 200')
})

it('a Worker with a Cron Trigger runs jobs', async () => {
  type Worker = { default: { scheduled(event: object, env: Record<string, string>): Promise<void> } }
  const { default: worker } = await load<Worker>('worker.js')
  await worker.scheduled({}, { SUPPORT_URL: `${desk.url}/support`, CRON_SECRET: SECRET })
  await isAnswered('POST /support/jobs/run?within=50 200')
})

it.skipIf(!findProgram(['curl']))('the command of the systemd service runs jobs', async () => {
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(pageOf(PAGE)) ?? []
  const env = { SUPPORT_URL: `${desk.url}/support`, CRON_SECRET: SECRET }
  // systemd puts the same variables in
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env })
  expect(JSON.parse(stdout)).toMatchObject({ mails: 0, is_done: true })
  await isAnswered('POST /support/jobs/run?within=50 200')
})
