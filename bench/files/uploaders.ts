// Uploads file after file, each as another person, until it is told to stop. In a process of its own: whoever measures how long a message takes must
// not wait for its own uploads.
import { UPLOAD } from './upload-size.ts'

const [url = '', ...tokens] = process.argv.slice(2)
let goesOn = true
let uploaded = 0
process.on('message', () => (goesOn = false))
await Promise.all(
  tokens.map(async (token) => {
    for (; goesOn; uploaded++) {
      const response = await fetch(`${url}/support_chat/attachments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(UPLOAD),
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    }
  }),
)
process.send?.(uploaded)
process.disconnect()
