// The one request that a user's page makes before it opens a socket.
import { Agent, get } from 'node:http'

/** Users share connections, as behind a proxy */
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** @returns the id of the user's chat */
export function loadChatId(restUrl: string, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const request = get(`${restUrl}/support_chat`, { agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`GET /support_chat: ${response.statusCode} ${text}`))
        resolve(String((JSON.parse(text) as { id: string }).id))
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The server closed an idle connection at the moment when this request took it
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(loadChatId(restUrl, token))
      else reject(error)
    })
  })
}
