import { expect, it } from 'vitest'
import type { Listening } from '../../../protocol/listening.ts'
import type { Publisher } from '../../ports/publisher.ts'
import { connectSources } from './connect-sources.ts'

const sourcesFor = (listening: Listening | null): string[] =>
  connectSources({ service: 'x', listen: () => listening } as Partial<Publisher> as Publisher)

it('lets a page connect to the servers of Firebase that its client may be sent to, and to those that sign it in', () => {
  const google = ['https://identitytoolkit.googleapis.com', 'https://securetoken.googleapis.com']
  const at = (url: string): string[] => sourcesFor({ service: 'firebase', url, key: 'k', path: 'support-staff/hint' })
  expect(at('https://p-default-rtdb.firebaseio.com')).toEqual(['wss://*.firebaseio.com', ...google])
  expect(at('https://p.europe-west1.firebasedatabase.app')).toEqual([
    'wss://*.europe-west1.firebasedatabase.app',
    ...google,
  ])
  expect(at('http://127.0.0.1:9000')).toEqual(['ws://127.0.0.1:9000', 'http://127.0.0.1:9000'])
})

it('lets a page connect to nothing else where browsers listen to no service', () => {
  expect([connectSources(null), sourcesFor(null)]).toEqual([[], []])
})
