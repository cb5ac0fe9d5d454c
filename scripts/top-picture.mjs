// Writes docs/top.svg: a real screen of linsight top, over programs that send at steady rates in a network namespace
// of their own. Needs root, unshare, nsenter, python3 and tmux; the package must be built.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const USAGE = `usage: node scripts/top-picture.mjs [FILE]

Writes FILE, docs/top.svg unless told otherwise.
`

const root = fileURLToPath(new URL('..', import.meta.url))
const WIDTH = 104
const HEIGHT = 17
const LOOKS_MS = 20_000

const LOADS = [
  { name: '/usr/sbin/nginx', rates: [3_400_000, 850_000, 120_000], idle: 22, short: 25, wave: 9, lo: true },
  { name: '/usr/lib/postgresql/15/bin/postgres', rates: [640_000, 64_000], idle: 9, unread: 48_000, wave: 5 },
  { name: '/opt/orders/orders-api', rates: [210_000, 9000], idle: 4, waiting: 9 },
  { name: '/usr/bin/redis-server', rates: [31_000], idle: 6 },
  { name: '/usr/bin/prometheus', rates: [2600] },
]

/** Starts a program that says with one line of JSON that it is ready, and ends with its stdin. */
async function start(inside, load) {
  const program = join(root, 'fixtures/programs/steady-traffic.py')
  const [command, ...args] = [...inside, '/usr/bin/python3', program, JSON.stringify(load)]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, pid: JSON.parse(line).pid }
}

async function screenOf(pid) {
  const folder = mkdtempSync(join(tmpdir(), 'linsight-picture-'))
  const socket = join(folder, 'socket')
  const tmux = (...args) => execFileSync('tmux', ['-f', '/dev/null', '-S', socket, ...args], { encoding: 'utf8' })
  try {
    const top = `unshare --uts sh -c 'hostname web1; exec nsenter -t ${pid} -n ${process.execPath} ${root}bin/linsight.cjs top'`
    tmux('new-session', '-d', '-x', `${WIDTH}`, '-y', `${HEIGHT}`, '-e', 'LC_ALL=C.UTF-8', '-e', 'TZ=UTC', top)
    await sleep(LOOKS_MS)
    return tmux('capture-pane', '-p', '-e').split('\n').slice(0, HEIGHT)
  } finally {
    tmux('kill-server')
    rmSync(folder, { recursive: true, force: true })
  }
}

const CELL = { width: 8.4, height: 19 }
const PADDING = 14
const INK = '#d8dee9'
const PAPER = '#1b1f27'
const COLORS = { 31: '#ef6b73', 32: '#8fc97f', 33: '#e5c07b', 36: '#6cc3d5' }

/** How what comes next looks: it goes on from line to line. */
let style = {}

/** Runs of one line that look alike, each with its place. */
function runsOf(line) {
  const runs = []
  let column = 0
  // oxlint-disable-next-line no-control-regex
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (text !== undefined) {
      runs.push({ ...style, text, column })
      column += Array.from(text).length
      continue
    }
    for (const code of (codes || '0').split(';').map(Number)) {
      if (code === 0) style = {}
      else if (code === 1) style = { ...style, bold: true }
      else if (code === 2) style = { ...style, dim: true }
      else if (code === 4) style = { ...style, underline: true }
      else if (code === 24) style = { ...style, underline: false }
      else if (code === 7) style = { ...style, inverse: true }
      else if (code === 22) style = { ...style, bold: false, dim: false }
      else if (code === 27) style = { ...style, inverse: false }
      else if (code === 39) style = { ...style, color: undefined }
      else if (code in COLORS) style = { ...style, color: COLORS[code] }
    }
  }
  return runs
}

const xml = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const px = value => Number(value.toFixed(1))

function svgOf(lines) {
  const width = px(WIDTH * CELL.width + 2 * PADDING)
  const height = px(lines.length * CELL.height + 2 * PADDING)
  const parts = lines.flatMap((line, row) =>
    runsOf(line).flatMap(({ text, column, color, bold, dim, inverse, underline }) => {
      const y = px(PADDING + row * CELL.height)
      const at = cells => px(PADDING + (column + cells) * CELL.width)
      const wide = cells => px(cells * CELL.width)
      const ink = inverse ? PAPER : (color ?? INK)
      const look = `${bold ? ' font-weight="bold"' : ''}${dim && !inverse ? ' opacity="0.6"' : ''}`
      const back = `<rect x="${at(0)}" y="${y}" width="${wide(Array.from(text).length)}" height="${CELL.height}" fill="${color ?? INK}"/>`
      // Each word at its place: blanks are not kept everywhere, and fonts differ.
      const words = [...text.matchAll(/\S+/g)].map(([word]) => word)
      let from = 0
      const placed = words.map(word => {
        from = text.indexOf(word, from)
        const cells = Array.from(text.slice(0, from)).length
        from += word.length
        const length = Array.from(word).length
        return `<text x="${at(cells)}" y="${px(y + 14)}" textLength="${wide(length)}" lengthAdjust="spacingAndGlyphs" fill="${ink}"${look}>${xml(word)}</text>`
      })
      const line = back
        .replace(`y="${y}"`, `y="${px(y + CELL.height - 2)}"`)
        .replace(`height="${CELL.height}"`, 'height="1"')
      return [...(inverse ? [back] : []), ...placed, ...(underline ? [line] : [])]
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="a screen of linsight top">
<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
${parts.join('\n')}
</g>
</svg>
`
}

const words = process.argv.slice(2)
if (words.length > 1 || words[0]?.startsWith('-')) {
  process.stderr.write(USAGE)
  process.exit(2)
}
const file = words[0] ?? join(root, 'docs/top.svg')
const children = []
try {
  const [first, ...others] = LOADS
  children.push(await start(['unshare', '--net'], first))
  for (const load of others) children.push(await start(['nsenter', '-t', `${children[0].pid}`, '-n'], load))
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, svgOf(await screenOf(children[0].pid)))
} finally {
  for (const { child } of children.toReversed()) child.stdin.end()
}
