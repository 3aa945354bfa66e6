// What is said of a file below its name.

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte']

/** As people read it, such as `1.2 MB` */
export function sizeIn(locale: string, bytes: number): string {
  let [size, unit] = [bytes, 0]
  for (; size >= 999.5 && unit < UNITS.length - 1; unit++) size /= 1000
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[unit],
    // In short, bytes have no plural
    unitDisplay: unit ? 'short' : 'long',
    maximumFractionDigits: size < 10 ? 1 : 0,
  } as Intl.NumberFormatOptions).format(size)
}

/** `PDF · 1.2 MB`. The word is the end of the name: what people call the kind of a file */
export function factsOf(locale: string, { name, size }: { name: string; size: number }): string {
  const ending = /[^.]\.(\w{1,5})$/.exec(name)?.[1]
  return [...(ending ? [ending.toUpperCase()] : []), sizeIn(locale, size)].join(' · ')
}
