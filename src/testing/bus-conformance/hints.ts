import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_HINT } from '../../server/ports/bus.ts'
import { longestTurn } from '../longest-turn.ts'
import { hearEachOther, until, type Kit } from './kit.ts'
import { megabytesInUse } from './memory.ts'

const BURST = 10_000

export function hintsConformance(name: string, kit: () => Kit): void {
  describe(`${name}: hints`, () => {
    it('reach every other listener, in the order in which they were published', async () => {
      const ears = await Promise.all([kit().ear(), kit().ear(), kit().ear()])
      ears.forEach(({ bus }, i) => {
        for (let n = 0; n < 100; n++) bus.publish(`${i}: ${n}`)
      })
      for (const [i, { hints }] of ears.entries()) {
        for (const from of [0, 1, 2].filter((j) => j !== i)) {
          const heard = () => hints.filter((hint) => hint.startsWith(`${from}:`))
          await until(() => heard().length >= 100)
          expect(heard()).toEqual(Array.from({ length: 100 }, (_, n) => `${from}: ${n}`))
        }
      }
    })

    it('arrive unchanged: any text, the longest, the shortest', async () => {
      const [from, to] = await Promise.all([kit().ear(), kit().ear()])
      const texts = [
        ...fc.sample(fc.string({ unit: 'binary', maxLength: 300 }), 200).map((text) => text.replaceAll('\0', '')),
        '',
        ' ',
        '\r\n',
        '\'"\\$1 %s',
        '\u2028\u2029\ufeff',
        '👩‍👩‍👧‍👦 e\u0301 שלום',
        '\u0001\u007f\u0080\u{10ffff}',
        'x'.repeat(MAX_HINT),
        '🌻'.repeat(MAX_HINT / 4),
      ]
      for (const text of texts) from.bus.publish(text)
      from.bus.publish('the last')
      await until(() => to.hints.includes('the last'))
      // PostgreSQL merges equal notifications of one transaction
      expect([...new Set(to.hints)]).toEqual([...new Set(texts), 'the last'])
    })

    it('that the server refuses are lost without harm to others', async () => {
      const [from, to] = await Promise.all([kit().ear(), kit().ear()])
      for (const text of ['before', 'x'.repeat(MAX_HINT + 1), 'é'.repeat(MAX_HINT / 2 + 1), 'a\0b', 'after'])
        from.bus.publish(text)
      from.bus.publish('half of a pair: \ud83c')
      from.bus.publish('the last')
      await until(() => to.hints.includes('the last'))
      expect(to.hints).toEqual(['before', 'after', 'half of a pair: \ufffd', 'the last'])
      expect(to.resumed + from.resumed).toBe(0)
    })

    it('stay in their channel', async () => {
      const [a, b, other] = await Promise.all([
        kit().ear({ channel: 'deskbell.a-1_x' }),
        kit().ear({ channel: 'deskbell.a-1_x' }),
        kit().ear({ channel: 'deskbell.a-1_y' }),
      ])
      a.bus.publish('for b')
      other.bus.publish('for nobody')
      await hearEachOther(a, b)
      expect(b.hints).toContain('for b')
      expect([...a.hints, ...b.hints]).not.toContain('for nobody')
      expect(other.hints.filter((hint) => hint !== 'for nobody')).toEqual([])
    })

    it('come in bursts without holding up anybody else', async () => {
      const [from, to] = await Promise.all([kit().ear(), kit().ear()])
      const busy = longestTurn()
      for (let n = 0; n < BURST; n++) from.bus.publish(`{"type":"messages","chat":"0199aa00-7d1c-7000-8000-${n}"}`)
      await until(() => to.hints.length >= BURST)
      expect(new Set(to.hints).size).toBe(BURST)
      expect(busy()).toBeLessThan(500)
    })

    it('are dropped, not kept, when more are published than can be sent', async () => {
      const { bus, ear } = kit()
      let heard = 0
      const to = bus()
      await to.listen(
        () => heard++,
        () => undefined,
      )
      const from = await ear()
      const before = megabytesInUse()
      const filling = 'x'.repeat(MAX_HINT - 10)
      for (let n = 0; n < BURST; n++) from.bus.publish(`${n} ${filling}`)
      // Kept, they would take 75; other work in the process takes some too
      expect(megabytesInUse() - before).toBeLessThan(50)
      await until(() => heard > 0)
      await to.close()
      await hearEachOther(from, await ear())
    })
  })

  describe(`${name}: a bus`, () => {
    it('publishes nothing before it listens or after it was closed, and does not throw', async () => {
      const { bus, ear } = kit()
      const heard = await ear()
      const short = bus()
      short.publish('too early')
      await short.listen(
        () => undefined,
        () => undefined,
      )
      short.publish('in time')
      await short.close()
      short.publish('too late')
      await hearEachOther(heard, await ear())
      expect(heard.hints.filter((hint) => !hint.startsWith('hello'))).toEqual(['in time'])
    })

    it('listens once', async () => {
      const { bus } = await kit().ear()
      await expect(
        bus.listen(
          () => undefined,
          () => undefined,
        ),
      ).rejects.toThrow('once')
    })
  })
}
