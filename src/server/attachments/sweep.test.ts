import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { AttachmentSweep, sweepAttachments } from './sweep.ts'

it('Files that are gone are deleted within a minute, and a failure is tried again and told once', async () => {
  const clock = new FakeClock()
  const gone = ['a', 'b']
  const errors: unknown[] = []
  let isAway = true
  const sweep = new AttachmentSweep({
    clock,
    store: {
      goneAttachments: async () => [...gone],
      forgetAttachments: async (ids) => {
        for (const id of ids) gone.splice(gone.indexOf(id), 1)
      },
    },
    blobs: {
      put: () => expect.fail(),
      get: () => expect.fail(),
      delete: async () => {
        if (isAway) throw new Error('away')
      },
    },
    onError: (error) => errors.push(error),
  })
  await clock.advance(60_000)
  await clock.advance(60_000)
  expect([gone, errors]).toEqual([['a', 'b'], [new Error('away')]])
  isAway = false
  await clock.advance(60_000)
  await sweep.close()
  expect(gone).toEqual([])
  await clock.advance(120_000)
})

it('A content that cannot be deleted keeps none of the others', async () => {
  const gone = Array.from({ length: 250 }, (_, n) => `f${n}`)
  const forgetAttachments = async (ids: string[]): Promise<void> => {
    for (const id of ids) gone.splice(gone.indexOf(id), 1)
  }
  const sweeping = sweepAttachments({
    clock: new FakeClock(),
    store: { goneAttachments: async (_, limit) => gone.slice(0, limit), forgetAttachments },
    blobs: {
      put: () => expect.fail(),
      get: () => expect.fail(),
      delete: async (id) => {
        if (id === 'f0' || id === 'f3') throw new Error(id)
      },
    },
  })
  await expect(sweeping).rejects.toThrow('f0')
  expect(gone).toEqual(['f0', 'f3'])
})
