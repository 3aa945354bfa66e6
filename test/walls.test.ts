// Who may import whom (docs/architecture.md), over every import of src.
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { circles, imports, sourceImports, targetOf } from './support/imports.ts'

/** Folder (or file, where the files of a folder differ) → the folders of src, and the packages, that its files may import besides their own */
const ALLOWED: Record<string, { rooms: string[]; packages: RegExp }> = {
  protocol: { rooms: [], packages: /^$/ },
  server: {
    rooms: ['protocol'],
    packages: /^(file-type|hono|html-to-text|image-size|jose|postal-mime|zod|uuid)(\/|$)/,
  },
  stores: {
    rooms: ['protocol', 'server/ports'],
    packages: /^(kysely|pg|mysql2|mongodb|node:(sqlite|crypto|fs|net|timers))$/,
  },
  buses: {
    rooms: ['protocol', 'server/ports'],
    packages: /^(@redis\/client|@nats-io\/transport-node|pg|node:(net|async_hooks|diagnostics_channel))$/,
  },
  blobs: {
    rooms: ['server/ports', 'services'],
    packages: /^node:(fs|fs\/promises|http|https|path|stream|stream\/promises|stream\/web)$/,
  },
  services: { rooms: [], packages: /^aws4fetch$/ },
  mailers: {
    rooms: ['protocol', 'server/ports', 'services'],
    packages: /^(nodemailer|uuid|node:(crypto|stream|url))$/,
  },
  publishers: { rooms: ['protocol', 'server/ports', 'services'], packages: /^(jose|node:crypto)$/ },
  adapters: {
    rooms: ['protocol', 'server'],
    packages: /^(@hono\/node-server(\/utils\/response)?|ws|node:[a-z0-9/]+)$/,
  },
  'socket-io': { rooms: ['protocol', 'server', 'adapters'], packages: /^(socket\.io|jose)$/ },
  client: { rooms: ['protocol'], packages: /^$/ },
  ui: { rooms: ['client', 'protocol'], packages: /^(preact|@preact\/signals)(\/|$)/ },
  element: { rooms: [], packages: /^$/ },
  react: { rooms: ['client', 'element', 'protocol'], packages: /^react$/ },
  vue: { rooms: ['client', 'element', 'protocol'], packages: /^vue$/ },
  widget: {
    rooms: ['client', 'element', 'ui', 'protocol'],
    packages:
      /^(preact|@preact\/signals|pusher-js|ably|@supabase\/realtime-js|socket\.io-client|@firebase\/(app|auth|database))(\/|$)/,
  },
  dashboard: {
    rooms: ['client', 'ui', 'protocol'],
    packages: /^(preact|@preact\/signals|uqr)(\/|$)/,
  },
  standalone: {
    rooms: ['protocol', 'server', 'services', 'stores', 'blobs', 'buses', 'mailers', 'publishers', 'adapters'],
    packages:
      /^(@hono\/node-server|@node-rs\/argon2|hono|openid-client|otpauth|uuid|zod|pino|prom-client|node:[a-z/]+)/,
  },
  cli: {
    rooms: ['protocol', 'server', 'stores', 'blobs', 'buses', 'mailers', 'publishers', 'adapters', 'standalone'],
    packages: /^node:[a-z/]+$/,
  },
  'entries/node.ts': {
    rooms: ['server', 'services', 'stores', 'blobs', 'buses', 'mailers', 'publishers', 'adapters'],
    packages: /^$/,
  },
  'entries/socket.io.ts': { rooms: ['socket-io'], packages: /^$/ },
  'entries/core.ts': { rooms: ['server', 'protocol'], packages: /^$/ },
  'entries/client.ts': { rooms: ['client', 'protocol'], packages: /^$/ },
  'front-ends/react.ts': { rooms: ['react', 'client', 'element', 'protocol'], packages: /^$/ },
  'front-ends/vue.ts': { rooms: ['vue', 'client', 'element', 'protocol'], packages: /^$/ },
  'front-ends/element.ts': { rooms: ['element'], packages: /^$/ },
  'front-ends/preact.ts': { rooms: ['element'], packages: /^preact$/ },
  'entries/testing.ts': { rooms: ['testing'], packages: /^$/ },
  testing: {
    rooms: ['protocol', 'server', 'stores', 'buses', 'mailers', 'client'],
    packages: /^(vitest|ws|fast-check|node:[a-z0-9_/]+)$/,
  },
}

const files = sourceImports()
const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)

function breach(file: string, target: string): string | undefined {
  const [room = ''] = file.split('/')
  const allowed = ALLOWED[file] ?? ALLOWED[room]
  const complaint = `src/${file} imports ${target}`
  if (!allowed) return `src/${room} has no rule in this test`
  if (!target.startsWith('.')) return allowed.packages.test(target) ? undefined : complaint
  const path = targetOf(file, target)
  const isFine = [room, ...allowed.rooms].some((r) => path.startsWith(`${r}/`) || path === `${r}.ts`)
  return isFine ? undefined : complaint
}

it('files of src import only what their room may import', () => {
  const found = [...files]
    .filter(([file]) => !isTest(file))
    .flatMap(([file, targets]) => targets.flatMap((target) => breach(file, target) ?? []))
  expect(files.size).toBeGreaterThan(60)
  expect(found).toEqual([])
})

it('no files of src import each other in a circle, types included', () => {
  const graph = new Map(
    [...files].map(([file, targets]) => [
      file,
      targets.filter((target) => target.startsWith('.')).map((target) => targetOf(file, target)),
    ]),
  )
  expect(circles(graph)).toEqual([])
})

it('no file of src is named index', () => {
  expect([...files.keys()].filter((file) => basename(file).startsWith('index.'))).toEqual([])
})

it('the check of imports sees every kind of import', () => {
  const source = [
    `import a from 'one'`,
    `import { b,\n  c } from "two"`,
    `import type { D } from './three.ts'`,
    `export * from 'four'`,
    `export type { E } from 'five'`,
    `import 'six'`,
    `const f = await import('seven')`,
    `const text = 'imports nothing from here'`,
  ].join('\n')
  expect(imports(source)).toEqual(['one', 'two', './three.ts', 'four', 'five', 'six', 'seven'])
})

it('the check of imports notices what a room may not import', () => {
  expect(breach('server/core.ts', 'node:fs')).toBeDefined()
  expect(breach('server/core.ts', '../stores/sqlite.ts')).toBeDefined()
  expect(breach('protocol/types.ts', '../server/core.ts')).toBeDefined()
  expect(breach('stores/sqlite.ts', '../server/core.ts')).toBeDefined()
  expect(breach('widget/panel.tsx', '../server/core.ts')).toBeDefined()
  expect(breach('cli/deskbell.ts', '../testing/fake-clock.ts')).toBeDefined()
  expect(breach('buses/redis.ts', '../server/core.ts')).toBeDefined()
  expect(breach('server/core.ts', '../protocol/types.ts')).toBeUndefined()
  expect(breach('stores/sqlite/chats.ts', '../../server/ports/store/store.ts')).toBeUndefined()
})

it('the check of imports notices a circle, however long', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a', 'b']],
    ['d', ['e', 'f']],
    ['e', []],
    ['g', ['g']],
  ])
  expect(circles(graph)).toEqual(['a → b → c', 'b → c', 'g'])
})
