import { replies as words } from '../../locales/replies.en.ts'

/** @param code of the problem document, or of the client */
export const sayRefusal = (code: string): string =>
  words.refusals[Object.hasOwn(words.refusals, code) ? (code as keyof typeof words.refusals) : 'other']
