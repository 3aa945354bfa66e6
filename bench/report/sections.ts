// Parts of docs/benchmarks.md that the benchmarks write, each between <!-- bench:NAME --> and <!-- /bench:NAME -->.

const markers = (name: string): [string, string] => [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]

/** @throws Error where there is no such part */
function boundsOf(markdown: string, name: string): { start: number; end: number } {
  const [open, close] = markers(name)
  const start = markdown.indexOf(open)
  const end = markdown.indexOf(close)
  if (start < 0 || end < start) throw new Error(`There is no part ${open} … ${close}`)
  return { start: start + open.length, end }
}

/** @throws Error where there is no such part */
export function sectionOf(markdown: string, name: string): string {
  const { start, end } = boundsOf(markdown, name)
  return markdown.slice(start, end).trim()
}

/** @throws Error where there is no such part */
export function withSection(markdown: string, name: string, content: string): string {
  const { start, end } = boundsOf(markdown, name)
  return `${markdown.slice(0, start)}\n\n${content}\n\n${markdown.slice(end)}`
}

/** The cells of a table's rows, its head first, without the line below the head and without bold type */
export function tableCells(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('**', '')),
    )
}
