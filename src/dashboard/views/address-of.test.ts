import { expect, it } from 'vitest'
import { faceOf } from './address-of.ts'

const face = (user_id: string, user_email = ''): string => faceOf({ user_id, user_email })

const VISITOR = `visitor:k3x9${'a'.repeat(39)}`

it('faces without a name go by what differs: the address, the code of a visitor, or the id', () => {
  expect(face(VISITOR)).toBe('K3X9')
  expect(face(VISITOR, 'ada@example.com')).toBe('ada@example.com')
  expect(face('ada', 'ada@example.com')).toBe('ada@example.com')
  expect(face('user-4711')).toBe('user-4711')
})
