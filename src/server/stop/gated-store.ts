import type { Store } from '../ports/store/store.ts'
import type { Gate } from './gate.ts'

/**
 * The same store, with each call behind a gate: once the gate is closed, nothing reaches the database any more, whichever part
 * of the server still runs. A proxy, because a host's store may be an instance of a class.
 */
export function gatedStore(store: Store, gate: Gate): Store {
  // By the method and not by its name: a host may wrap a method of its store later on
  const gated = new WeakMap<object, unknown>()
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      let method = gated.get(value)
      if (!method) {
        method = (...args: unknown[]): Promise<unknown> => gate.run(() => Reflect.apply(value, target, args) as unknown)
        gated.set(value, method)
      }
      return method
    },
  })
}
