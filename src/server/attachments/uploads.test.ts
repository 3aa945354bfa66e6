import { expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { StoreUnavailable } from '../ports/store/store-unavailable.ts'
import { AttachmentLinks } from './links.ts'
import { Uploads, type UploadsOptions } from './uploads.ts'

/** An upload whose end the store answers so. @returns what was then deleted */
async function upload(finishUpload: UploadsOptions['store']['finishUpload'], isDropped: boolean) {
  const clock = new FakeClock()
  const deleted: string[] = []
  const uploads = new Uploads({
    clock,
    links: new AttachmentLinks(['secret'], clock),
    maxBytes: 100,
    perHour: null,
    atOnce: null,
    onError: () => undefined,
    blobs: {
      put: async (_, content) => void (await new Response(content).arrayBuffer()),
      get: () => expect.fail(),
      delete: async () => void deleted.push('content'),
    },
    store: {
      reserveUpload: async () => 'reserved',
      finishUpload,
      dropUpload: async () => isDropped,
      forgetAttachments: async () => void deleted.push('row'),
      findUpload: async () => undefined,
      findAttachment: async () => undefined,
    },
  })
  const receiving = uploads.receive({
    sender: { role: 'user', id: 'ada' } as never,
    chat: { id: 'c' } as ChatRecord,
    name: 'a.txt',
    clientId: null,
    body: new Blob(['hello']).stream(),
    size: 5,
  })
  await expect(receiving).rejects.toThrow()
  return deleted
}

it.each([
  ['that nobody has', true, ['content', 'row']],
  ['that a message carries', false, []],
])('A file %s is deleted when the store says that its upload is gone: %s', async (_, isDropped, deleted) => {
  expect(await upload(async () => ({ kind: 'gone' }), isDropped)).toEqual(deleted)
})

it('A file that the store may have finished, although it did not say so, stays', async () => {
  const finish = async () => {
    throw new StoreUnavailable('away')
  }
  expect(await upload(finish, true)).toEqual([])
})
