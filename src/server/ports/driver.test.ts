import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** What Node itself says, since a test runner finds modules in its own way */
const load = async (loading: string): Promise<string> => {
  const file = JSON.stringify(new URL('./driver.ts', import.meta.url).href)
  const script = `const { driver } = await import(${file})
    console.log(await driver('deskbell-absent', ${loading}).then((found) => Object.keys(found).length > 0, String))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return stdout.trim()
}

it('says how to install a package that is missing', async () => {
  expect(await load("import('deskbell-absent')")).toBe(
    'Error: The package deskbell-absent is not installed. Run: npm install deskbell-absent',
  )
})

it('passes on what else goes wrong, and the package', async () => {
  expect(await load("import('deskbell-also-absent')")).toContain("Cannot find package 'deskbell-also-absent'")
  expect(await load("import('node:fs')")).toBe('true')
})
