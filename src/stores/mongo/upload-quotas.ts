// What a person uploaded is counted in a document of its own, where it is decided whether there is room for more.
import type { NewUpload, UploadQuota } from '../../server/ports/store/attachments.ts'
import type { MongoDatabase } from './database.ts'
import type { AttachmentDoc } from './documents.ts'

type Uploader = Pick<AttachmentDoc, 'sender_type' | 'sender_id'>
const idOf = ({ sender_type, sender_id }: Uploader): string => `${sender_type}:${sender_id}`

/** Counts the upload, unless it would be too much */
export const takeRoom = (
  db: MongoDatabase,
  upload: NewUpload,
  { since, files, bytes }: UploadQuota,
): Promise<boolean> =>
  db.change('upload_quotas', idOf(upload), (known) => {
    const { id, size, created_at: at } = upload
    const uploads = known?.uploads.filter((one) => one.at > since) ?? []
    const used = uploads.reduce((sum, one) => sum + one.size, 0)
    if (uploads.length >= files || used + size > bytes) return { result: false }
    return { doc: { _id: idOf(upload), uploads: [...uploads, { id, size, at }] }, result: true }
  })

export async function giveRoom(db: MongoDatabase, file: AttachmentDoc): Promise<void> {
  const _id = idOf(file)
  await db.change('upload_quotas', _id, (known) => {
    const uploads = known?.uploads.filter(({ id }) => id !== file._id)
    const isLess = known !== undefined && uploads !== undefined && uploads.length < known.uploads.length
    return { doc: isLess ? { ...known, uploads } : undefined, result: undefined }
  })
  // It names a person, who may be gone
  await db.collection('upload_quotas').deleteOne({ _id, uploads: [] })
}

/** Of somebody whose files are another's now. It may be repeated */
export async function giveQuota(db: MongoDatabase, from: Uploader, to: Uploader): Promise<void> {
  const quotas = db.collection('upload_quotas')
  const given = (await quotas.findOne({ _id: idOf(from) }))?.uploads ?? []
  if (given.length > 0)
    await db.change('upload_quotas', idOf(to), (known) => {
      const own = known?.uploads ?? []
      const fresh = given.filter(({ id }) => !own.some((one) => one.id === id))
      return { doc: { _id: idOf(to), uploads: [...own, ...fresh] }, result: undefined }
    })
  await quotas.deleteOne({ _id: idOf(from) })
}
