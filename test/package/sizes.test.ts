// The budgets of what browsers load, and the figures that the README gives.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundle } from '../bindings/bundle.ts'

const root = join(import.meta.dirname, '..', '..')
const widget = join(root, 'dist', 'widget')
const read = (name: string): Buffer => readFileSync(join(widget, name))
const panels = readdirSync(widget).filter((name) => /^panel-.*\.js$/.test(name))
const newest = panels.find((name) => read('widget.js').includes(name)) ?? ''

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1)
const sizes = (file: Buffer) => ({ gzip: gzipSync(file, { level: 9 }).length, brotli: brotliCompressSync(file).length })

/** Official clients of services, and the chunks that have them */
const CHUNK_OF: Record<string, string> = {
  'pusher-js': 'pusher',
  ably: 'ably',
  '@supabase/realtime-js': 'supabase',
  firebase: 'firebase',
  'socket.io-client': 'socket-io',
}

it('the build keeps the launcher under 4.2 kB gzip, without a framework', () => {
  expect(sizes(read('widget.js')).gzip).toBeLessThan(4_200)
  expect(read('widget.js').toString()).not.toMatch(/preact|__k|diffed/)
})

it('the build keeps the panel under 22 kB gzip', () => {
  expect(sizes(read(newest)).gzip).toBeLessThan(22_000)
})

it('the build keeps the badge right with less than 3 kB gzip in one file, until the panel is opened', () => {
  const unread = /unread-[\w-]{8}\.js/.exec(read('widget.js').toString())?.[0] ?? ''
  expect(sizes(read(unread)).gzip).toBeLessThan(3_000)
  // Nothing else has to come before it
  expect(read(unread).toString()).not.toMatch(/\bimport\b(?!\()/)
  expect(read(newest).toString()).not.toContain('unread-')
})

it('the build loads the stream that stands in for a socket, the sound, what is said aloud, its words, what the page needs beside it, and people without an account', () => {
  const lazy = ['event-stream', 'sound', 'announcer', 'panel\\.en', 'in-page', 'visitor'].map(
    (name) => read(newest).toString().match(`\\./(${name}-[\\w-]+\\.js)`)?.[1] ?? '',
  )
  for (const name of lazy) {
    expect(sizes(read(name)).gzip).toBeLessThan(name.startsWith('in-page') ? 2_000 : 1_650)
    // Nothing else has to come before it
    expect(read(name).toString()).not.toMatch(/\bimport\b(?!\()/)
  }
})

/** The chunk of this name, among those of the widget */
function chunk(name: string): Buffer {
  const found = readdirSync(widget).find((file) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file))
  if (found === undefined) throw new Error(`There is no chunk ${name}`)
  return read(found)
}

it('the build loads what listens to a service, and its official client, only for a server that names one', () => {
  const listen = chunk('listen')
  expect(sizes(listen).gzip).toBeLessThan(4_200)
  expect(read(newest).toString()).toMatch(/import\(`\.\/listen-/)
  const docs = readFileSync(join(root, 'docs', 'realtime.md'), 'utf8')
  const rows = [...docs.matchAll(/^\| ([^|]+) \| ([\w@/.-]+)[^|]* \| ([\d.]+) kB \|/gm)]
  for (const [, service = '', client = '', size] of rows) {
    const name = CHUNK_OF[client] ?? ''
    expect([client, kilobytes(sizes(chunk(name)).gzip)]).toEqual([client, size])
    // The table of all technologies says the same
    expect(docs).toMatch(new RegExp(`^\\| ${service} \\| by .* \\| ${size} kB \\|$`, 'm'))
    expect(chunk(name).toString()).not.toMatch(/\bfrom\s*["'`]\./)
    expect(listen.toString()).toContain(`./${name}-`)
    expect(read(newest).toString()).not.toContain(`./${name}-`)
  }
  expect(rows).toHaveLength(Object.keys(CHUNK_OF).length)
})

