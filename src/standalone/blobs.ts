import { join } from 'node:path'
import { folderBlobs } from '../blobs/folder.ts'
import type { Blobs } from '../server/ports/blobs.ts'
import { bucketOf } from './bucket.ts'
import type { Settings } from './settings.ts'

/** Where the files that messages carry are kept: in the folder of the data, or in the bucket that FILES_URL names */
export const blobsOf = ({ filesUrl, dataDir }: Pick<Settings, 'filesUrl' | 'dataDir'>): Blobs =>
  filesUrl === null ? folderBlobs(join(dataDir, 'files')) : bucketOf(filesUrl)
