// Debian's Chromium, driven by playwright-core.
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Root has no sandbox; a container has little of /dev/shm.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    timeout: 60_000,
  })

export interface OpenedPage {
  page: Page
  /** Everything it asked for. */
  requests: string[]
  /** What the console, dialogs and errors said. */
  said: string[]
}

/** Opens a report, and waits until it shows all. */
export async function openReport(
  browser: Browser,
  file: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options })
  const requests: string[] = []
  const said: string[] = []
  page.on('request', request => requests.push(request.url()))
  page.on('console', message => said.push(message.text()))
  page.on('pageerror', error => said.push(String(error)))
  page.on('dialog', dialog => {
    said.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(pathToFileURL(file).href, { timeout: 60_000 })
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 })
  return { page, requests, said }
}
