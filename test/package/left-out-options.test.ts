// Every option that may be left out takes `undefined`, also for hosts that compile with `exactOptionalPropertyTypes`: they pass on what they may
// not have, such as `process.env.NAME`.
import { relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { childrenOf, Declarations, isNode, nameOf, nodes, type Node, type Origin } from '../support/declarations.ts'

const ENTRIES = Object.values(packageJson.exports)
  .flatMap((entry) => (typeof entry === 'string' ? [] : entry.types))
  .map((file) => file.replace(/^\.\/dist\/|\.d\.ts$/g, ''))

let types: Declarations
beforeAll(() => {
  types = new Declarations(ENTRIES)
})
afterAll(() => types?.remove())

/** Who makes values of a type: the user of the package, or the package. The parameters of a function are made by the other side */
type Maker = 'user' | 'package'
const other = (maker: Maker): Maker => (maker === 'user' ? 'package' : 'user')

/** Records of the wire and of ports, which are whole */
const isRecord = ({ file, name }: Origin): boolean =>
  /^(protocol|server[/]ports)[/]/.test(relative(types.dir, file)) && !name.endsWith('Options')
/** What one part of the package takes from another, and objects of drivers, which are whole too */
const NOT_WRITTEN = ['DeskbellCore', 'Dialect', 'NatsConnection', 'PostgresClient', 'RedisClient', 'SqliteConnection']

/** What somebody may leave out of what they give to the package, and may not give as `undefined` */
class Search {
  readonly found = new Set<string>()
  readonly #seen = new Set<string>()

  visit(origin: Origin, maker: Maker): void {
    if (maker === 'user' && (isRecord(origin) || NOT_WRITTEN.includes(origin.name))) return
    const key = `${maker} ${origin.file} ${origin.name}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    for (const node of types.declared(origin)) this.#walk(node, maker, origin)
  }

  #walk(node: Node, maker: Maker, at: Origin): void {
    const isOption = node.type === 'TSPropertySignature' || node.type === 'TSMappedType'
    if (isOption && maker === 'user' && node['optional'] === true) this.#check(node, at)
    if (node.type === 'TSTypeReference' || node.type === 'TSInterfaceHeritage') {
      const name = nameOf(node['typeName'] ?? node['expression'])
      // Its properties become optional without `| undefined`
      if (name === 'Partial' && maker === 'user') this.#tell(at, 'Partial')
      const meaning = types.meaningOf(at.file, name)
      if (meaning) this.visit(meaning, maker)
    }
    const params = nodes(node['params'] ?? [])
    // Those of a type reference are its arguments
    const isCallable = node.type !== 'TSTypeParameterInstantiation' && params.length > 0
    for (const child of childrenOf(node))
      this.#walk(child, isCallable && params.includes(child) ? other(maker) : maker, at)
  }

  #check(property: Node, at: Origin): void {
    const annotation = property['typeAnnotation']
    // That of a mapped type is the type itself
    const type =
      isNode(annotation) && annotation.type === 'TSTypeAnnotation' ? annotation['typeAnnotation'] : annotation
    const members = isNode(type) && type.type === 'TSUnionType' ? nodes(type['types']) : nodes(type)
    if (!members.some((one) => /^TS(Undefined|Unknown|Any)Keyword$/.test(one.type)))
      this.#tell(at, nameOf(property['key']))
  }

  #tell(at: Origin, what: string): void {
    if (!isRecord(at)) this.found.add(`${relative(types.dir, at.file)}: ${at.name}.${what}`)
  }
}

it('takes undefined for every option that may be left out', () => {
  const search = new Search()
  for (const entry of ENTRIES)
    for (const origin of types.read(types.fileOf(entry)).exported.values())
      if (types.declared(origin).some((node) => !/^TS(Interface|TypeAlias)Declaration$/.test(node.type)))
        search.visit(origin, 'package')
  expect([...search.found].toSorted()).toEqual([])
})
