import { expect, it } from 'vitest'
import type { CannedReplies as Loaded } from '../../protocol/canned-replies.ts'
import { CannedReplies } from './canned-replies.ts'

const answer = (shortcut: string): Loaded => ({
  replies: [{ id: shortcut, shortcut, title: '', body: 'Hello', updated_at: '2026-01-01T00:00:00.000Z' }],
  agent_name: shortcut,
})

/** Each attempt to load them, to be answered by the test */
function asked() {
  const questions: PromiseWithResolvers<Loaded>[] = []
  const replies = new CannedReplies(() => {
    const question = Promise.withResolvers<Loaded>()
    questions.push(question)
    return question.promise
  })
  const shown = () => replies.all.value?.map(({ shortcut }) => shortcut)
  return { replies, questions, shown }
}

it('are loading again while another attempt is under way', async () => {
  const { replies, questions, shown } = asked()
  const first = replies.refresh()
  questions[0]?.reject(new Error('no network'))
  await first
  expect(replies.isFailed.value).toBe(true)
  const second = replies.refresh()
  expect(replies.isFailed.value).toBe(false)
  questions[1]?.resolve(answer('hello'))
  await second
  expect([replies.isFailed.value, shown()]).toEqual([false, ['hello']])
})

it('are those of the last question, whatever comes later', async () => {
  const { replies, questions, shown } = asked()
  const all = [replies.refresh(), replies.refresh(), replies.refresh()]
  questions[2]?.resolve(answer('third'))
  questions[0]?.resolve(answer('first'))
  questions[1]?.reject(new Error('no network'))
  await Promise.all(all)
  expect([replies.isFailed.value, replies.agentName.value, shown()]).toEqual([false, 'third', ['third']])
})
