import { expect, it } from 'vitest'
import { inOrder, mergedTags, tagChange } from './tags.ts'

it('Tags stand in the order of their code points, each once', () => {
  expect(inOrder(['b', 'a', 'ab', '😀', 'ﬀ', 'a', 'aa'])).toEqual(['a', 'aa', 'ab', 'b', 'ﬀ', '😀'])
})

it('A change says what was added and removed, and nothing where all stays', () => {
  expect(tagChange(['a', 'b'], ['b', 'c'])).toEqual({ added: ['c'], removed: ['a'] })
  expect(tagChange(['a'], ['a'])).toBeNull()
})

it('Two chats that become one have the tags of both, and no more than one may have', () => {
  expect(mergedTags('["b"]', '["a","b"]')).toEqual(['a', 'b'])
  const many = Array.from({ length: 20 }, (_, i) => `t${10 + i}`)
  expect(mergedTags(JSON.stringify(many), '["a"]')).toEqual(many)
})
