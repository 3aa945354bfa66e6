// The command line as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

export interface CommandEnd {
  code: number | null
  out: string
  err: string
}

/** Runs `deskbell` to its end. @param env settings, as a person would give them */
export async function deskbell(args: string[], env: Record<string, string>): Promise<CommandEnd> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'src/cli/deskbell.ts'), ...args], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out: out.trim(), err: err.trim() }
}
