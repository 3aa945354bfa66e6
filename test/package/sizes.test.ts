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

it('the build keeps the launcher under 4.2 kB gzip, without a framework', () => {
  expect(sizes(read('widget.js')).gzip).toBeLessThan(4_200)
  expect(read('widget.js').toString()).not.toMatch(/preact|__k|diffed/)
})

it('the build keeps the panel under 22 kB gzip', () => {
  expect(sizes(read(newest)).gzip).toBeLessThan(22_000)
})

it('the build loads the stream that stands in for a socket, the sound, the rules for links, what is said aloud, its words, what the page needs beside it, late styles, and people without an account', () => {
  const lazy = ['event-stream', 'sound', 'linkify', 'announcer', 'panel\\.en', 'in-page', 'late-styles', 'visitor'].map(
    (name) => read(newest).toString().match(`\\./(${name}-[\\w-]+\\.js)`)?.[1] ?? '',
  )
  for (const name of lazy) {
    expect(sizes(read(name)).gzip).toBeLessThan(1_400)
    // Nothing else has to come before it
    expect(read(name).toString()).not.toMatch(/\bimport\b/)
  }
})

/** What a host's bundle gains by some code, in bytes of gzip: what loads with the page, without peers and without what is loaded later */
async function costOf(code: string): Promise<number> {
  const output = await bundle({
    page: { code, language: 'ts' },
    external: /^(react|vue)(\/|$)/,
    mode: 'production',
  })
  const early = output.filter((file) => file.type === 'chunk' && !/event-stream|visitor/.test(file.fileName))
  return early.reduce((sum, file) => sum + sizes(Buffer.from('code' in file ? file.code : '')).gzip, 0)
}

const ENTRIES = [
  ["* from 'deskbell/client'", 11_700],
  ["{ connect, Conversation } from 'deskbell/client'", 9_300],
  ["{ createUserChat } from 'deskbell/client'", 10_100],
  ["{ createStaffDesk } from 'deskbell/client'", 10_900],
  ["* from 'deskbell/react'", 12_000],
  ["{ useSupportChat } from 'deskbell/react'", 10_400],
  ["{ SupportChat } from 'deskbell/react'", 700],
  ["* from 'deskbell/vue'", 10_900],
  ["{ useSupportChat } from 'deskbell/vue'", 10_400],
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
  for (const name of ['widget.js', newest]) {
    const { gzip, brotli } = sizes(read(name))
    expect(readme).toContain(`${kilobytes(gzip)} kB gzip, ${kilobytes(brotli)} kB brotli`)
  }
})
