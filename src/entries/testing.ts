/**
 * `deskbell/testing`: what every store and every bus must do, for those who write their own. The suites run in your own vitest, which
 * is yours to install, like fast-check, from which they take random texts: `npm install --save-dev vitest fast-check`.
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
