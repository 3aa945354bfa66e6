// Which bucket FILES_URL names.
import { s3Blobs, type S3Options } from '../blobs/s3.ts'
import type { Blobs } from '../server/ports/blobs.ts'
import { decoded, defined, partsOf } from './mail-url.ts'

/** @throws Error when the URL names no bucket; its message repeats nothing of the URL's secrets */
export const bucketOf = (url: string): Blobs => s3Blobs(bucketIn(url))

const SHAPE = 's3://KEY:SECRET@BUCKET/FOLDER?region=REGION'
/** Other services take any, and many of them name this one */
const REGION_ELSEWHERE = 'us-east-1'

/** @throws Error as `bucketOf` does */
export function bucketIn(url: string): S3Options {
  const { scheme, rest } = partsOf(url)
  // Secret keys contain slashes, which people copy as they are
  const [, id, secret, bucket, path = '', search] =
    /^([^:@/?#]+):([^@?#]+)@([^@/?#]+)(?:\/([^@?#]*))?(\?.*)?$/s.exec(rest) ?? []
  if (scheme !== 's3' || id === undefined || secret === undefined || bucket === undefined)
    throw new Error(`it must look like ${SHAPE}`)
  const { region, endpoint, session, ...unknown } = Object.fromEntries(new URLSearchParams(search))
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new Error(`it has no ${name}; there is region, endpoint, session`)
  if (region === undefined && endpoint === undefined) throw new Error(`it names no region: ${SHAPE}`)
  const folder = path.replace(/\/+$/, '')
  return {
    bucket,
    region: region ?? REGION_ELSEWHERE,
    credentials: {
      accessKeyId: decoded(id),
      secretAccessKey: decoded(secret),
      ...defined({ sessionToken: session }),
    },
    prefix: folder === '' ? '' : `${folder}/`,
    ...(endpoint !== undefined && { url: endpoint.includes('://') ? endpoint : `https://${endpoint}` }),
  }
}
