// Files that a page of the documentation shows in full: a block each, with the path in a comment or above it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { pageOf } from '../support/documented-code.ts'

/** @param page such as `docs/rails.md`, in which `` `path`: `` stands before each block @param folder the files, as they are run */
export function expectShown(page: string, folder: string): void {
  const text = pageOf(page)
  const shown = [...text.matchAll(/^`([^`\n]+)`[^\n]*:\n\n```\w+\n(.*?)^```/gms)]
  expect(shown.length).toBeGreaterThan(2)
  for (const [, path = '', code] of shown) expect(readFileSync(join(folder, path), 'utf8'), path).toBe(code)
}
