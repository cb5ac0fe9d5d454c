import { escapeUnseen } from '../../terminal/escape.ts'
import { count } from './format.ts'

// Elements of the page. Text of a recording only ever becomes textContent, never markup.

export type Child = Node | string | undefined | false
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Longer texts are cut: nobody reads them, and a browser would lay them out for minutes. */
const MOST_CHARACTERS = 2000

export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}… (${count(text.length)} characters)`

/** Text as it may be shown: what cannot be seen, and what turns text around, as escapes (`\u202e`). */
export const visible = (text: string): string => escapeUnseen(cut(text, MOST_CHARACTERS))

function fill<Kind extends Element>(element: Kind, attributes: Attributes, children: readonly Child[]): Kind {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : visible(String(value)))
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

/** What may be wider or higher than its place: scrolled with the keyboard, too, where it is. */
export function scrolled(label: string, kind: string, content: Node): HTMLElement {
  const place = h('div', { class: `wide ${kind}`.trim(), role: 'group', 'aria-label': label }, content)
  new ResizeObserver(() => {
    const isScrolled = place.scrollWidth > place.clientWidth || place.scrollHeight > place.clientHeight
    if (isScrolled) place.tabIndex = 0
    else place.removeAttribute('tabindex')
  }).observe(place)
  return place
}

/** The value of a colour of the style sheet, for what draws by itself. */
export const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Calls `draw` again when the reader changes between light, dark and paper. */
export function onScheme(draw: () => void): void {
  for (const media of ['(prefers-color-scheme: dark)', 'print']) matchMedia(media).addEventListener('change', draw)
}