it('the build loads formatting with less than 3.1 kB gzip, late styles with less than 2.6, files with less than 4.7 and the viewer with less than 2.8', () => {
  for (const [name, limit] of [
    ['formatting', 3_100],
    ['late-styles', 2_600],
    ['files', 4_700],
    ['viewer', 2_800],
  ] as const) {
    expect((name === 'viewer' ? chunk('files') : read(newest)).toString()).toContain(`./${name}-`)
    expect(sizes(chunk(name)).gzip).toBeLessThan(limit)
    // Nothing else has to come before it
    expect(chunk(name).toString()).not.toMatch(/\bimport\b(?!\()/)
  }
})

it('the build asks people without an account how to reach them with less than 2.6 kB gzip, once they have written', () => {
  const form = chunk('contact-form')
  expect(sizes(form).gzip).toBeLessThan(2_600)
  expect(form.toString()).not.toMatch(/\bimport\b/)
})

it('the build shows the dashboard with less than 60 kB gzip of JavaScript and 9.8 of styles, all named by the page, and a chat with 12.5 kB more', () => {
  const dashboard = join(root, 'dist', 'dashboard')
  const page = readFileSync(join(dashboard, 'index.html'), 'utf8')
  const named = [...page.matchAll(/(?:src|href)="(dashboard\/(assets\/[^"]+\.(js|css)))"/g)]
  const early = new Set(named.map(([, , file = '']) => file))
  for (const kind of ['js', 'css'] as const) {
    const files = [...early].filter((file) => file.endsWith(`.${kind}`))
    const total = files.reduce((sum, file) => sum + sizes(readFileSync(join(dashboard, file))).gzip, 0)
    expect(total).toBeLessThan({ js: 60_000, css: 9_800 }[kind])
    for (const file of files) {
      const imported = readFileSync(join(dashboard, file), 'utf8').matchAll(/from\s*["'`]\.\/([^"'`]+)/g)
      for (const [, other = ''] of imported) expect(early).toContain(`assets/${other}`)
    }
  }
  const parts = readdirSync(join(dashboard, 'assets')).find((file) => /^chat-parts-.*\.js$/.test(file)) ?? ''
  const chat = readFileSync(join(dashboard, 'assets', parts))
  expect(sizes(chat).gzip).toBeLessThan(12_500)
  // Nothing else has to come before it
  for (const [, other = ''] of chat.toString().matchAll(/from\s*["'`]\.\/([^"'`]+)/g))
    expect(early).toContain(`assets/${other}`)
})

/** What a host's bundle gains by some code, in bytes of gzip: what loads with the page, without peers and without what is loaded later */
async function costOf(code: string): Promise<number> {
  const output = await bundle({
    page: { code, language: 'ts' },
    external: /^(react|vue)(\/|$)/,
    mode: 'production',
  })
  const early = output.filter((file) => file.type === 'chunk' && !/event-stream|visitor|listener/.test(file.fileName))
  return early.reduce((sum, file) => sum + sizes(Buffer.from('code' in file ? file.code : '')).gzip, 0)
}

const ENTRIES = [
  ["* from 'deskbell/client'", 14_300],
  ["{ connect, Conversation } from 'deskbell/client'", 9_600],
  ["{ createUserChat } from 'deskbell/client'", 10_300],
  ["{ createStaffDesk } from 'deskbell/client'", 11_800],
  ["* from 'deskbell/react'", 12_300],
  ["{ useSupportChat } from 'deskbell/react'", 10_600],
  ["{ SupportChat } from 'deskbell/react'", 700],
  ["* from 'deskbell/vue'", 11_200],
  ["{ useSupportChat } from 'deskbell/vue'", 10_700],
  ["{ SupportChat } from 'deskbell/vue'", 750],
  ["* from 'deskbell/element'", 450],
] as const

it.each(ENTRIES)('%s costs a page less than %i bytes', async (what, limit) => {
  expect(await costOf(`export ${what}`)).toBeLessThan(limit)
})

it('what front ends cost is what the documentation says', async () => {
  const [readme, bindings] = ['README.md', 'docs/bindings.md'].map((page) => readFileSync(join(root, page), 'utf8'))
  const rows = [...(bindings ?? '').matchAll(/^\| `(.* from '.*')` +\| ([\d.]+) kB/gm)]
  expect(rows.length).toBeGreaterThan(5)
  for (const [, what = '', size] of rows)
    expect([what, kilobytes(await costOf(`export ${what}`))]).toEqual([what, size])
  for (const name of ['SupportChat', 'useSupportChat']) {
    const size = kilobytes(await costOf(`export { ${name} } from 'deskbell/react'`))
    expect(readme).toMatch(new RegExp(`${size} kB gzip for (its )?\`${name}\``))
  }
})

it.each(['client', 'react', 'vue', 'element'])('importing deskbell/%s alone costs nothing', async (entry) => {
  // What gzip makes of nothing
  expect(await costOf(`import 'deskbell/${entry}'`)).toBe(20)
})

it('the build is what the README says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const unread = readdirSync(widget).find((name) => /^unread-.*\.js$/.test(name)) ?? ''
  for (const name of ['widget.js', unread, newest]) {
    const { gzip, brotli } = sizes(read(name))
    expect(readme).toContain(`${kilobytes(gzip)} kB gzip, ${kilobytes(brotli)} kB brotli`)
  }
})
