import { describeBuilder } from './builders-app.ts'

await describeBuilder({
  folder: 'sveltekit',
  route: 'src/routes/support/[...path]/+server.ts',
  server: 'svelte-server.js',
  files: {
    'vite.config.js': `import adapter from '@sveltejs/adapter-node'
      import { sveltekit } from '@sveltejs/kit/vite'
      export default { plugins: [sveltekit({ adapter: adapter() })] }`,
    'src/app.html': `<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>
      <div>%sveltekit.body%</div><script src="/support/widget.js" async></script></body></html>`,
    'src/routes/+page.svelte': '<h1>A page</h1>',
  },
  build: ['node_modules/vite/bin/vite.js', 'build'],
  start: ['build/index.js'],
  refusesForms: true,
})
