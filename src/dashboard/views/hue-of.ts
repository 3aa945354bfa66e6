/** A hue (degrees, as in OKLCH) for a word. Words that differ in one letter get hues far apart */
export function hueOf(word: string): number {
  let hash = 0x81_1c_9d_c5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01_00_01_93)
  // The lower bits of such a hash mix worst
  return ((hash ^ (hash >>> 15)) >>> 0) % 360
}
