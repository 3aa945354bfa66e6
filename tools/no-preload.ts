import type { Plugin } from 'vite'

/** Vite's helper waits for what a lazy chunk imports itself. Ours import nothing, and the helper weighs more than they do */
export const noPreload: Plugin = {
  name: 'deskbell:no-preload',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load()' : undefined),
}
