// The stand-alone server as a process of its own, which can be killed, stopped in its tracks, and started again.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { realNow, realPause, TIME_ANCHOR, TIME_SPEED } from '../../src/testing/fast-time.ts'
import { CLI, COMPILED, NODE } from './node.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { freePort } from './ports.ts'
import { testTokens } from './test-tokens.ts'

const ROOT = resolve(import.meta.dirname, '../..')
export const SECRET = 'a secret that only the tests know, 32+'
const signer = testTokens(SECRET)

export const userToken = (id: string, seconds = 86_400): Promise<string> =>
  signer.sign(
    { sub: id, email: `${id}@example.com`, name: `User ${id}` },
    { audience: AUDIENCE.user, expiresIn: seconds },
  )
export const adminToken = (id = 'sam', seconds = 86_400): Promise<string> =>
  signer.sign({ sub: id, email: `${id}@desk.example`, name: 'Sam' }, { audience: AUDIENCE.admin, expiresIn: seconds })

export class ServerProcess {
  readonly port: number
  readonly #env: Record<string, string>
  readonly #through: string[]
  #child: ChildProcess | undefined
  /** Everything that it printed to its standard error */
  errors = ''

  private constructor(port: number, env: Record<string, string>, through: string[]) {
    this.port = port
    this.#env = env
    this.#through = through
  }

  /**
   * @param env settings, as a person would give them; DATA_DIR at least
   * @param through a program that starts it, with its arguments
   */
  static async start(env: Record<string, string>, through: string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), env, through)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }
  get pid(): number {
    return this.#child?.pid ?? 0
  }
  get isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  async start(): Promise<void> {
    const { NODE_ENV: _none, ...inherited } = process.env
    const [command, ...args] = [
      ...this.#through,
      NODE,
      '--import',
      join(ROOT, 'src/testing/fast-time.ts'),
      CLI,
      'serve',
    ]
    const child = spawn(command, args, {
      env: {
        ...inherited,
        ...COMPILED,
        NODE_ENV: 'production',
        TIME_SPEED: String(TIME_SPEED),
        TIME_ANCHOR: String(TIME_ANCHOR),
        HOST: '127.0.0.1',
        PORT: String(this.port),
        DESKBELL_SECRET: SECRET,
        RATE_LIMIT: 'off',
        ...this.#env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    await this.#answers(child)
  }

  /** As a power cut would */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** In an orderly way. @returns its exit code */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  /** It does nothing at all, and neither says so nor goes away */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    const exited = once(child, 'exit') as Promise<[number | null]>
    child.kill('SIGCONT')
    child.kill(signal)
    const [code] = await exited
    return code
  }

  async #answers(child: ChildProcess): Promise<void> {
    const end = realNow() + 120_000
    while (realNow() < end && child.exitCode === null) {
      const said = await fetch(`${this.url}/healthz`).then(
        (response) => response.text(),
        () => null,
      )
      if (said === 'ok') return
      await realPause(30)
    }
    throw new Error(`The server does not answer: ${this.errors}`)
  }
}
