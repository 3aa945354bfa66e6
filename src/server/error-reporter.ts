/**
 * The host's `onError`, made safe to call anywhere: a fault of the host's own reporting goes to the console.
 * @param isStopped once it is true nothing is reported: what still ran was given up on purpose
 */
export function errorReporter(onError: (error: unknown) => void, isStopped: () => boolean): (error: unknown) => void {
  return (error) => {
    if (isStopped()) return
    try {
      onError(error)
    } catch (another) {
      console.error(another)
    }
  }
}
