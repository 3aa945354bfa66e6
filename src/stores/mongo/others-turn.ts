/** Waits before another try, by chance, so that nodes do not stay in step */
export const othersTurn = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** tries, 50)))
