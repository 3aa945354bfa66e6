/** Why `fetch` failed, in words: its own error says only that it did */
export function causeOf(error: unknown): string {
  const { cause } = error as Error
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause]
  const told = first ?? error
  return told instanceof Error ? told.message || told.name : String(told)
}
