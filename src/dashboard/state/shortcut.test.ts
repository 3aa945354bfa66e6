import { describe, expect, it } from 'vitest'
import { shortcutOf, type KeyPress } from './shortcut.ts'

interface Held {
  shift?: boolean
  ctrl?: boolean
  alt?: boolean
  meta?: boolean
  altGr?: boolean
  composing?: boolean
}

const press = (key: string, code: string, held: Held = {}): string | null => {
  const event: KeyPress = {
    key,
    code,
    shiftKey: held.shift ?? false,
    ctrlKey: held.ctrl ?? false,
    altKey: held.alt ?? false,
    metaKey: held.meta ?? false,
    isComposing: held.composing ?? false,
    getModifierState: (modifier) => modifier === 'AltGraph' && held.altGr === true,
  }
  return shortcutOf(event)
}

/** What the keys J, K, R and E of an English keyboard give */
const LAYOUTS: Record<string, string[]> = {
  English: ['j', 'k', 'r', 'e'],
  'English, Caps Lock': ['J', 'K', 'R', 'E'],
  Russian: ['о', 'л', 'к', 'у'],
  'Russian, Caps Lock': ['О', 'Л', 'К', 'У'],
  Serbian: ['ј', 'к', 'р', 'е'],
  Greek: ['ξ', 'κ', 'ρ', 'ε'],
  Hebrew: ['ח', 'ל', 'ר', 'ק'],
  'Hebrew, Caps Lock': ['J', 'K', 'R', 'E'],
  Arabic: ['ت', 'ن', 'ق', 'ث'],
  Thai: ['่', 'า', 'พ', 'ำ'],
  Hindi: ['र', 'क', 'ी', 'ा'],
  Georgian: ['ჯ', 'კ', 'რ', 'ე'],
  Korean: ['ㅓ', 'ㅏ', 'ㄱ', 'ㄷ'],
  'Japanese kana': ['ま', 'の', 'す', 'い'],
  'full width': ['ｊ', 'ｋ', 'ｒ', 'ｅ'],
  'an input method': ['Process', 'Process', 'Process', 'Process'],
}

describe('a shortcut', () => {
  it.each(Object.entries(LAYOUTS))('is found on a keyboard that gives %s letters', (_name, keys) => {
    const codes = ['KeyJ', 'KeyK', 'KeyR', 'KeyE']
    expect(keys.map((key, i) => press(key, codes[i] ?? ''))).toEqual(['j', 'k', 'r', 'e'])
  })

  it('is the letter that is typed, wherever a Latin layout has it', () => {
    // Dvorak: j, k, r, e lie on C, V, O, D; the keys J, K, R, E give h, t, p and a full stop
    expect(['KeyC', 'KeyV', 'KeyO', 'KeyD'].map((code, i) => press('jkre'[i] ?? '', code))).toEqual([
      'j',
      'k',
      'r',
      'e',
    ])
    expect(press('h', 'KeyJ')).toBe('h')
    expect(press('.', 'KeyE')).toBeNull()
    expect([press('z', 'KeyY'), press('y', 'KeyZ'), press('a', 'KeyQ')]).toEqual(['z', 'y', 'a'])
    expect([press('é', 'Digit2'), press('ñ', 'Semicolon'), press('ı', 'KeyI'), press('µ', 'KeyM')]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it.each([
    ['?', 'Slash', { shift: true }, '?'],
    ['?', 'Minus', { shift: true }, '?'],
    ['?', 'KeyM', { shift: true }, '?'],
    ['?', 'KeyW', { altGr: true }, '?'],
    ['؟', 'Slash', { shift: true }, '?'],
    ['？', 'Slash', { shift: true }, '?'],
    ['ฦ', 'Slash', { shift: true }, '?'],
    ['§', 'Slash', { shift: true }, null],
    ['/', 'Slash', {}, '/'],
    ['/', 'Digit7', { shift: true }, '/'],
    ['/', 'KeyQ', { altGr: true }, '/'],
    ['/', 'KeyQ', { altGr: true, ctrl: true, alt: true }, '/'],
    ['/', 'NumpadDivide', {}, '/'],
    ['ظ', 'Slash', {}, '/'],
    ['ฝ', 'Slash', {}, '/'],
    ['!', 'Slash', {}, null],
    ['-', 'Slash', {}, null],
  ] as const)('%s on %s with %j is %j', (key, code, held, expected) => {
    expect(press(key, code, held)).toBe(expected)
  })

  it('is no letter with Shift, AltGr, or a modifier that the browser uses', () => {
    for (const held of [{ shift: true }, { altGr: true }, { ctrl: true }, { alt: true }, { meta: true }])
      for (const key of ['j', 'J', 'о', 'О', '€', 'Process'])
        expect([key, held, press(key, 'KeyJ', held)]).toEqual([key, held, null])
    expect(press('/', 'Slash', { ctrl: true })).toBeNull()
    expect(press('?', 'Slash', { shift: true, meta: true })).toBeNull()
  })

  it('is nothing while a word is being composed', () => {
    for (const key of ['j', 'ㅓ', 'Process', 'Enter', 'Escape'])
      expect(press(key, 'KeyJ', { composing: true })).toBeNull()
  })

  it('is a key by its name, but not a dead one for what it may become', () => {
    expect(['Enter', 'Escape', 'ArrowDown'].map((key) => press(key, key))).toEqual(['Enter', 'Escape', 'ArrowDown'])
    expect(press('Dead', 'KeyE')).toBe('Dead')
  })
})
