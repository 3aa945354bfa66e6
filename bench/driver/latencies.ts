// Many latencies in milliseconds, and their percentiles.

export interface LatencySummary {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

export class Latencies {
  #values = new Float64Array(1 << 14)
  #count = 0

  add(milliseconds: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = milliseconds
  }

  /** How many took at least so long */
  atLeast(milliseconds: number): number {
    return this.#values.subarray(0, this.#count).reduce((n, value) => n + (value >= milliseconds ? 1 : 0), 0)
  }

  /** NaN where nothing was measured */
  summary(): LatencySummary {
    const sorted = this.#values.slice(0, this.#count).sort()
    const quantile = (share: number): number =>
      sorted[Math.min(this.#count - 1, Math.floor(share * this.#count))] ?? NaN
    return { count: this.#count, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) }
  }
}
