import { describeBuilder } from './builders-app.ts'

const config = (mode: 'standalone' | 'middleware'): string => `import node from '@astrojs/node'
  export default { adapter: node({ mode: '${mode}' }) }`

await describeBuilder({
  folder: 'astro',
  route: 'src/pages/support/[...path].ts',
  server: 'astro-server.js',
  files: {
    'astro.config.mjs': config('standalone'),
    'src/pages/index.astro': `<html lang="en"><head><title>A page</title></head><body>
      <h1>A page</h1><script is:inline src="/support/widget.js" async></script></body></html>`,
  },
  build: ['node_modules/astro/bin/astro.mjs', 'build'],
  start: ['dist/server/entry.mjs'],
  inServer: { files: { 'astro.config.mjs': config('middleware') } },
  refusesForms: true,
})
