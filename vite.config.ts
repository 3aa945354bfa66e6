// The widget, in two builds: the panel as an ES module named by its content, then the launcher as a classic script that
// knows the name. Two, because a classic script can neither be an ES module nor share a chunk with one.
import { join } from 'node:path'
import { build, defineConfig } from 'vite'
import type { InlineConfig, Plugin } from 'vite'
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

const launcher = (panelFile: string): InlineConfig => ({
  ...common,
  plugins: [noPreload],
  define: { ...common.define, PANEL_FILE: JSON.stringify(panelFile) },
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

const thenLauncher: Plugin = {
  name: 'deskbell:launcher',
  async writeBundle(_options, bundle) {
    const panel = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry)
    if (!panel) throw new Error('The panel was not built')
    await build(launcher(panel.fileName))
  },
}

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [noPreload, thenLauncher],
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
      // Numbers of the protocol that two chunks use must not become a chunk of their own
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      output: {
        format: 'es',
        entryFileNames: 'panel-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        comments: false,
      },
    },
  },
})
