import type { Store } from '../ports/store/store.ts'
import type { Gate } from './gate.ts'

/**
 * Wraps a store so that every call goes through a gate. Once the gate is closed, no part of the server reaches the database any
 * more. It is a `Proxy`, because a host's store may be an instance of a class.
 */
export function gatedStore(store: Store, gate: Gate): Store {
  // Keyed by the method, not by its name, because a host may replace a method of its store later
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
