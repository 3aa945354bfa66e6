// Everything that an installation depends on, checked in one go.
import { SettingsError, type Settings } from '../../standalone/settings.ts'
import { checkBus } from './bus.ts'
import { checkDatabase } from './database.ts'
import { checkEventStream } from './event-stream.ts'
import { checkFiles } from './files.ts'
import { wrong, type Finding } from './finding.ts'
import { checkMail } from './mail.ts'
import { checkOidc } from './oidc.ts'
import { checkPublisher } from './publisher.ts'
import { checkAllowedOrigins, checkProxyHeaders, checkPublicUrl } from './public.ts'
import { checkDataFolder, checkOrigins, checkSecret } from './settings.ts'
import { checkSocket } from './socket.ts'
import { checkWebhooks } from './webhooks.ts'

/**
 * @param read may throw SettingsError, which is a finding too
 * @param sendTo an address to send a test mail to
 */
export async function examine(read: () => Settings, sendTo: string | undefined): Promise<Finding[]> {
  let settings: Settings
  try {
    settings = read()
  } catch (error) {
    if (error instanceof SettingsError) return [wrong('settings', error.message)]
    throw error
  }
  const dataFolder = checkDataFolder(settings)
  // One fault is told once; and Node’s recursive mkdir never ends below a folder like /proc
  const isFilesFolderLost = dataFolder.state === 'wrong' && settings.filesUrl === null
  const database = await checkDatabase(settings)
  const [files, bus, publisher, mail, webhooks, oidc, reached] = await Promise.all([
    isFilesFolderLost ? [] : checkFiles(settings),
    checkBus(settings, database.epoch),
    checkPublisher(settings),
    checkMail(settings, sendTo),
    checkWebhooks(settings),
    checkOidc(settings),
    checkPublicUrl(settings, database.epoch),
  ])
  return [
    checkSecret(settings),
    dataFolder,
    ...database.findings,
    ...files,
    bus,
    ...publisher,
    ...mail,
    ...webhooks,
    ...oidc,
    checkOrigins(settings),
    ...reached.findings,
    ...(reached.seen ? await throughPublicUrl(settings, reached.seen) : []),
  ]
}

async function throughPublicUrl(settings: Settings, seen: Parameters<typeof checkProxyHeaders>[1]): Promise<Finding[]> {
  const [origins, socket, stream] = await Promise.all([
    checkAllowedOrigins(settings),
    checkSocket(settings),
    checkEventStream(settings),
  ])
  return [...checkProxyHeaders(settings, seen), ...origins, ...socket, stream]
}
