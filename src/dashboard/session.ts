// Whether the session cookie still holds. It is HttpOnly, so only an answer of the server can tell.
import { signal } from '@preact/signals'

export const signedOut = signal(false)
