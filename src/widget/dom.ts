// The few parts of a view library that the launcher needs.

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? '')
  element.append(...children)
  return element
}

export function svg(name: string, size: number, path: string): SVGSVGElement {
  const make = <K extends keyof SVGElementTagNameMap>(
    tag: K,
    values: Record<string, string>,
  ): SVGElementTagNameMap[K] => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const key in values) element.setAttribute(key, values[key] ?? '')
    return element
  }
  const image = make('svg', {
    class: name,
    width: `${size}`,
    height: `${size}`,
    viewBox: '0 0 24 24',
    'aria-hidden': 'true',
  })
  image.append(make('path', { d: path }))
  return image
}
