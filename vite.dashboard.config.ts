import { readdirSync } from 'node:fs'
import { defineConfig } from 'vite'
import { noPreload } from './tools/no-preload.ts'

/** The widget is built first */
const listenFile = readdirSync('dist/widget').find((name) => /^listen-[\w-]+\.js$/.test(name))
if (listenFile === undefined) throw new Error('Build the widget first')

// The page is served at <mount>dashboard, without a slash at its end, so what it loads is `dashboard/assets/…`
// relative to the page. Between themselves the assets use paths relative to each other. Any mount works.
export default defineConfig({
  root: 'src/dashboard',
  base: './',
  logLevel: 'warn',
  plugins: [noPreload],
  define: { LISTEN_FILE: JSON.stringify(listenFile) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // The page names what its script imports, which is fetched beside it and not after it
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps, { hostType }) => (hostType === 'html' ? deps : []),
    },
    // A data: URL would need an exception in the content security policy
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'src/dashboard/index.html', 'push-worker': 'src/dashboard/push-worker.ts' },
      // Numbers of the protocol that two chunks use must not become a chunk that both wait for
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      output: {
        // The service worker has one name for good
        entryFileNames: ({ name }) => (name === 'push-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  experimental: {
    renderBuiltUrl: (filename, { hostType }) => (hostType === 'html' ? `dashboard/${filename}` : { relative: true }),
  },
})
