// CPU and memory of process trees, and CPU of the whole machine, from /proc (proc(5)).
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second, in which /proc counts; 100 on every Linux that Node runs on */
const TICKS = 100

export interface ProcessTree {
  pids: number[]
  /** Seconds of user and system time, of those that ended too */
  cpu: number
}

interface Stat {
  parent: number
  cpu: number
}

/** Empty when the process has ended in the meantime */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function stat(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`)
  if (text === '') return undefined
  // The second field is the program's name in brackets, which may hold anything
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0)
  return { parent: Number(fields[1]), cpu: ticks / TICKS }
}

export const parentOf = (pid: number): number => stat(pid)?.parent ?? 0

/** The processes of `roots` and all below them */
export function processTree(roots: number[]): ProcessTree {
  const all = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? stat(Number(name)) : undefined
    if (found) all.set(Number(name), found)
  }
  const pids = new Set(roots.filter((pid) => all.has(pid)))
  for (let before = -1; before < pids.size;) {
    before = pids.size
    for (const [pid, { parent }] of all) if (pids.has(parent)) pids.add(pid)
  }
  return { pids: [...pids], cpu: [...pids].reduce((sum, pid) => sum + (all.get(pid)?.cpu ?? 0), 0) }
}

/** Resident memory in KiB; shared pages count in each process */
export function residentKib(pids: number[]): number {
  const resident = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
  return pids.reduce((sum, pid) => sum + resident(pid), 0)
}

/** Seconds that all cores together were busy since the machine started */
export function machineBusy(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (read('/proc/stat').split('\n')[0] ?? '')
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) / TICKS)
  return user + nice + system + irq + softIrq
}
