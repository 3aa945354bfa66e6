import { configDefaults, defineConfig } from 'vitest/config'

/** Those that load the machine, or hold to limits of time: beside others they would measure the others */
const ALONE = [
  'test/faults/{delivery-nodes,drain,durability,fuzz,half-open,migrating,revocation-nodes,rolling-restart}.test.ts',
]

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ALONE],
          globalSetup: [
            'test/support/install-browser.ts',
            'test/support/install-servers.ts',
            'test/support/install-better-sqlite3.ts',
            'test/support/databases/setup.ts',
          ],
          // Most of them wait, for a line to be found dead or a page to draw; several at a time leave no core idle
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          globalSetup: ['test/support/databases/setup.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
