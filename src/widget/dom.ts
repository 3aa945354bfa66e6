// The few parts of a view library that the launcher needs.

function fill<E extends Element>(element: E, attributes: Record<string, string>, children: (Node | string)[]): E {
  for (const name in attributes) element.setAttribute(name, attributes[name] as string)
  element.append(...children)
  return element
}

export const el = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => fill(document.createElement(tag), attributes, children)

const shape = <K extends keyof SVGElementTagNameMap>(tag: K): SVGElementTagNameMap[K] =>
  document.createElementNS('http://www.w3.org/2000/svg', tag)

export const svg = (name: string, size: string, path: string): SVGSVGElement =>
  fill(shape('svg'), { class: name, width: size, viewBox: '0 0 24 24' }, [fill(shape('path'), { d: path }, [])])
