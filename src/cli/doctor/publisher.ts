import { publisherOf } from '../../standalone/publisher.ts'
import { withoutPassword } from '../../standalone/loggable-settings.ts'
import type { Settings } from '../../standalone/settings.ts'
import { note, ok, reasonOf, wrong, type Finding } from './finding.ts'

/** How long the service may take to answer (ms) */
const PATIENCE = 8_000

/** Whether the service that browsers listen to knows us. Nothing is published */
export async function checkPublisher({ publishUrl }: Settings): Promise<Finding[]> {
  if (publishUrl === null) return []
  const name = withoutPassword(publishUrl)
  const publisher = publisherOf(publishUrl)
  try {
    const worthKnowing = await publisher.verify?.(AbortSignal.timeout(PATIENCE))
    const known = ok('publisher', `${name} knows the credentials`)
    return worthKnowing ? [known, note('publisher', worthKnowing)] : [known]
  } catch (error) {
    return [
      wrong('publisher', `${name}: ${reasonOf(error)}. Check PUBLISH_URL, and that this machine may connect to it`),
    ]
  } finally {
    publisher.close?.()
  }
}
