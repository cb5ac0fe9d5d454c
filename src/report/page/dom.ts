// Elements of the page. Text of a recording only ever becomes textContent, never markup.

type Child = Node | string | undefined | false
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Control characters, and what turns text around, as escapes: `\u202e`. */
export const visible = (text: string): string =>
  text.replaceAll(
    /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function fill<Kind extends Element>(element: Kind, attributes: Attributes, children: readonly Child[]): Kind {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  for (const child of children)
    if (typeof child === 'string') element.append(visible(child))
    else if (child) element.append(child)
  return element
}

/** An HTML element. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), attributes, children)
}

/** An SVG element. */
export function s<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

/** A part of the page with a heading, which the navigation leads to. */
export function section(id: string, title: string, note: Child, ...children: Child[]): HTMLElement {
  const heading = h('h2', { id: `${id}-title` }, title)
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    h('div', { class: 'heading' }, heading, note && h('p', { class: 'note' }, note)),
    ...children,
  )
}

/** The value of a colour of the style sheet, for what draws by itself. */
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Calls `draw` again when the reader changes between light and dark. */
export function onScheme(draw: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
}
