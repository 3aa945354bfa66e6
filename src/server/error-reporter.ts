/**
 * Makes the host's `onError` safe to call anywhere: an error that it throws goes to the console.
 * @param isStopped once it returns true, nothing is reported, because the stop has abandoned the remaining work on purpose
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
