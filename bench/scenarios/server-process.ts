// A target's server as a process.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Launch } from '../targets/target.ts'
import { onCore } from './cores.ts'

const START_TIME = 60_000
const STOP_TIME = 10_000

export class ServerProcess {
  readonly #child: ChildProcess
  #said = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stdout?.resume()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said = (this.#said + text).slice(-2_000)))
  }

  /** Resolves when it can serve. @param core undefined: any */
  static async start(launch: Launch, port: number, core?: number): Promise<ServerProcess> {
    const { command, args, env, readyUrl } = launch
    const [program, all] = core === undefined ? [command, args] : onCore(core, command, args)
    const child = spawn(program, all, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const server = new ServerProcess(child)
    const end = Date.now() + START_TIME
    while (!(await (readyUrl === null ? isAccepting(port) : isReady(readyUrl)))) {
      if (!server.#isRunning || Date.now() > end) {
        child.kill('SIGKILL')
        throw new Error(`${command} did not start: ${server.#said}`)
      }
      await pause(50)
    }
    return server
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }
  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** In an orderly way; killed when it does not end */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIME)
    await this.#end('SIGTERM')
    clearTimeout(timer)
  }
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.#isRunning) return
    const exited = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exited
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )

function isAccepting(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
}
