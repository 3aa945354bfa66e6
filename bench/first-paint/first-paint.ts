// How long staff wait for the dashboard: npm run bench:first-paint [-- rounds]
// Real Chromium with an empty cache, its processor slowed down four times, on a network like fast 3G. Medians of a page that is loaded anew.
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/browser.ts'
import { startLongChat } from '../../test/support/long-chat.ts'

const rounds = Number(process.argv[2] ?? 5)
const SLOWER = 4
/** WebPageTest's "3G Fast": 1.6 Mbit/s down, 768 kbit/s up, 150 ms there and back */
const FAST_3G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 96_000 }

const paint = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`
const row = `new Promise((done) => {
  const look = () => (document.querySelector('[data-row]') ? done(performance.now()) : requestAnimationFrame(look))
  look()
})`

const browser = await launchBrowser()
const chat = await startLongChat(100)
const context = await browser.newContext()
await (await chat.dashboard(context)).close()

async function load(path: string): Promise<{ paint: number; row: number; bytes: number }> {
  const page: Page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', FAST_3G)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await page.goto(`${chat.url}/${path}`, { waitUntil: 'commit' })
  const drawn = await page.evaluate<number>(row)
  const measured = { paint: await page.evaluate<number>(paint), row: drawn, bytes }
  await page.close()
  return measured
}

const median = (of: number[]): number => Math.round(of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0)
const loads = []
for (let n = 0; n < rounds; n++) loads.push(await load('dashboard'))
console.table({
  dashboard: {
    'first paint ms': median(loads.map((one) => one.paint)),
    'first chat ms': median(loads.map((one) => one.row)),
    'bytes until then': median(loads.map((one) => one.bytes)),
  },
})
await browser.close()
await chat.stop()
