// Listens with Firebase's client, as browsers do.
import { deleteApp, initializeApp } from '@firebase/app'
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInWithCustomToken } from '@firebase/auth'
import { connectDatabaseEmulator, getDatabase, onValue, ref } from '@firebase/database'
import type { FirebaseListening } from '../../../src/protocol/listening.ts'
import { Heard, type AskAuth } from './listening.ts'

let apps = 0

/** @throws Error when the service lets it not in */
export async function listenByFirebase({ url, key, path }: FirebaseListening, ask: AskAuth): Promise<Heard> {
  const { hostname, port } = new URL(url)
  const app = initializeApp(
    { apiKey: key, projectId: 'project', databaseURL: 'https://project.firebaseio.com' },
    `app ${++apps}`,
  )
  const heard = new Heard(() => void deleteApp(app))
  try {
    const auth = initializeAuth(app, { persistence: inMemoryPersistence })
    connectAuthEmulator(auth, url, { disableWarnings: true })
    const database = getDatabase(app)
    connectDatabaseEmulator(database, hostname, Number(port))
    const permission = await ask({})
    await signInWithCustomToken(auth, 'token' in permission ? permission.token : '')
    await new Promise<void>((resolve, reject) => {
      onValue(
        ref(database, path),
        (snapshot) => {
          resolve()
          const { at: _time, ...hint } = Object(snapshot.val()) as Record<string, unknown>
          if (snapshot.exists()) heard.hint(hint)
        },
        reject,
      )
    })
  } catch (error) {
    heard.close()
    throw error
  }
  return heard
}
