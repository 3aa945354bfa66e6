// The driver as a process, with its order in a file.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverOrder, Result } from '../driver/plan.ts'
import { STARTED } from '../driver/started.ts'
import { onCore } from './cores.ts'

const MAIN = join(import.meta.dirname, '../driver/main.ts')

interface DriveOptions {
  /** Undefined: any */
  core?: number | undefined
  /** Called when a load begins */
  onStart?: () => void
}

/** @throws Error with what the driver said, when it failed */
export async function drive(
  order: DriverOrder,
  folder: string,
  { core, onStart = () => undefined }: DriveOptions = {},
): Promise<Result> {
  const file = join(folder, 'order.json')
  writeFileSync(file, JSON.stringify(order))
  const [program, args] =
    core === undefined ? [process.execPath, [MAIN, file]] : onCore(core, process.execPath, [MAIN, file])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (text.includes(STARTED)) onStart()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The driver failed: ${said.trim()}`)
  return JSON.parse(out) as Result
}
