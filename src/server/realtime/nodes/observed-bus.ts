import type { Bus } from '../../ports/bus.ts'
import type { Observer } from '../../ports/observer.ts'

/** The same bus, which also reports to the observer when it is lost and resumed. */
export function observedBus(bus: Bus | null, observer: Observer | undefined): Bus | null {
  if (!bus || !observer) return bus
  return {
    publish: (hint) => bus.publish(hint),
    listen: (receive, resumed, lost) =>
      bus.listen(
        receive,
        () => {
          observer.busResumed?.()
          resumed()
        },
        (error) => {
          observer.busLost?.(error)
          lost?.(error)
        },
      ),
    close: () => bus.close(),
  }
}
