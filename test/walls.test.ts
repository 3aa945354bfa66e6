// Who may import whom (docs/architecture.md), over every import of src.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')

/** Folder → the folders of src, and the packages, that its files may import besides their own */
const ALLOWED: Record<string, { rooms: string[]; packages: RegExp }> = {
  protocol: { rooms: [], packages: /^$/ },
  server: { rooms: ['protocol'], packages: /^(hono|jose|zod|uuid)(\/|$)/ },
  stores: { rooms: ['protocol', 'server/ports'], packages: /^(kysely|pg|mysql2|node:(sqlite|crypto|fs|net))$/ },
  buses: {
    rooms: ['protocol', 'server/ports'],
    packages: /^(@redis\/client|@nats-io\/transport-node|pg|node:(net|async_hooks|diagnostics_channel))$/,
  },
  mailers: { rooms: ['protocol', 'server/ports'], packages: /^(nodemailer|uuid|node:stream)$/ },
  adapters: {
    rooms: ['protocol', 'server', 'stores', 'buses', 'mailers'],
    packages: /^(@hono\/node-server|ws|node:[a-z/]+)$/,
  },
  client: { rooms: ['protocol'], packages: /^$/ },
  ui: { rooms: ['client', 'protocol'], packages: /^(preact|@preact\/signals)(\/|$)/ },
  widget: { rooms: ['client', 'ui', 'protocol'], packages: /^(preact|@preact\/signals)(\/|$)/ },
  dashboard: {
    rooms: ['client', 'ui', 'protocol'],
    packages: /^(preact|@preact\/signals|@tanstack\/virtual-core)(\/|$)/,
  },
  standalone: {
    rooms: ['protocol', 'server', 'stores', 'mailers', 'adapters'],
    packages: /^(@hono\/node-server|hono|zod|pino|prom-client|node:[a-z/]+)/,
  },
  cli: { rooms: ['protocol', 'server', 'stores', 'mailers', 'adapters', 'standalone'], packages: /^node:[a-z/]+$/ },
  testing: {
    rooms: ['protocol', 'server', 'stores', 'buses', 'mailers', 'client'],
    packages: /^(vitest|ws|fast-check|node:[a-z0-9_/]+)$/,
  },
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')` */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

export function imports(source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap((m) => m[1] ?? m[2] ?? m[3] ?? [])
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
)

function breach(file: string, target: string): string | undefined {
  const [room = ''] = file.split('/')
  const allowed = ALLOWED[room]
  const complaint = `src/${file} imports ${target}`
  if (!allowed) return `src/${room} has no rule in this test`
  if (!target.startsWith('.')) return allowed.packages.test(target) ? undefined : complaint
  const path = relative(SRC, resolve(dirname(join(SRC, file)), target.replace(/\?.*$/, '')))
  const isFine = [room, ...allowed.rooms].some((r) => path.startsWith(`${r}/`) || path === `${r}.ts`)
  return isFine ? undefined : complaint
}

it('keeps the walls', () => {
  const found = files.flatMap((file) =>
    imports(readFileSync(join(SRC, file), 'utf8')).flatMap((target) => breach(file, target) ?? []),
  )
  expect(files.length).toBeGreaterThan(60)
  expect(found).toEqual([])
})

it('sees every kind of import', () => {
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

it('would notice a breach', () => {
  expect(breach('server/core.ts', 'node:fs')).toBeDefined()
  expect(breach('server/core.ts', '../stores/sqlite.ts')).toBeDefined()
  expect(breach('protocol/types.ts', '../server/core.ts')).toBeDefined()
  expect(breach('stores/sqlite.ts', '../server/core.ts')).toBeDefined()
  expect(breach('widget/panel.tsx', '../server/core.ts')).toBeDefined()
  expect(breach('cli/deskbell.ts', '../testing/fake-clock.ts')).toBeDefined()
  expect(breach('buses/redis.ts', '../server/core.ts')).toBeDefined()
  expect(breach('server/core.ts', '../protocol/types.ts')).toBeUndefined()
  expect(breach('stores/sqlite/chats.ts', '../../server/ports/store.ts')).toBeUndefined()
})
