// Who does not use a bus does not pay for its driver.
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** The packages that a process has loaded after `code` */
function packagesAfter(code: string): string[] {
  const script = `${code}
    const { createRequire } = await import('node:module')
    const files = Object.keys(createRequire(import.meta.url).cache)
    console.log(JSON.stringify(files.map((file) => file.split('node_modules/').at(-1))))`
  const node = join(ROOT, 'node_modules/.bin/node')
  const said = execFileSync(node, ['--input-type=module', '--no-warnings', '-e', script], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return (JSON.parse(said) as string[]).filter((file) => /^(@redis|@nats-io|pg)\//.test(file))
}

const BUSES = ['redis', 'nats', 'postgres'] as const

it.each(BUSES)('loads the driver when it listens, and no other: %s', (kind) => {
  const load = BUSES.map((one) => `const { ${one}Bus } = await import('./src/buses/${one}.ts')`).join('\n')
  expect(packagesAfter(load)).toEqual([])
  const ignore = '() => undefined'
  const listening = `${load}
    const bus = ${kind}Bus('${kind}://localhost:1')
    await bus.listen(${ignore}, ${ignore}).catch(${ignore})
    await bus.close()`
  const scopes = { redis: '@redis', nats: '@nats-io', postgres: 'pg' }
  expect(new Set(packagesAfter(listening).map((file) => file.split('/')[0]))).toEqual(new Set([scopes[kind]]))
})
