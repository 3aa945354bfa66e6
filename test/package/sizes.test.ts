// The budgets of what browsers load, and the figures that the README gives.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

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

it('the build loads the stream that stands in for a socket, the sound, the rules for links, what is said aloud, its words and what the page needs beside it', () => {
  const lazy = ['event-stream', 'sound', 'linkify', 'announcer', 'panel\\.en', 'in-page'].map(
    (name) => read(newest).toString().match(`\\./(${name}-[\\w-]+\\.js)`)?.[1] ?? '',
  )
  for (const name of lazy) {
    expect(sizes(read(name)).gzip).toBeLessThan(1_400)
    // Nothing else has to come before it
    expect(read(name).toString()).not.toMatch(/\bimport\b/)
  }
})

it('the build is what the README says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  for (const name of ['widget.js', newest]) {
    const { gzip, brotli } = sizes(read(name))
    expect(readme).toContain(`${kilobytes(gzip)} kB gzip, ${kilobytes(brotli)} kB brotli`)
  }
})
