// What the files of src import, and the circles that their imports form.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export const SRC = resolve(import.meta.dirname, '../../src')

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, each also of types alone */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

/** Of documentation, which may show what a host imports */
const COMMENT = /^\s*\/?\*.*$/gm

/** What a source text imports, as it is written there */
export function imports(source: string): string[] {
  return [...source.replace(COMMENT, '').matchAll(IMPORT)].flatMap((m) => m[1] ?? m[2] ?? m[3] ?? [])
}

/** Every file of src with what it imports, as it is written there; paths are relative to src */
export function sourceImports(): Map<string, string[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.tsx?$/.test(file))
  return new Map(files.map((file) => [file, imports(readFileSync(join(SRC, file), 'utf8'))]))
}

/** The file of src that a relative import names */
export const targetOf = (file: string, target: string): string =>
  relative(SRC, resolve(dirname(join(SRC, file)), target.replace(/\?.*$/, '')))

/**
 * The shortest circle through each import that is part of one, each circle once.
 * @param graph file → the files that it imports
 * @returns `a.ts → b.ts`, where b.ts imports a.ts again; it begins with the file that comes first in the alphabet
 */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>()
  for (const [file, targets] of graph) {
    for (const target of targets) {
      const way = shortestWay(graph, target, file)
      if (!way) continue
      const first = way.indexOf(way.toSorted()[0] ?? '')
      found.add([...way.slice(first), ...way.slice(0, first)].join(' → '))
    }
  }
  return [...found].toSorted()
}

function shortestWay(
  graph: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): readonly string[] | undefined {
  const waysTo = new Map([[from, [from]]])
  for (const [file, way] of waysTo) {
    if (file === to) return way
    for (const next of graph.get(file) ?? []) if (!waysTo.has(next)) waysTo.set(next, [...way, next])
  }
  return undefined
}
