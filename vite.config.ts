// The widget, in three builds: the panel, and what stands in for it while it is closed, as ES modules named by their content, then the
// launcher as a classic script that knows the names. Three, because a classic script can neither be an ES module nor share a chunk with
// one, and because the two would share chunks, which both would have to wait for.
import { join } from 'node:path'
import { build, defineConfig } from 'vite'
import type { InlineConfig, Plugin, Rolldown } from 'vite'
import { noPreload } from './tools/no-preload.ts'

const outDir = 'dist/widget'
/** Browsers that know light-dark() and relative colours by themselves: what stands in for them is bigger, and wrong for :host([theme]) */
const cssTarget = ['chrome123', 'safari18', 'firefox128']

const common: InlineConfig = {
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  define: { 'process.env.NODE_ENV': '"production"' },
}

/** Numbers of the protocol that two chunks use must not become a chunk of their own */
const optimization = { inlineConst: { mode: 'all', pass: 3 } } as const

/** @returns the name of its file */
async function buildUnread(): Promise<string> {
  const built = (await build({
    ...common,
    plugins: [noPreload],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: 'src/widget/unread/unread-session.ts',
        preserveEntrySignatures: 'strict',
        optimization,
        output: {
          format: 'es',
          entryFileNames: 'unread-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          comments: false,
        },
      },
    },
  })) as Rolldown.RolldownOutput
  return entryOf(built.output)
}

const launcher = (panelFile: string, unreadFile: string): InlineConfig => ({
  ...common,
  plugins: [noPreload],
  define: { ...common.define, PANEL: JSON.stringify(panelFile), UNREAD: JSON.stringify(unreadFile) },
  build: {
    outDir,
    emptyOutDir: false,
    target: 'es2022',
    cssTarget,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/widget/widget.ts',
      output: { format: 'iife', entryFileNames: 'widget.js', comments: false },
    },
  },
})

function entryOf(files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): string {
  const entry = files.find((file) => file.type === 'chunk' && file.isEntry)
  if (!entry) throw new Error('Nothing was built')
  return entry.fileName
}

const thenOthers: Plugin = {
  name: 'deskbell:others',
  async writeBundle(_options, bundle) {
    await build(launcher(entryOf(Object.values(bundle)), await buildUnread()))
  },
}

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [noPreload, thenOthers],
  // In one piece: its modules need a helper of the bundler's, which would become a chunk that pusher-js waits for too
  resolve: {
    alias: {
      'socket.io-client': join(import.meta.dirname, 'node_modules/socket.io-client/dist/socket.io.esm.min.js'),
    },
  },
  // Preact's own function is there anyway, and its calls are shorter than those of the automatic runtime
  oxc: { jsx: { runtime: 'classic', pragma: 'h' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    cssTarget,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/widget/panel-session.tsx',
      transform: { inject: { h: ['preact', 'h'] } },
      preserveEntrySignatures: 'strict',
      optimization,
      output: {
        format: 'es',
        entryFileNames: 'panel-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        comments: false,
        // Chromium then compiles it while it loads, beside the main thread, and not each function in the task that calls it first
        postBanner: ({ isEntry }) => (isEntry ? '//# allFunctionsCalledOnLoad' : ''),
      },
    },
  },
})
