/** What the service worker asks a page, with a port for the answer: does it tell of messages itself, or somebody looks at it; open the chat */
export interface PageQuestion {
  type: 'deskbell:tells' | 'deskbell:open'
  chat: string
}
