import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './tools/longest-first.ts'

/** What tests of processes, servers and browsers need on the machine */
const installs = [
  'test/support/install-servers.ts',
  'test/support/install-browser.ts',
  'test/support/install-better-sqlite3.ts',
]
const globalSetup = [...installs, 'test/support/databases/setup.ts']

/** Tests with the code of others that pages or apps would load: client libraries, frameworks, the packed package */
const APART = ['test/{bindings,clients,package}/**/*.test.ts']

export default defineConfig({
  test: {
    environment: 'node',
    // Tests poll for what they wait for. These limits only end a test that hangs, on a busy machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      // `npm test`: what the order of events decides
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts'],
          globalSetup: ['test/support/install-better-sqlite3.ts'],
          // They share modules and nothing else, so a process need not load them anew for each file
          isolate: false,
          maxWorkers: 8,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/faults/**', 'test/hosts/**', ...APART],
          globalSetup,
          // Most files load the whole server, which takes a process more than a second of CPU
          isolate: false,
          // Most tests wait for a server or a page; many at a time leave no core idle, also beside other work
          maxWorkers: 8,
          sequence: { groupOrder: 0 },
        },
      },
      // The same, each file in a process of its own: what clients of others leave behind must not reach the next file
      {
        extends: true,
        test: {
          name: 'system-apart',
          include: APART,
          globalSetup: installs,
          maxWorkers: 8,
          sequence: { groupOrder: 0 },
        },
      },
      // `npm run test:hosts`: whole frameworks, installed, built and run
      {
        extends: true,
        test: {
          name: 'hosts',
          include: ['test/hosts/**/*.test.ts'],
          globalSetup: ['test/support/install-browser.ts', 'test/hosts/install.ts'],
          // Builds of frameworks take all cores that they find
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      // `npm run test:faults`: what needs real seconds, kills, thousands of connections or many random lives
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.alone.test.ts'],
          globalSetup,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      // Those that load the whole machine, or measure it
      {
        extends: true,
        test: {
          name: 'faults-alone',
          include: ['test/faults/**/*.alone.test.ts'],
          globalSetup,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
