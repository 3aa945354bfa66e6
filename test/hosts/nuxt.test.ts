import { describeBuilder } from './builders-app.ts'

await describeBuilder({
  folder: 'nuxt',
  route: 'server/routes/support/[...].ts',
  server: 'nuxt-server.js',
  files: {
    'nuxt.config.ts': `export default defineNuxtConfig({
      telemetry: false,
      app: { head: { script: [{ src: '/support/widget.js', async: true }] } },
    })`,
    'app/app.vue': '<template><h1>A page</h1></template>',
  },
  build: ['node_modules/nuxt/bin/nuxt.mjs', 'build'],
  start: ['.output/server/index.mjs'],
  inServer: { env: { NITRO_PRESET: 'node-listener' } },
})
