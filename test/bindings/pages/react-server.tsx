// The same app, rendered by a server.
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { Writable } from 'node:stream'
import { App } from './react.tsx'

const app = <App scene="hydration" state={{ count: 1, token: null }} />

export const asString = (): string => renderToString(app)

export const asStream = (): Promise<string> =>
  new Promise((resolve, reject) => {
    let html = ''
    const sink = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        html += new TextDecoder().decode(chunk)
        done()
      },
      final(done) {
        done()
        resolve(html)
      },
    })
    const { pipe } = renderToPipeableStream(app, { onAllReady: () => pipe(sink), onError: reject })
  })
