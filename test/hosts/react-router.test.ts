import { describeBuilder } from './builders-app.ts'

await describeBuilder({
  folder: 'react-router',
  route: 'app/routes/support.ts',
  server: 'router-server.js',
  files: {
    'vite.config.ts': `import { reactRouter } from '@react-router/dev/vite'
      export default { plugins: [reactRouter()] }`,
    'app/routes.ts': `import { index, route } from '@react-router/dev/routes'
      export default [index('routes/home.tsx'), route('support/*', 'routes/support.ts')]`,
    'app/root.tsx': `import { Outlet, Scripts } from 'react-router'
      export default function Root() {
        return <html lang="en"><head><title>A page</title></head><body>
          <Outlet /><Scripts /><script src="/support/widget.js" async /></body></html>
      }`,
    'app/routes/home.tsx': 'export default function Home() { return <h1>A page</h1> }',
  },
  build: ['node_modules/@react-router/dev/bin.cjs', 'build'],
  start: ['node_modules/@react-router/serve/bin.cjs', 'build/server/index.js'],
})
