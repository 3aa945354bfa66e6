import { expect, it } from 'vitest'
import { encodedContent } from './encoded-content.ts'

const read = async (text: string): Promise<{ size: number; content: string }> => {
  const content = await encodedContent('base64', new TextEncoder().encode(text))
  return { size: content.size, content: await new Response(content.stream()).text() }
}

it('goes on behind padding, where a file was encoded piece by piece', async () => {
  expect(await read(`${btoa('one')}\r\n${btoa('four')}\r\n${btoa('fives')}${btoa('end')}\r\n`)).toEqual({
    size: 15,
    content: 'onefourfivesend',
  })
})

it('goes on behind padding at the end of a step', async () => {
  const piece = 'x'.repeat(49_150)
  expect(await read(btoa(piece).padEnd(65_536, '=') + btoa('y'))).toEqual({ size: 49_151, content: `${piece}y` })
})
