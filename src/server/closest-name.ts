/** @returns the one of the names that somebody meant who misspelt it; undefined: none */
export function closestName(misspelt: string, names: string[]): string | undefined {
  const [closest] = names
    .map((name) => ({ name, edits: editsBetween(name, misspelt) }))
    // Two edits make another word of a short name
    .filter(({ name, edits }) => edits <= (name.length > 4 ? 2 : 1))
    .toSorted((a, b) => a.edits - b.edits)
  return closest?.name
}

/** How many letters are missing, too many, wrong, or in the place of their neighbour (optimal string alignment) */
function editsBetween(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()]
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const other = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1)
      const swapped = from[i] === to[j - 1] && from[i - 1] === to[j] ? (before[j - 1] ?? 0) + 1 : Infinity
      next.push(Math.min(other, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, swapped))
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}
