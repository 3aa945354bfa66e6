// The functions of docs/webhooks.md, as they stand there, run by their languages.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyBytes, signatures } from '../../src/server/webhooks/signature.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8')

/** How each runs: reads `[secret, headers, body]` as JSON from its standard input, and prints true or false */
const LANGUAGES = [
  {
    language: 'js',
    command: [process.execPath, '--input-type=module', '-e'],
    call: "import { readFileSync } from 'node:fs'\nconsole.log(verify(...JSON.parse(readFileSync(0, 'utf8'))))",
  },
  {
    language: 'ruby',
    command: ['ruby', '-rjson', '-e'],
    call: 'puts verify(*JSON.parse(STDIN.read))',
  },
  {
    language: 'python',
    command: ['python3', '-c'],
    call: 'import json, sys\nprint(str(verify(*json.load(sys.stdin))).lower())',
  },
  {
    language: 'php',
    command: ['php', '-r'],
    call: 'echo json_encode(verify(...json_decode(stream_get_contents(STDIN), true)));',
  },
]

const SECRET = `whsec_${Buffer.from('a key that only the tests know!!').toString('base64')}`
const OTHER = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const BODY = '{"type":"message.created","data":{"message":{"content":"Grüße 👋 \\u2028"}}}'

async function headersOf(secrets: string[], age: number): Promise<Record<string, string>> {
  const [id, timestamp] = ['0195', Math.floor(Date.now() / 1000) - age]
  const signature = await signatures(secrets.map(keyBytes), { id, timestamp, body: BODY })
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
}

describe.each(LANGUAGES)('The function in $language', ({ language, command: [program = '', ...options], call }) => {
  const isHere = spawnSync(program, ['--version']).status === 0
  it.skipIf(!isHere)('accepts what was signed with the secret, or with two of them, and nothing else', async () => {
    const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? expect.fail()
    const verify = (headers: Record<string, string>, body = BODY): string =>
      execFileSync(program, [...options, `${code}\n${call}`], {
        input: JSON.stringify([SECRET, headers, body]),
        encoding: 'utf8',
      }).trim()
    const good = await headersOf([SECRET], 0)
    expect(verify(good)).toBe('true')
    expect(verify(await headersOf([OTHER, SECRET], 0))).toBe('true')
    expect(verify(await headersOf([OTHER], 0))).toBe('false')
    expect(verify(await headersOf([SECRET], 600))).toBe('false')
    expect(verify(good, `${BODY} `)).toBe('false')
    expect(verify({ ...good, 'webhook-id': '0196' })).toBe('false')
    // What a stranger posts may lack headers, and must not end in an error
    for (const missing of Object.keys(good)) {
      const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== missing))
      expect(verify(rest)).toBe('false')
    }
    for (const odd of ['soon', '²', '9'.repeat(5_000), '-1'])
      expect(verify({ ...good, 'webhook-timestamp': odd })).toBe('false')
    expect(verify({ ...good, 'webhook-signature': 'v1,é' })).toBe('false')
  })
})
