// Writes docs/report.png: a page of linsight report, made of recordings of this repository, as Debian's Chromium shows it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const RECORDINGS = ['diagnose/accept-queue-full.diag.json', 'strace/zoo.log', 'timewait/S-rate20-range1000-t030']
const WIDTH = 1200
/** Down to where the table of system calls begins. */
const HEIGHT = 1980
const MOST_BYTES = 300_000

const folder = mkdtempSync(join(tmpdir(), 'linsight-picture-'))
try {
  const page = join(folder, 'report.html')
  const files = RECORDINGS.map(name => `fixtures/${name}`)
  execFileSync(process.execPath, ['bin/linsight.cjs', 'report', ...files, '-o', page], { cwd: root, stdio: 'inherit' })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const view = await browser.newPage({
    viewport: { width: WIDTH, height: HEIGHT },
    colorScheme: 'light',
    timezoneId: 'Europe/Berlin',
  })
  await view.goto(pathToFileURL(page).href)
  await view.waitForSelector('html[data-ready]')
  await view.waitForSelector('#time-wait canvas')
  const picture = join(root, 'docs/report.png')
  await view.screenshot({ path: picture })
  await browser.close()
  const { size } = statSync(picture)
  if (size > MOST_BYTES) throw new Error(`docs/report.png has ${size} bytes, more than ${MOST_BYTES}`)
} finally {
  rmSync(folder, { recursive: true })
}
