import { defineConfig } from 'vite'

// The command line and the stand-alone server. A thousand small modules, of which it uses a part, would take twice the time to load, and 25 MiB.
export default defineConfig({
  logLevel: 'warn',
  // Native code, worker threads, and what only some settings need stay outside, as drivers do
  ssr: { noExternal: ['@hono/node-server', 'hono', 'jose', 'kysely', 'uuid', 'ws', 'zod'] },
  build: {
    ssr: 'src/cli/deskbell.ts',
    // As deep as the sources: `package.json` and what browsers load are found from there
    outDir: 'dist/cli',
    target: 'node22',
    // Stack traces in logs name our functions
    minify: false,
    rolldownOptions: {
      checks: { ineffectiveDynamicImport: false },
      output: { chunkFileNames: '[name]-[hash].js', comments: { legal: true, annotation: false, jsdoc: false } },
    },
  },
})
