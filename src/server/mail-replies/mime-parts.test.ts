import { expect, it } from 'vitest'
import { partsOf } from './mime-parts.ts'

async function bodiesOf(...lines: string[]): Promise<string[]> {
  const bodies: string[] = []
  for await (const { body } of partsOf(new TextEncoder().encode(lines.join('\r\n'))))
    bodies.push(new TextDecoder().decode(body))
  return bodies
}
const multipart = (boundary: string): string[] => [`Content-Type: multipart/mixed; boundary="${boundary}"`, '']

it('takes a boundary for a delimiter with white space behind it, and in no line that is longer than lines may be', async () => {
  const tooLong = `--q${' '.repeat(1_000)}`
  expect(
    await bodiesOf(...multipart('q'), '--q \t', '', 'One', tooLong, 'Two', '--q', '', 'Three', '--q--', ''),
  ).toEqual(['', `One\r\n${tooLong}\r\nTwo`, 'Three'])
})

it('goes by the innermost multipart where a line ends it and begins a part of another', async () => {
  expect(
    await bodiesOf(
      ...multipart('q--'),
      '--q--',
      ...multipart('q'),
      '--q',
      '',
      'One',
      '--q--',
      '--q--',
      '',
      'Two',
      '--q----',
    ),
  ).toEqual(['', '', 'One', 'Two'])
})
