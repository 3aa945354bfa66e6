import { deleteApp, initializeApp, setLogLevel } from '@firebase/app'
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInWithCustomToken } from '@firebase/auth'
import { connectDatabaseEmulator, forceWebSockets, getDatabase, onValue, ref } from '@firebase/database'

// It would load scripts from Firebase's servers
forceWebSockets()
// It would tell the page's console of each outage
setLogLevel('silent')

/** With what listening needs, and nothing else of the client */
export const modules = [
  { initializeApp, deleteApp },
  { initializeAuth, inMemoryPersistence, connectAuthEmulator, signInWithCustomToken },
  { getDatabase, connectDatabaseEmulator, ref, onValue },
] as const
