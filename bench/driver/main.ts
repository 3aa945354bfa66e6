// The driver as a process of its own, so that it can be given a core of its own: reads an order from the file that it is given, and
// writes what it found as JSON.
import { readFileSync } from 'node:fs'
import { runFan } from './fan.ts'
import { runHold } from './hold.ts'
import { runLoad } from './load.ts'
import { runOpen } from './open.ts'
import { STARTED } from './started.ts'
import type { DriverOrder, Result } from './plan.ts'

const { server, plan } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as DriverOrder

function run(): Promise<Result> {
  if (plan.kind === 'load') return runLoad(server, plan, () => process.stderr.write(STARTED))
  if (plan.kind === 'fan') return runFan(server, plan)
  return plan.kind === 'hold' ? runHold(server, plan) : runOpen(server, plan)
}

process.stdout.write(JSON.stringify(await run()), () => process.exit(0))
