// The host's colour as it can be seen on a mail's light and dark ground (contrast as in WCAG 2.2).
type Rgb = readonly [number, number, number]

export interface Accent {
  color: string
  /** Of text on it */
  label: string
}

/** Of the card that the button lies on, in dark mode */
export const DARK_CARD = '#212127'
const WHITE = '#ffffff'
const INK = '#16161a'
/** Of the button against the dark card: text has to have it, and the button is found by it */
const ENOUGH = 4.5

export const accents = (color: string): { light: Accent; dark: Accent } => ({
  light: labelled(color),
  dark: labelled(lightened(color)),
})

const labelled = (color: string): Accent => ({
  color,
  label: contrast(WHITE, color) >= Math.min(ENOUGH, contrast(INK, color)) ? WHITE : INK,
})

/** As it is where the dark card shows it, otherwise with as much white in it as that takes */
function lightened(color: string): string {
  const from = rgb(color)
  for (let white = 0; white < 1; white += 0.05) {
    const mixed = hex(from.map((channel) => channel + (255 - channel) * white) as [number, number, number])
    if (contrast(mixed, DARK_CARD) >= ENOUGH) return mixed
  }
  return WHITE
}

const rgb = (color: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as [number, number, number]

const hex = (channels: Rgb): string => `#${channels.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
