/**
 * Lets so much work begin in each turn of the event loop, in its order. The rest waits, while the loop reads other sockets.
 * @returns undefined: begin at once; else resolves when it is its turn
 */
export function takeTurns(perTurn: number): () => Promise<void> | undefined {
  const waiting: (() => void)[] = []
  let begun = 0

  function nextTurn(): void {
    const next = waiting.splice(0, perTurn)
    begun = next.length
    if (begun > 0) setImmediate(nextTurn)
    for (const begin of next) begin()
  }

  return () => {
    if (begun === perTurn) return new Promise((resolve) => waiting.push(resolve))
    if (begun++ === 0) setImmediate(nextTurn)
    return undefined
  }
}
