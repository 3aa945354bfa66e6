// The running server against its OpenAPI document, asked by a fuzzer that is not ours.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDesk, type Desk } from '../support/desk.ts'
import { installSchemathesis } from '../support/openapi/schemathesis.ts'

const SEED = process.env['FAULT_SEED'] ?? String(Date.now() % 1_000_000_007)
const RUNS = process.env['FAULT_RUNS'] ?? '20'
/** By default also 401, 403, 404, 409 and 429 */
const MAY_REFUSE = '"2xx", "3xx", "401", "403", "404", "409", "429"'

const command = installSchemathesis()

let desk: Desk
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-schemathesis-'))
  desk = await startDesk({ rateLimit: null, fullTextSearch: true })
  const { token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'hello' })
  const settings = `
[[operations]]
include-tag = "users"
headers = { Authorization = "Bearer ${token}" }

[[operations]]
include-tag = "staff"
headers = { Authorization = "Bearer ${await desk.admin()}" }

# A text may be blank in more ways than a schema says
[[operations]]
include-operation-id = ["sendMessage", "sendOwnMessage"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "422"]

# Only the server makes cursors
[[operations]]
include-operation-id = ["listChats", "listWebhooks"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "400"]
`
  writeFileSync(join(dir, 'schemathesis.toml'), settings)
})
afterAll(async () => {
  await desk.stop()
  rmSync(dir, { recursive: true, force: true })
})

it.skipIf(command === undefined)(
  'Schemathesis finds no answer that is not in the document',
  { timeout: 900_000 },
  async () => {
    console.log(`FAULT_SEED=${SEED}`)
    const { code, text } = await run(command ?? '', [
      '--config-file',
      join(dir, 'schemathesis.toml'),
      'run',
      `${desk.url}/openapi.json`,
      '--url',
      desk.url,
      '--seed',
      SEED,
      '--max-examples',
      RUNS,
      '--request-timeout',
      '30',
      '--no-color',
      // Streams do not end
      '--exclude-path-regex',
      '/events$',
    ])
    expect(code, text).toBe(0)
    expect(text).toMatch(/Tested: +\d\d/)
    expect(desk.errors).toEqual([])
  },
)

const run = (file: string, args: string[]) =>
  new Promise<{ code: number | string | null | undefined; text: string }>((resolve) => {
    execFile(file, args, { cwd: dir, maxBuffer: 50_000_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, text: stdout + stderr }),
    )
  })
