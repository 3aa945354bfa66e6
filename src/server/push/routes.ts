// Browsers of staff say that they want notifications, and no more.
import { z } from 'zod'
import { route } from '../http/route.ts'
import { pushKey, pushSubscribed } from './schemas.ts'
import type { Subscriptions } from './subscriptions.ts'

// Forms of URLs and keys alone. What no browser gave is found out, and removed, when something is sent there
const subscription = z.strictObject({
  endpoint: z
    .string()
    .regex(/^https:\/\/[a-z0-9.-]{1,253}(:\d{1,5})?\/[!-~]{0,1700}$/, 'an https URL')
    .describe('Where the push service takes notifications for this browser'),
  p256dh: z
    .string()
    .regex(/^B[\w-]{86}$/, 'a point of P-256 in base64url')
    .describe("The browser's public key: base64url"),
  auth: z
    .string()
    .regex(/^[\w-]{22}$/, '16 bytes in base64url')
    .describe('The secret that the browser shares: base64url'),
})
const params = z.object({ id: z.string().describe('The subscription') })

export function pushRoutes(subscriptions: Pick<Subscriptions, 'keys' | 'save' | 'remove'>) {
  return [
    route({
      method: 'GET',
      path: '/admin/push',
      name: 'pushKey',
      action: 'get_pushes',
      summary: 'With what a browser subscribes to push notifications',
      answers: { 200: { json: pushKey } },
    })(async () => ({ status: 200, body: { public_key: (await subscriptions.keys()).publicKey } })),
    route({
      method: 'PUT',
      path: '/admin/push/subscription',
      name: 'savePushSubscription',
      action: 'get_pushes',
      summary:
        'Sends the caller push notifications to this browser from now on, for 30 days. Of a person’s browsers the ten newest count',
      body: subscription,
      answers: { 200: { json: pushSubscribed } },
    })(async ({ identity, body }) => ({ status: 200, body: await subscriptions.save(identity, body) })),
    route({
      method: 'DELETE',
      path: '/admin/push/subscriptions/:id',
      name: 'removePushSubscription',
      action: 'get_pushes',
      summary: 'Sends the caller nothing more to this browser. It may have been removed before',
      params,
      answers: { 204: {} },
    })(async ({ identity, params: { id } }) => {
      await subscriptions.remove(identity, id)
      return { status: 204 }
    }),
  ]
}
