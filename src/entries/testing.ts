/**
 * `deskbell/testing`: what every store and every bus must do, for hosts that write their own. The suites run in your vitest and draw
 * random texts with fast-check; install both: `npm install --save-dev vitest fast-check`. They poll for what they wait for, so
 * give vitest a `testTimeout` of a minute or two: it only ends a test that hangs.
 *
 * @example
 * // my-store.test.ts
 * import { storeConformance } from 'deskbell/testing'
 * import { myStore } from './my-store.ts'
 *
 * storeConformance('my store', () => myStore(anEmptyDatabase()))
 *
 * @module
 */
export {
  busConformance,
  busFaultsConformance,
  type BusChoice,
  type BusFactory,
  type BusServer,
} from '../testing/bus-conformance.ts'
export { FakeClock } from '../testing/fake-clock.ts'
export { searchConformance } from '../testing/search-conformance.ts'
export { storeConformance } from '../testing/store-conformance.ts'
