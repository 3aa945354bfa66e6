// A server in Go that keeps the connections for the app and asks it over HTTP. It is a child of the app: its CPU and its memory count with
// the app's, and it ends when the app does.
import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import type { Express } from 'express'

/** Where browsers connect, and the app's own port, which the server asks */
export const PORT = process.env['PORT'] ?? ''
export const APP = `http://127.0.0.1:${process.env['APP_PORT'] ?? ''}`
/** Each proves with it to the other who it is */
export const SECRET = 'a secret for benchmarks only'

/** Starts the server of the variable PROGRAM once the app can answer it */
export function serveWith(app: Express, args: string[], env: Record<string, string>): void {
  app.listen(Number(process.env['APP_PORT']), '127.0.0.1', () => {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.env['PROGRAM'] ?? '', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('exit', () => process.exit(1))
  })
  process.on('SIGTERM', () => process.exit(0))
}

/** The server's own API, over as many kept connections as it takes */
const agent = new Agent({ keepAlive: true })

/** @throws Error when it does not take it */
export function post(path: string, headers: Record<string, string>, body: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent, host: '127.0.0.1', port: PORT, path, method: 'POST' }
    const sending = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      const { statusCode = 0 } = response.resume()
      if (statusCode < 300) response.on('end', resolve)
      else reject(new Error(`${path}: ${statusCode}`))
    })
    sending.on('error', reject).end(JSON.stringify(body))
  })
}
