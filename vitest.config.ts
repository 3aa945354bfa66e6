import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/install-browser.ts', 'test/support/databases/setup.ts'],
    // Most of them wait, for a line to be found dead or a page to draw; several at a time leave no core idle
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
