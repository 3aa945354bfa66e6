import { describe, expect, it } from 'vitest'
import { waitBucket } from '../../protocol/numbers.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import { at, type Kit } from './kit.ts'

export function numbersConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit
  const day = at(0).slice(0, 10)
  const by = (id: string, sender_name: string | null) => ({ sender_id: id, sender_name })
  const KIM = { actor: { id: 'kim', name: 'Kim' } }
  const tagged = async () =>
    (await kit.store.tagNumbers(day, day))
      .map(({ kind, tag, bucket, n }) => [tag, kind, bucket, n])
      .sort((a, b) => (String(a) < String(b) ? -1 : 1))
  const numbers = async (from = day, to = day) =>
    (await kit.store.numbers(from, to))
      .map(({ kind, agent_id, agent_name, bucket, n }) => [kind, agent_id, agent_name, bucket, n])
      .sort((a, b) => (String(a) < String(b) ? -1 : 1))

  describe(`${name}: numbers`, () => {
    it('count each chat and message once, and for how long somebody had waited for a reply', async () => {
      const [ada, bob] = [await chat('ada'), await chat('bob')]
      await append(message(ada, { created_at: at(1), client_id: 'c1' }))
      await append(message(ada, { created_at: at(31), client_id: 'c1' }))
      await append(message(ada, { created_at: at(40) }), message(bob, { created_at: at(41) }))
      await append(reply(ada, 61, by('sam', 'Sam')))
      // Nobody had waited for these
      await append(reply(ada, 62, by('sam', 'Samuel')), reply(await chat('new'), 63, by('kim', null)))
      await append(message(ada, { created_at: at(100) }))
      await append(reply(ada, 160, by('sam', 'Samuel')))
      expect(await numbers()).toEqual([
        ['chat', '', null, 0, 3],
        ['staff', 'kim', null, 0, 1],
        ['staff', 'sam', 'Samuel', 0, 3],
        ['user', '', null, 0, 4],
        ['wait', 'sam', 'Samuel', waitBucket(60_000), 2],
      ])
    })

    it('count no wait that an archive ended', async () => {
      const [ada, bob] = [await chat('ada'), await chat('bob')]
      await append(message(ada, { created_at: at(1) }), message(bob, { created_at: at(2) }))
      for (const id of [ada, bob]) await kit.store.setArchived(id, true, at(10))
      await append(message(ada, { created_at: at(200) }))
      await append(reply(ada, 260, { sender_id: 'sam', sender_name: 'Sam' }))
      await kit.store.setArchived(bob, false, at(300))
      await append(reply(bob, 400, { sender_id: 'sam', sender_name: 'Sam' }))
      expect((await numbers()).filter(([kind]) => kind === 'wait')).toEqual([
        ['wait', 'sam', 'Sam', waitBucket(60_000), 1],
      ])
    })

    it('count a chat that goes to the archive after something was written, and how long the last reply took', async () => {
      const [ada, bob, eve] = [await chat('ada'), await chat('bob'), await chat('eve')]
      await append(message(ada, { created_at: at(1) }), message(bob, { created_at: at(1) }))
      await append(reply(ada, 31, by('sam', 'Sam')), reply(ada, 61, by('kim', 'Kim')))
      // What a machine wrote is nobody's reply
      await append(message(ada, { created_at: at(70) }), reply(ada, 75, { sender_id: 'assistant', automated: true }))
      for (const id of [ada, bob, eve]) await kit.store.setArchived(id, true, at(80), KIM)
      const done = async () => (await numbers()).filter(([kind]) => kind === 'archive' || kind === 'last')
      const first = [
        ['archive', '', null, 0, 1],
        ['archive', 'kim', 'Kim', 0, 1],
        ['last', 'kim', 'Kim', waitBucket(60_000), 1],
      ]
      expect(await done()).toEqual(first)
      // Undone and done again, and there already
      await kit.store.setArchived(ada, false, at(81), KIM)
      await kit.store.setArchived(ada, true, at(82), KIM)
      await kit.store.setArchived(ada, true, at(83), KIM)
      expect(await done()).toEqual(first)
      // From the message that brought it back
      await append(message(ada, { created_at: at(1_000) }), reply(ada, 1_005, by('sam', 'Sam')))
      await kit.store.setArchived(ada, true, at(2_000))
      expect(await done()).toEqual(
        [...first, ['archive', 'sam', 'Sam', 0, 1], ['last', 'sam', 'Sam', waitBucket(5_000), 1]].sort((a, b) =>
          String(a) < String(b) ? -1 : 1,
        ),
      )
    })

    it('count a rating for who replied last, and once where it is changed', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 2, by('sam', 'Sam')))
      const rate = (seconds: number, score: number, comment: string | null = null) =>
        kit.store.rate(id, { score, comment, rated_at: at(seconds) })
      const ratings = async () => (await numbers()).filter(([kind, , , , n]) => kind === 'rating' && n !== 0)
      await kit.store.setArchived(id, true, at(3))
      await rate(4, 2)
      await rate(5, 2)
      await rate(6, 2, 'Hm')
      expect(await ratings()).toEqual([['rating', 'sam', 'Sam', 2, 1]])
      await rate(7, 5)
      expect(await ratings()).toEqual([['rating', 'sam', 'Sam', 5, 1]])
      await kit.store.setArchived(id, false, at(8))
      await kit.store.setArchived(id, true, at(9))
      await rate(10, 5)
      expect(await ratings()).toEqual([['rating', 'sam', 'Sam', 5, 2]])
    })

    it('take a rating that is changed back from those for whom it was counted', async () => {
      const id = await chat('u')
      const tag = (tags: string[], seconds: number) =>
        kit.store.changeTags(id, () => tags, { actor: null, at: at(seconds) })
      const rate = (score: number, seconds: number) =>
        kit.store.rate(id, { score, comment: null, rated_at: at(seconds) })
      const rated = async () => [
        (await numbers()).filter(([kind, , , , n]) => kind === 'rating' && n !== 0),
        (await tagged()).filter(([, kind, , n]) => kind === 'rating' && n !== 0),
      ]
      await append(message(id, { created_at: at(1) }), reply(id, 2, by('sam', 'Sam')))
      await tag(['bug', 'vip'], 3)
      await rate(1, 4)
      await append(reply(id, 5, by('kim', 'Kim')))
      await tag(['vip'], 6)
      await tag(['new', 'vip'], 7)
      await rate(5, 8)
      expect(await rated()).toEqual([
        [['rating', 'kim', 'Kim', 5, 1]],
        [
          ['new', 'rating', 5, 1],
          ['vip', 'rating', 5, 1],
        ],
      ])
      await append(reply(id, 9, by('sam', 'Sam')))
      await tag([], 10)
      await rate(2, 11)
      expect(await rated()).toEqual([[['rating', 'sam', 'Sam', 2, 1]], []])
    })

    it('count for each tag that a chat has when it happens', async () => {
      const id = await chat('u')
      const tag = (tags: string[]) => kit.store.changeTags(id, () => tags, { actor: null, at: at(1) })
      await append(message(id, { created_at: at(1) }))
      await tag(['bug', 'vip'])
      await append(reply(id, 61, by('sam', 'Sam')))
      await tag(['vip', 'ÄÖ'])
      await kit.store.setArchived(id, true, at(70))
      await kit.store.rate(id, { score: 4, comment: null, rated_at: at(80) })
      const minute = waitBucket(60_000)
      expect(await tagged()).toEqual(
        [
          ['bug', 'wait', minute, 1],
          ...['vip', 'ÄÖ'].flatMap((word) => [
            [word, 'archive', 0, 1],
            [word, 'last', minute, 1],
            [word, 'rating', 4, 1],
          ]),
          ['vip', 'wait', minute, 1],
        ].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
      )
      // No tag is taken for a colleague
      expect(new Set((await numbers()).map(([, agent]) => agent))).toEqual(new Set(['', 'sam']))
      expect(await kit.store.tagNumbers('2020-01-01', '2020-12-31')).toEqual([])
    })

    it('count how much of a time staff were there, where hours are set', async () => {
      const asked: number[][] = []
      const openTime: OpenTime = (from, to) => {
        asked.push([from, to])
        return 10_000
      }
      const id = await chat('u')
      await kit.store.changeTags(id, () => ['vip'], { actor: null, at: at(0) })
      await kit.store.appendMessages([message(id, { created_at: at(1) }), reply(id, 61)], {}, openTime)
      await kit.store.setArchived(id, true, at(70), { openTime })
      const times = [at(1), at(61)].map((time) => Date.parse(time))
      expect(asked).toEqual([times, times])
      const ten = waitBucket(10_000)
      const open = [
        ['open_last', 'sam', null, ten, 1],
        ['open_wait', 'sam', null, ten, 1],
      ]
      expect((await numbers()).filter(([kind]) => String(kind).startsWith('open_'))).toEqual(open)
      expect((await tagged()).filter(([, kind]) => String(kind).startsWith('open_'))).toEqual([
        ['vip', 'open_last', ten, 1],
        ['vip', 'open_wait', ten, 1],
      ])
    })

    it('keep for how long a person had waited when their chats become one', async () => {
      const rounds = [
        // Nobody replied to either: since the first message
        { replied: false, waited: 200 },
        // A reply in the chat that comes last has ended what waited in the other
        { replied: true, waited: null },
      ]
      for (const { replied, waited } of rounds) {
        const [own, theirs] = [await chat(`ada-${replied}`), await chat(`visitor:${replied}`)]
        const visitors = { sender_id: `visitor:${replied}`, created_at: at(50) }
        await append(message(own, { created_at: at(1), sender_id: `ada-${replied}` }), message(theirs, visitors))
        if (replied) await append(reply(theirs, 60, { sender_id: 'bot' }))
        await kit.store.mergeVisitor(`visitor:${replied}`, `ada-${replied}`, at(100))
        await append(reply(own, 201, { sender_id: `for-${replied}` }))
        const waits = (await numbers()).filter(([kind, who]) => kind === 'wait' && who === `for-${replied}`)
        expect(waits.map(([, , , bucket]) => bucket)).toEqual(waited === null ? [] : [waitBucket(waited * 1_000)])
      }
    })

    it('are those of the days that are asked for', async () => {
      const id = await chat('ada')
      const days = [1, 2, 3].map((n) => new Date(Date.parse(at(0)) + n * 86_400_000).toISOString())
      for (const created_at of days) await append(message(id, { created_at }))
      const [, second = '', third = ''] = days.map((time) => time.slice(0, 10))
      expect(await numbers(second, third)).toEqual([
        ['user', '', null, 0, 1],
        ['user', '', null, 0, 1],
      ])
      expect(await numbers('2020-01-01', '2020-12-31')).toEqual([])
    })
  })
}
