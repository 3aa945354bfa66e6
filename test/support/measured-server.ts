// The stand-alone server in a process of its own that can be weighed: how much it holds after everything else was collected.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { SECRET } from './desk.ts'

const CHILD = resolve(import.meta.dirname, 'measured-child.ts')

export class MeasuredServer {
  readonly url: string
  readonly file: string
  readonly #child: ChildProcess
  readonly #dir: string
  readonly #stderr: () => string

  private constructor(child: ChildProcess, url: string, dir: string, stderr: () => string) {
    this.#child = child
    this.url = url
    this.#dir = dir
    this.file = join(dir, 'deskbell.db')
    this.#stderr = stderr
  }

  static async start(env: Record<string, string> = {}): Promise<MeasuredServer> {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-measured-'))
    const child = fork(CHILD, [], {
      execArgv: ['--expose-gc'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: dir,
        DESKBELL_SECRET: SECRET,
        ...env,
      },
      silent: true,
    })
    let errors = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const answer = await Promise.race([once(child, 'message'), once(child, 'exit')])
    const [first] = answer as [{ url?: string } | number]
    if (typeof first !== 'object' || first.url === undefined) throw new Error(`The server did not start: ${errors}`)
    return new MeasuredServer(child, first.url, dir, () => errors)
  }

  get wsUrl(): string {
    return this.url.replace('http', 'ws')
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Milliseconds that it has used a core, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
  worked(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
    return (Number(fields?.[11]) + Number(fields?.[12])) * 10
  }

  /** What it wrote to standard error: everything that `onError` was told */
  get errors(): string {
    return this.#stderr()
  }

  /** Megabytes that it holds */
  async weigh(): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[{ bytes: number }]>
    this.#child.send('weigh')
    return (await answer)[0].bytes / 1024 / 1024
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    const exited = once(this.#child, 'exit') as Promise<[number | null]>
    if (this.#child.exitCode === null) this.#child.send('stop')
    const code = this.#child.exitCode ?? (await exited)[0]
    rmSync(this.#dir, { recursive: true, force: true })
    return code
  }
}
