// Whatever type a TypeScript user meets in the signatures of an entry for browsers can be imported from there by its name.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parseSync } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ENTRIES = ['entries/client', 'front-ends/react', 'front-ends/vue', 'front-ends/element', 'front-ends/preact']

interface Node {
  type: string
  [key: string]: unknown
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode)
const nameOf = (value: unknown): string => (isNode(value) ? String(value['name']) : '')

function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) for (const child of nodes(value)) yield* walk(child)
}

/** The declarations of one file: its own by name, and where its other names come from */
interface Module {
  own: Map<string, Node>
  imported: Map<string, { file: string; name: string }>
  exported: Map<string, { file: string; name: string }>
}

const dir = mkdtempSync(join(tmpdir(), 'deskbell-types-'))
const modules = new Map<string, Module>()

function read(file: string): Module {
  const known = modules.get(file)
  if (known) return known
  const module: Module = { own: new Map(), imported: new Map(), exported: new Map() }
  modules.set(file, module)
  const { program } = parseSync(file, readFileSync(file, 'utf8'))
  for (const statement of (program as unknown as { body: Node[] }).body) {
    const source = isNode(statement['source']) ? String(statement['source']['value']) : null
    const target = source?.startsWith('.') ? resolve(dirname(file), source.replace(/\.[jt]sx?$/, '.d.ts')) : null
    if (statement.type === 'ImportDeclaration') {
      for (const { imported, local } of nodes(statement['specifiers']))
        if (target) module.imported.set(nameOf(local), { file: target, name: nameOf(imported) })
    } else if (statement.type === 'ExportAllDeclaration') {
      if (target) for (const [name, origin] of read(target).exported) module.exported.set(name, origin)
    } else {
      const declaration = isNode(statement['declaration']) ? statement['declaration'] : statement
      const declared = declaration.type === 'VariableDeclaration' ? nodes(declaration['declarations']) : [declaration]
      for (const { id } of declared)
        if (isNode(id)) {
          module.own.set(nameOf(id), declaration)
          if (declaration !== statement) module.exported.set(nameOf(id), { file, name: nameOf(id) })
        }
      for (const { local, exported } of nodes(statement['specifiers']))
        module.exported.set(nameOf(exported), target ? origin(target, nameOf(local)) : { file, name: nameOf(local) })
    }
  }
  return module
}
const origin = (file: string, name: string): { file: string; name: string } =>
  read(file).exported.get(name) ?? { file, name }

/** The types of our own that a declaration mentions, where they are declared */
function mentions(file: string, name: string): { file: string; name: string }[] {
  const module = read(file)
  const declaration = module.own.get(name)
  if (!declaration) return []
  const names = [...walk(declaration)].flatMap((node) => {
    if (node.type === 'TSTypeReference') return nameOf(node['typeName'])
    if (node.type === 'TSInterfaceHeritage' || node.type === 'TSClassImplements') return nameOf(node['expression'])
    return node.type === 'ClassDeclaration' ? nameOf(node['superClass']) : []
  })
  return names.flatMap((mentioned) => {
    const from = module.imported.get(mentioned)
    if (from) return origin(from.file, from.name)
    return module.own.has(mentioned) ? { file, name: mentioned } : []
  })
}

/** Types that a user of the entry meets and cannot name */
function unnamed(entry: string): string[] {
  const { exported } = read(entry)
  const key = ({ file, name }: { file: string; name: string }): string => `${relative(dir, file)}: ${name}`
  const named = new Set([...exported.values()].map(key))
  const met = [...exported.values()].flatMap(({ file, name }) => mentions(file, name).map(key))
  return [...new Set(met)].filter((type) => !named.has(type)).toSorted()
}

beforeAll(() => {
  const root = resolve(import.meta.dirname, '..', '..')
  const config = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: { emitDeclarationOnly: true, rootDir: join(root, 'src'), outDir: dir, types: [] },
    include: [],
    files: ENTRIES.map((entry) => join(root, 'src', `${entry}.ts`)),
  }
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(config))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', join(dir, 'tsconfig.json')], { stdio: 'inherit' })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it.each(ENTRIES)('exports every type of the signatures of %s by name', (name) => {
  const entry = join(dir, `${name}.d.ts`)
  expect(existsSync(entry)).toBe(true)
  expect(read(entry).exported.size).toBeGreaterThan(2)
  expect(unnamed(entry)).toEqual([])
})
