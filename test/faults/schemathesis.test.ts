// The running server against its OpenAPI document, asked by a fuzzer that is not ours.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { installSchemathesis } from '../support/openapi/schemathesis.ts'
import { pixels } from '../support/pictures.ts'

const SEED = process.env['FAULT_SEED'] ?? String(Date.now() % 1_000_000_007)
const RUNS = process.env['FAULT_RUNS'] ?? '20'
/** By default also 401, 403, 404, 409 and 429 */
const MAY_REFUSE = '"2xx", "3xx", "401", "403", "404", "409", "429"'

const command = installSchemathesis()

/** Beginnings of files of every kind that is told by its content, in base64, and one that is told by nothing */
const FILES = [
  pixels(3, 2),
  pixels(50_000, 50_000, 1),
  Buffer.from('GIF89a<html><script>1</script>'),
  Buffer.from('\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
  Buffer.from('RIFF\x24\0\0\0WEBPVP8X', 'latin1'),
  Buffer.from('\0\0\0\x1cftypavif\0\0\0\0avifmif1', 'latin1'),
  Buffer.from('\0\0\0\x18ftypmp42', 'latin1'),
  Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'),
  Buffer.from('%PDF-1.7\n'),
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="1">'),
  Buffer.from('PK\x03\x04', 'latin1'),
  Buffer.alloc(0),
].map((file) => file.toString('base64'))

/** https://schemathesis.readthedocs.io/en/stable/guides/custom-media-types/ */
const UPLOADS = `
from base64 import b64decode
import schemathesis
from hypothesis import strategies as st

begun = st.sampled_from([b64decode(one) for one in ${JSON.stringify(FILES)}])
schemathesis.openapi.media_type("application/octet-stream", st.builds(lambda a, b: a + b, begun, st.binary(max_size=5000)))
`

let desk: Desk
let dir: string
/** Files that are there before */
let uploaded: number
const stored = (): number =>
  readdirSync(join(dirname(desk.file), 'files'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    .length
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-schemathesis-'))
  desk = await startDesk({ rateLimit: null, fullTextSearch: true })
  const { token } = await desk.person('ada')
  const type = { 'content-type': 'application/octet-stream' }
  const file = (await desk.call<SupportAttachment>('POST', '/support_chat/attachments', token, 'mine', type)).body
  const { body: message } = await desk.call('POST', '/support_chat/messages', token, {
    content: 'hello',
    attachment_ids: [file.id],
  })
  expect(message).toMatchObject({ attachments: [{ id: file.id }] })
  uploaded = stored()
  const link = new URL(file.url, desk.url).searchParams
  const settings = `
[[operations]]
include-tag = "users"
headers = { Authorization = "Bearer ${token}" }

[[operations]]
include-tag = "staff"
headers = { Authorization = "Bearer ${await desk.admin()}" }

# A text may be blank in more ways than a schema says
[[operations]]
include-operation-id = ["sendMessage", "sendOwnMessage", "writeNote"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "422"]

# Somebody who is no colleague, more tags with those that are there: no schema says these
[[operations]]
include-operation-id = ["assignChat"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "422"]

# A file without content, an image of too many pixels, a name that is no UTF-8
[[operations]]
include-operation-id = ["uploadAttachment", "uploadOwnAttachment"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "400", "422"]

[[operations]]
include-operation-id = ["openAttachment", "findOwnAttachment"]
parameters = { attachment = "${file.id}", expires = "${link.get('expires')}", signature = "${link.get('signature')}" }

# It drops the patterns of shortcuts and tags: white space is another in Python
[[operations]]
include-operation-id = ["addReply", "changeReply", "importReplies", "setTags", "changeTags"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "400", "422"]

# To PATCH, this path names the reply with the id \`import\`
[[operations]]
include-operation-id = ["importReplies"]
checks.unsupported_method.enabled = false

# Only the server makes cursors
[[operations]]
include-operation-id = ["listChats", "listWebhooks"]
checks.positive_data_acceptance.expected-statuses = [${MAY_REFUSE}, "400"]
`
  writeFileSync(join(dir, 'schemathesis.toml'), settings)
  writeFileSync(join(dir, 'uploads.py'), UPLOADS)
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
    expect(stored()).toBeGreaterThan(uploaded)
    expect(desk.errors).toEqual([])
  },
)

const run = (file: string, args: string[]) =>
  new Promise<{ code: number | string | null | undefined; text: string }>((resolve) => {
    const env = { ...process.env, SCHEMATHESIS_HOOKS: 'uploads' }
    execFile(file, args, { cwd: dir, env, maxBuffer: 50_000_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, text: stdout + stderr }),
    )
  })
