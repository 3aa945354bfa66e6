import type { Plugin } from 'vite'

const HELPER = '\0vite/preload-helper.js'
/** Begins a chunk of its own that loads others. A helper that two chunks share would be a chunk too */
const LAZY = /\/src\/(widget\/(listen|in-page)|ui\/files\/open-links)\.ts$/

/** How Vite writes an `import()`: with the helper, and with what is taken of the module named twice */
const WRAPPED = [
  /__vitePreload\(\(\) => (import\("[^"]+"\)), __VITE_PRELOAD__\)/g,
  /__vitePreload\(async \(\) => \{\s*const \{[^}]*\} = await (import\("[^"]+"\));\s*return \{[^}]*\};\s*\}, __VITE_PRELOAD__\)/g,
]

/** Vite's helper waits for what a lazy chunk imports itself. Ours import nothing, and the helper weighs more than they do */
export const noPreload: Plugin = {
  name: 'deskbell:no-preload',
  enforce: 'pre',
  resolveId: (id, importer = '') => (id === HELPER && LAZY.test(importer) ? `${id}?for=${importer}` : undefined),
  renderChunk: (code) => WRAPPED.reduce((written, wrapped) => written.replace(wrapped, '$1'), code),
  load: (id) => (id.startsWith(HELPER) ? 'export const __vitePreload = (load) => load()' : undefined),
}
