import { base64url } from 'jose'
import { expect, it } from 'vitest'
import { encryptPush } from './encrypt.ts'

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }

it('encrypts the example of RFC 8291, appendix A, to the same bytes', async () => {
  const ours = base64url.decode(
    'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  )
  const point = {
    kty: 'EC',
    crv: 'P-256',
    x: base64url.encode(ours.subarray(1, 33)),
    y: base64url.encode(ours.subarray(33)),
  }
  const d = 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'
  const keys = {
    publicKey: await crypto.subtle.importKey('jwk', point, CURVE, true, []),
    privateKey: await crypto.subtle.importKey('jwk', { ...point, d }, CURVE, false, ['deriveBits']),
  }
  const browser = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }
  const salt = new Uint8Array(base64url.decode('DGv6ra1nlYgDCS1FRnbzlw'))
  const plain = new TextEncoder().encode('When I grow up, I want to be a watermelon')
  const body = await encryptPush(plain, browser, { keys, salt })
  expect(base64url.encode(body)).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

it('refuses keys that no browser has', async () => {
  const auth = 'BTBZMqHH6r4Tts7J_aSIgg'
  for (const p256dh of [`B${'A'.repeat(86)}`, 'BCVx', ''])
    await expect(encryptPush(new Uint8Array(1), { p256dh, auth })).rejects.toThrow(/./)
})
