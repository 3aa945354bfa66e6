/** Does `work` for 0, 1, 2 … up to `count`, so many at a time. Rejects with the first error */
export async function sideBySide(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
}
