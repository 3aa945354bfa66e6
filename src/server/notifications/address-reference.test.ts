import { expect, it } from 'vitest'
import { addressReferences } from './address-reference.ts'

it('names an address as a UUID, in whatever way it is written, for as long as the secret is good', async () => {
  const [own, rotated, other] = [
    addressReferences(['old secret']),
    addressReferences(['new secret', 'old secret']),
    addressReferences(['other secret']),
  ]
  const reference = await own.of('Kim@Müller.example')
  expect(reference).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  expect(await own.isFor(reference, 'kim@xn--mller-kva.example')).toBe(true)
  expect(await rotated.isFor(reference, 'kim@müller.example')).toBe(true)
  expect(await own.isFor(reference, 'sam@müller.example')).toBe(false)
  expect(await other.isFor(reference, 'kim@müller.example')).toBe(false)
  expect(await rotated.of('kim@müller.example')).not.toBe(reference)
})
