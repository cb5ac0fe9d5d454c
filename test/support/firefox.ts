// Debian's Firefox, driven by its own protocol (Marionette): lines of JSON over a socket, so that no package is needed.
// Source: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { vi } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }

type Answer = [type: 1, id: number, error: { error: string; message: string } | null, result: { value: unknown }]

export interface Firefox {
  /** Opens a report, and waits until it shows all. */
  open(file: string): Promise<void>
  /** What a script of the page returns. */
  run<Value>(script: string): Promise<Value>
  /** What its console said of files since it was opened. */
  said(): Promise<string[]>
  close(): Promise<void>
}

export async function launchFirefox(): Promise<Firefox> {
  const profile = temporaryFolder()
  writeFileSync(join(profile, 'user.js'), 'user_pref("marionette.port", 0);\n')
  const child = spawn(
    'firefox-esr',
    ['--headless', '--marionette', '-remote-allow-system-access', '--no-remote', '--profile', profile],
    { stdio: 'ignore' },
  )
  const port = await vi.waitFor(() => {
    const text = readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')
    if (text === '') throw new Error('the port is not written yet')
    return Number(text)
  }, PATIENCE)
  const socket = connect(port, '127.0.0.1')
  const waiting = new Map<number, { resolve: (result: { value: unknown }) => void; reject: (error: Error) => void }>()
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      // `LENGTH:JSON`
      const colon = received.indexOf(':')
      const end = colon + 1 + Number(received.toString('latin1', 0, Math.max(0, colon)))
      if (colon < 0 || received.length < end) return
      const message = JSON.parse(received.toString('utf8', colon + 1, end)) as Answer
      received = received.subarray(end)
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message
      if (error === null) waiting.get(id)?.resolve(result)
      else waiting.get(id)?.reject(new Error(`${error.error}: ${error.message}`))
      waiting.delete(id)
    }
  })
  let last = 0
  const send = (name: string, parameters: object = {}) =>
    new Promise<{ value: unknown }>((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      const text = JSON.stringify([0, last, name, parameters])
      socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
  const run = async <Value>(script: string) =>
    (await send('WebDriver:ExecuteScript', { script, args: [] })).value as Value
  /** In the browser itself, not in the page. */
  const inside = async <Value>(script: string): Promise<Value> => {
    await send('Marionette:SetContext', { value: 'chrome' })
    const value = await run<Value>(script)
    await send('Marionette:SetContext', { value: 'content' })
    return value
  }
  await send('WebDriver:NewSession', { capabilities: {} })

  return {
    run,
    async open(file) {
      await inside('Services.console.reset()')
      await send('WebDriver:Navigate', { url: pathToFileURL(file).href })
      await vi.waitFor(async () => {
        if (!(await run<boolean>('return document.documentElement.dataset.ready !== undefined')))
          throw new Error(`${file} is not shown yet`)
      }, PATIENCE)
    },
    said: () => inside("return Services.console.getMessageArray().map(String).filter(text => text.includes('file:'))"),
    async close() {
      const ended = once(child, 'exit')
      await send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => child.kill())
      socket.destroy()
      await ended
    },
  }
}
