// Whatever type a TypeScript user meets in the signatures of an entry for browsers can be imported from there by its name.
import { relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { childrenOf, Declarations, nameOf, type Node, type Origin } from '../support/declarations.ts'

const ENTRIES = ['entries/client', 'front-ends/react', 'front-ends/vue', 'front-ends/element', 'front-ends/preact']

function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* walk(child)
}

let types: Declarations
beforeAll(() => {
  types = new Declarations(ENTRIES)
})
afterAll(() => types?.remove())

/** The types of our own that a declaration mentions, where they are declared */
function mentions(origin: Origin): Origin[] {
  const names = types
    .declared(origin)
    .flatMap((declaration) => [...walk(declaration)])
    .flatMap((node) => {
      if (node.type === 'TSTypeReference') return nameOf(node['typeName'])
      if (node.type === 'TSInterfaceHeritage' || node.type === 'TSClassImplements') return nameOf(node['expression'])
      return node.type === 'ClassDeclaration' ? nameOf(node['superClass']) : []
    })
  return names.flatMap((name) => types.meaningOf(origin.file, name) ?? [])
}

/** Types that a user of the entry meets and cannot name */
function unnamed(entry: string): string[] {
  const { exported } = types.read(entry)
  const key = ({ file, name }: Origin): string => `${relative(types.dir, file)}: ${name}`
  const named = new Set([...exported.values()].map(key))
  const met = [...exported.values()].flatMap((origin) => mentions(origin).map(key))
  return [...new Set(met)].filter((type) => !named.has(type)).toSorted()
}

it.each(ENTRIES)('exports every type of the signatures of %s by name', (name) => {
  const entry = types.fileOf(name)
  expect(types.read(entry).exported.size).toBeGreaterThan(2)
  expect(unnamed(entry)).toEqual([])
})
