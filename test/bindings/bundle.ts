// Bundles as a host's build makes them: Vite, with Deskbell's entries as its package has them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'

const ROOT = join(import.meta.dirname, '../..')

/** The version of React that a bundle is made with */
export type React = 18 | 19

export interface BundleOptions {
  /** Of the file that is bundled, relative to `test/bindings/pages`; or its code */
  page: string | { code: string; language: 'ts' | 'tsx' }
  react?: React
  /** For Node, with all that it imports */
  server?: boolean
  /** Left out of the bundle, as peers are in what is measured */
  external?: RegExp
  mode?: 'development' | 'production'
}

type Output = Rolldown.RolldownOutput['output']

export async function bundle(options: BundleOptions): Promise<Output> {
  const { page, react = 19, server = false, external, mode = 'development' } = options
  const reactFolder = join(ROOT, react === 18 ? 'test/react-18/node_modules' : 'node_modules')
  const virtual = typeof page === 'string' ? null : join(ROOT, `test/bindings/pages/virtual.${page.language}`)
  const input = typeof page === 'string' ? join(ROOT, 'test/bindings/pages', page) : (virtual ?? '')
  const built = await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    mode,
    define: {
      'process.env.NODE_ENV': JSON.stringify(mode),
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'react', development: mode === 'development' } },
    resolve: {
      alias: [
        { find: 'deskbell/client', replacement: join(ROOT, 'src/entries/client.ts') },
        { find: /^deskbell\/(\w+)$/, replacement: join(ROOT, 'src/front-ends/$1.ts') },
        { find: /^(react|react-dom)(\/.*)?$/, replacement: join(reactFolder, '$1$2') },
      ],
    },
    plugins: [
      {
        name: 'given-code',
        enforce: 'pre',
        resolveId: (id) => (id === virtual ? id : null),
        load: (id) => (id === virtual && typeof page !== 'string' ? page.code : null),
      },
    ],
    ...(server && { ssr: { noExternal: true } }),
    build: {
      write: false,
      target: 'es2024',
      minify: mode === 'production',
      modulePreload: false,
      ...(server && { ssr: true }),
      rolldownOptions: {
        input,
        preserveEntrySignatures: 'strict',
        ...(external && { external }),
        output: { format: 'es', entryFileNames: 'page.js', codeSplitting: external !== undefined },
      },
    },
  })
  const [result] = [built].flat()
  if (!result || !('output' in result)) throw new Error('Nothing was built')
  return result.output
}

/** All of it, where nothing is external */
export const codeOf = (output: Output): string => output[0].code

/** Runs what was bundled for a server. @returns what it exports, of which the caller names what it uses */
export async function load<T>(output: Output): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bundle-'))
  try {
    const file = join(folder, 'page.mjs')
    writeFileSync(file, codeOf(output))
    return (await import(file)) as T
  } finally {
    rmSync(folder, { recursive: true })
  }
}
