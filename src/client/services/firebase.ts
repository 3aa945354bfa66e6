// Firebase Realtime Database, by its client. The parts of it that are used are declared here.
import type { FirebaseListening, ListenerToken } from '../../protocol/listening.ts'
import type { RealtimeHint } from '../../protocol/publication.ts'
import type { Join, JoinOptions } from './join.ts'
import { SharedClients } from './shared-clients.ts'

interface AppModule {
  initializeApp: (options: { apiKey: string; databaseURL: string }, name: string) => object
  deleteApp: (app: object) => Promise<void>
}

interface AuthModule {
  initializeAuth: (app: object, options: { persistence: unknown }) => object
  inMemoryPersistence: unknown
  connectAuthEmulator: (auth: object, url: string, options: { disableWarnings: true }) => void
  signInWithCustomToken: (auth: object, token: string) => Promise<unknown>
}

interface DatabaseModule {
  getDatabase: (app: object) => object
  connectDatabaseEmulator: (database: object, host: string, port: number) => void
  ref: (database: object, path: string) => object
  /** Calls back with the current value, and on each change. @returns a function that stops it */
  onValue: (node: object, listener: (snapshot: Snapshot) => void, denied?: () => void) => () => void
}

interface Snapshot {
  val: () => unknown
}

/** What `firebase/app`, `firebase/auth` and `firebase/database` export */
export type FirebaseModules = readonly [
  { initializeApp: unknown; deleteApp: unknown },
  {
    initializeAuth: unknown
    inMemoryPersistence: unknown
    connectAuthEmulator: unknown
    signInWithCustomToken: unknown
  },
  { getDatabase: unknown; connectDatabaseEmulator: unknown; ref: unknown; onValue: unknown },
]

interface Connection {
  database: object
  /** Signs in, unless the last sign-in still allows a listener to begin */
  signIn: () => Promise<unknown>
  /** Makes the next call sign in anew */
  forget: () => void
  end: () => void
}

/** A listener begins only with a permission that is valid for at least this long (ms) */
const AHEAD = 60_000

let apps = 0
const connections = new SharedClients<Connection>((connection) => connection.end())

export const joinFirebase =
  (load: () => Promise<FirebaseModules>): Join<FirebaseListening> =>
  async ({ listening, signal, owner, authorize, joined, lost, refused, hinted }) => {
    const modules = (await load()) as readonly [AppModule, AuthModule, DatabaseModule]
    if (signal.aborted) return undefined
    const { url, key, path } = listening
    const connection = connections.use(owner, [url, key].join(), signal, () => connect(modules, listening, authorize))
    await connection.signIn()
    if (signal.aborted) return undefined
    const { database } = connection
    const [, , { ref, onValue }] = modules
    let isConnected = false
    let hasValue = false
    const ends = [
      onValue(
        ref(database, path),
        (snapshot) => {
          // The first value is an old one. Joining asks the server anyway
          if (hasValue) return hinted(Object(snapshot.val()) as Partial<RealtimeHint>)
          hasValue = true
          if (isConnected) joined()
        },
        () => {
          // The sign-in may be older than the permission in it
          connection.forget()
          refused()
        },
      ),
      onValue(ref(database, '.info/connected'), (snapshot) => {
        const wasConnected = isConnected
        isConnected = snapshot.val() === true
        // Leaving closes the connection, which is reported here too
        if (signal.aborted || !hasValue || isConnected === wasConnected) return
        if (isConnected) joined()
        else lost()
      }),
    ]
    signal.addEventListener('abort', () => {
      for (const end of ends) end()
    })
    return undefined
  }

function connect(
  [{ initializeApp, deleteApp }, authModule, { getDatabase, connectDatabaseEmulator }]: readonly [
    AppModule,
    AuthModule,
    DatabaseModule,
  ],
  { url, key }: FirebaseListening,
  authorize: JoinOptions['authorize'],
): Connection {
  const { initializeAuth, inMemoryPersistence, connectAuthEmulator, signInWithCustomToken } = authModule
  const { protocol, hostname, port } = new URL(url)
  const isLocal = protocol === 'http:'
  // The page may have Firebase apps of its own, with somebody signed in
  const app = initializeApp(
    { apiKey: key, databaseURL: isLocal ? 'https://deskbell.firebaseio.com' : url },
    `Deskbell ${++apps}`,
  )
  const auth = initializeAuth(app, { persistence: inMemoryPersistence })
  const database = getDatabase(app)
  if (isLocal) {
    connectAuthEmulator(auth, url, { disableWarnings: true })
    connectDatabaseEmulator(database, hostname, Number(port))
  }
  /** When the permission of the last sign-in ends */
  let until = Promise.resolve(0)
  const signInAnew = async (): Promise<number> => {
    const { token, expires_at } = (await authorize()) as ListenerToken
    await signInWithCustomToken(auth, token)
    return Date.parse(expires_at)
  }
  return {
    database,
    signIn() {
      // One after the other: channels that are entered together share one
      until = until.catch(() => 0).then((end) => (Date.now() < end - AHEAD ? end : signInAnew()))
      return until
    },
    forget() {
      until = Promise.resolve(0)
    },
    end: () => void deleteApp(app).catch(() => undefined),
  }
}
