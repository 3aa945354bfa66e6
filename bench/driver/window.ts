/** The measured time of a run, in milliseconds of `performance.now()`; nothing is in it until it is set */
export class Window {
  from = Infinity
  to = Infinity

  holds(at: number): boolean {
    return at >= this.from && at < this.to
  }
}
