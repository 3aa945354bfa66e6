// A small WebSocket client for load: less CPU than a full one and no buffer per connection, so that the driver stays cheaper than the
// server that it measures. It connects to this machine alone.
import { createHash, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { CLOSE, encodeFrame, FrameReader, PING, PONG, TEXT } from './websocket-frames.ts'

/** All sockets read into it, one after the other */
const buffer = Buffer.allocUnsafeSlow(1 << 18)
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const CLOSING_TIME = 500

export interface WebSocketConnection {
  send(text: string): void
  close(): void
}

export interface WebSocketListener {
  onText(text: string, connection: WebSocketConnection): void
  /** It ended, and not because we closed it */
  onClose(reason: string): void
}

/** Rejects when the server refuses the upgrade */
export function openWebSocket(
  url: string,
  protocol: string | undefined,
  listener: WebSocketListener,
): Promise<WebSocketConnection> {
  const { hostname, host, port, pathname, search } = new URL(url)
  if (hostname !== '127.0.0.1') throw new Error(`The driver connects to 127.0.0.1 alone, not to ${hostname}`)
  const key = randomBytes(16).toString('base64')
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')

  return new Promise((resolve, reject) => {
    let isOpen = false
    let isOver = false
    let head = ''
    const frames = new FrameReader((opcode, text) => {
      if (opcode === TEXT) listener.onText(text, connection)
      else if (opcode === PING) socket.write(encodeFrame(PONG, text))
      else if (opcode === CLOSE) end(`closed by the server: ${text.slice(2)}`)
    })
    const socket: Socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer,
        callback(count) {
          const chunk = buffer.subarray(0, count)
          if (isOpen) frames.read(chunk)
          else readHead(chunk)
          return true
        },
      },
    })
    const connection: WebSocketConnection = {
      send: (text) => void socket.write(encodeFrame(TEXT, text)),
      close() {
        isOver = true
        socket.end(encodeFrame(CLOSE, ''))
        setTimeout(() => socket.destroy(), CLOSING_TIME).unref()
      },
    }

    function end(reason: string): void {
      if (!isOpen) reject(new Error(reason))
      else if (!isOver) listener.onClose(reason)
      isOver = true
      socket.destroy()
    }
    function readHead(chunk: Buffer): void {
      head += chunk.toString('latin1')
      const length = head.indexOf('\r\n\r\n')
      if (length < 0) return
      if (!head.startsWith('HTTP/1.1 101') || !head.includes(accept)) return end(`refused: ${head.split('\r\n')[0]}`)
      isOpen = true
      resolve(connection)
      const rest = Buffer.from(head.slice(length + 4), 'latin1')
      if (rest.length > 0) frames.read(rest)
    }

    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end('the connection ended'))
    socket.on('connect', () => {
      const lines = [
        `GET ${pathname}${search} HTTP/1.1`,
        `Host: ${host}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
        ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
      ]
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
  })
}
