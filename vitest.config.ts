import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/support/install-browser.ts', 'test/support/databases/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
