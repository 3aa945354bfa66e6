// A server that is told to stop: it accepts nobody new, finishes what it has accepted, tells everybody to come back, not all at
// once, and is gone within ten seconds, with 5,000 people connected.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loopTime } from '../../src/testing/loop-time.ts'
import { until } from '../support/desk.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'
import { sqliteTruth } from './model/truth.ts'

const PEOPLE = 5_000
const AT_ONCE = 250
/** Seconds: 1,500 of them a second, and one more who writes */
const COME_BACK_OVER = 4

let dir: string
let server: ServerProcess
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  server = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: `sqlite:${join(dir, 'chat.db')}` })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Milliseconds for which others had the processor while a process could have gone on, https://docs.kernel.org/scheduler/sched-stats.html */
function waitedForCpu(pid: number | 'self'): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    // It has ended
    return 0
  }
}

it(`a server that is told to stop lets ${PEOPLE} people go in an orderly way`, async () => {
  const token = await userToken('ada')
  /** Over how many seconds each was asked to come back */
  const goodbyes: unknown[] = []
  const closes: number[] = []
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(`ws://127.0.0.1:${server.port}/cable`, [V1, `anycable-token.${token}`])
      let isIn = false
      ws.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (data.includes('"welcome"')) {
          isIn = true
          resolve()
        } else if (isIn && data.includes('"server_restart"'))
          goodbyes.push((JSON.parse(data) as { retry_after?: number }).retry_after)
      })
      ws.addEventListener('close', ({ code }) => (isIn ? closes.push(code) : reject(new Error('refused'))))
      ws.addEventListener('error', () => reject(new Error('refused')))
    })
  for (let n = 0; n < PEOPLE; n += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, open))

  const writer = await TestSocket.open(`ws://127.0.0.1:${server.port}/cable?jid=${token}`, [V1])
  const { id } = (await (
    await fetch(`${server.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as { id: string }
  await writer.subscribe(chatId(id))
  for (let n = 0; n < 200; n++)
    writer.perform(chatId(id), { action: 'send_message', content: `m${n}`, client_id: `c${n}` })

  const start = loopTime()
  const [before, pid] = [waitedForCpu('self') + waitedForCpu(server.pid), server.pid]
  let waited = 0
  const watching = setInterval(() => (waited = Math.max(waited, waitedForCpu('self') + waitedForCpu(pid) - before)), 50)
  const stopped = server.stop()
  // From the first goodbye on; before it the signal may still be on its way
  await until(() => goodbyes.length > 0)
  const late = await open().then(
    () => 'let in',
    () => 'refused',
  )
  expect(await stopped).toBe(0)
  clearInterval(watching)
  expect(loopTime() - start - waited).toBeLessThan(10_000)
  expect(late).toBe('refused')
  await until(() => closes.length >= PEOPLE)
  expect(closes.filter((code) => code === 1001)).toHaveLength(PEOPLE)
  // That they are told one after another is proven beside the source, where time is faked
  expect(goodbyes).toHaveLength(PEOPLE)
  expect(new Set(goodbyes)).toEqual(new Set([COME_BACK_OVER]))

  await until(() => writer.closed)
  const truth = sqliteTruth(join(dir, 'chat.db'))
  const stored = (await truth.messages(id)).map((message) => message.content)
  await truth.close()
  const acked = writer.events('new_message').map((event) => event.message?.content)
  expect(acked.filter((content) => content === undefined || !stored.includes(content))).toEqual([])
  expect(stored).toEqual(Array.from({ length: stored.length }, (_, n) => `m${n}`))
})
