// The command line as a process of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { CLI, COMPILED, NODE } from './node.ts'

export interface CommandEnd {
  code: number | null
  out: string
  err: string
}

export interface Command {
  /** It may be killed */
  child: ChildProcess
  end: Promise<CommandEnd>
}

/** Starts `deskbell`. @param env settings, as a person would give them */
export function startDeskbell(args: string[], env: Record<string, string>): Command {
  const child = spawn(NODE, [CLI, ...args], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...COMPILED, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const end = (once(child, 'close') as Promise<[number | null]>).then(([code]) => ({
    code,
    out: out.trim(),
    err: err.trim(),
  }))
  return { child, end }
}

/** Runs `deskbell` to its end */
export const deskbell = (args: string[], env: Record<string, string>): Promise<CommandEnd> =>
  startDeskbell(args, env).end
