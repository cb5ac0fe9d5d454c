// Writes docs/report.png: a page of linsight report, made of recordings of this repository, as Debian's Chromium shows it.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
/** By the names that they have in the picture. */
const RECORDINGS = {
  'web1.diag.json': 'diagnose/accept-queue-full.diag.json',
  'strace.log': 'strace/zoo.log',
  'busy-client': 'timewait/S-rate20-range1000-t030',
}
const WIDTH = 1200
const MOST_BYTES = 400_000

const folder = mkdtempSync(join(tmpdir(), 'linsight-picture-'))
try {
  const page = join(folder, 'report.html')
  for (const [name, fixture] of Object.entries(RECORDINGS))
    cpSync(join(root, 'fixtures', fixture), join(folder, name), { recursive: true })
  const command = [join(root, 'bin/linsight.cjs'), 'report', ...Object.keys(RECORDINGS), '-o', page]
  execFileSync(process.execPath, command, { cwd: folder, stdio: 'inherit' })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const view = await browser.newPage({
    viewport: { width: WIDTH, height: 900 },
    colorScheme: 'light',
    timezoneId: 'Europe/Berlin',
  })
  await view.goto(pathToFileURL(page).href)
  await view.waitForSelector('html[data-ready]')
  await view.waitForSelector('#time-wait canvas')
  const picture = join(root, 'docs/report.png')
  // Down to where the table of system calls begins.
  const height = await view.$eval('#calls', calls => Math.round(calls.getBoundingClientRect().top + scrollY))
  await view.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } })
  await browser.close()
  const { size } = statSync(picture)
  if (size > MOST_BYTES) throw new Error(`docs/report.png has ${size} bytes, more than ${MOST_BYTES}`)
} finally {
  rmSync(folder, { recursive: true })
}
