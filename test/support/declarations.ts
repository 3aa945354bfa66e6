// The declarations (.d.ts) of the package's entries, as a user of TypeScript gets them, and their syntax trees.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseSync } from 'vite'
import { TSC } from './node.ts'

export interface Node {
  type: string
  [key: string]: unknown
}
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value
export const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value : [value]).filter(isNode)
export const nameOf = (value: unknown): string => (isNode(value) ? String(value['name']) : '')
export const childrenOf = (node: Node): Node[] => Object.values(node).flatMap(nodes)

/** Where a name is declared */
export interface Origin {
  file: string
  name: string
}

/** The declarations of one file: its own by name, and where its other names come from */
interface Module {
  own: Map<string, Node[]>
  imported: Map<string, Origin>
  exported: Map<string, Origin>
}

export class Declarations {
  readonly dir = mkdtempSync(join(tmpdir(), 'deskbell-types-'))
  readonly #modules = new Map<string, Module>()

  /** @param entries such as `entries/client` */
  constructor(entries: readonly string[]) {
    const root = resolve(import.meta.dirname, '..', '..')
    const typeRoots = [join(root, 'node_modules', '@types')]
    const config = {
      extends: join(root, 'tsconfig.build.json'),
      compilerOptions: { emitDeclarationOnly: true, rootDir: join(root, 'src'), outDir: this.dir, typeRoots },
      include: [],
      files: entries.map((entry) => join(root, 'src', `${entry}.ts`)),
    }
    const file = join(this.dir, 'tsconfig.json')
    writeFileSync(file, JSON.stringify(config))
    execFileSync(process.execPath, [...TSC, '-p', file], { stdio: 'inherit' })
  }

  fileOf(entry: string): string {
    return join(this.dir, `${entry}.d.ts`)
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }

  read(file: string): Module {
    const known = this.#modules.get(file)
    if (known) return known
    const module: Module = { own: new Map(), imported: new Map(), exported: new Map() }
    this.#modules.set(file, module)
    const { program } = parseSync(file, readFileSync(file, 'utf8'))
    for (const statement of (program as unknown as { body: Node[] }).body) this.#take(module, file, statement)
    return module
  }

  /** What a name of a file means; undefined: it is none of ours */
  meaningOf(file: string, name: string): Origin | undefined {
    const module = this.read(file)
    const from = module.imported.get(name)
    if (from) return this.#origin(from.file, from.name)
    return module.own.has(name) ? { file, name } : undefined
  }

  /** Several: a function with overloads */
  declared({ file, name }: Origin): Node[] {
    return this.read(file).own.get(name) ?? []
  }

  #origin(file: string, name: string): Origin {
    return this.read(file).exported.get(name) ?? { file, name }
  }

  #take(module: Module, file: string, statement: Node): void {
    const source = isNode(statement['source']) ? String(statement['source']['value']) : null
    const target = source?.startsWith('.') ? resolve(dirname(file), source.replace(/\.[jt]sx?$/, '.d.ts')) : null
    if (statement.type === 'ImportDeclaration') {
      for (const { imported, local } of nodes(statement['specifiers']))
        if (target) module.imported.set(nameOf(local), { file: target, name: nameOf(imported) })
      return
    }
    if (statement.type === 'ExportAllDeclaration') {
      if (target) for (const [name, origin] of this.read(target).exported) module.exported.set(name, origin)
      return
    }
    const declaration = isNode(statement['declaration']) ? statement['declaration'] : statement
    const declared = declaration.type === 'VariableDeclaration' ? nodes(declaration['declarations']) : [declaration]
    for (const one of declared) {
      const name = nameOf(one['id'])
      if (name === '') continue
      module.own.set(name, [...(module.own.get(name) ?? []), one])
      if (declaration !== statement) module.exported.set(name, { file, name })
    }
    for (const { local, exported } of nodes(statement['specifiers'])) {
      const name = nameOf(local)
      module.exported.set(nameOf(exported), target ? this.#origin(target, name) : { file, name })
    }
  }
}
