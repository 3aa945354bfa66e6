import { createHmac, createSecretKey } from 'node:crypto'
import type { QuickHmac } from '../server/people/keys.ts'

export const nodeHmac: QuickHmac = (secret) => {
  const key = createSecretKey(secret, 'utf8')
  return (text) => createHmac('sha256', key).update(text).digest()
}
