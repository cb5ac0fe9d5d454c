import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'

/** Starts mynetstat -c and interrupts it once `rounds` listings have come. */
function interruptAfter(
  rounds: number,
  mark: RegExp,
  args: string[],
): Promise<{ stdout: string; code: number | null; signal: string | null }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [binPath('mynetstat'), '-ntl', '-c', '0.1', ...args])
    let stdout = ''
    let interrupted = false
    child.stdout.on('data', chunk => {
      stdout += String(chunk)
      if (interrupted || (stdout.match(mark) ?? []).length < rounds) return
      // A second signal would end it at once.
      interrupted = child.kill('SIGINT')
    })
    child.on('close', (code, signal) => resolve({ stdout, code, signal }))
  })
}

describe('mynetstat -c', needs('Linux'), () => {
  test('lists again and again until it is interrupted', async () => {
    const { stdout, code } = await interruptAfter(3, /^Active Internet/gm, [])
    expect(stdout.match(/^Active Internet connections \(only servers\)$/gm)!.length).toBeGreaterThanOrEqual(3)
    expect(code).toBe(130)
  })

  test('--json is a stream of documents with a summary at its end', async () => {
    const { stdout } = await interruptAfter(3, /"type":"sockets"/g, ['--json'])
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; rounds?: number })
    expect(lines.slice(0, -1).every(line => line.type === 'sockets')).toBe(true)
    expect(lines.at(-1)).toMatchObject({ type: 'summary', rounds: lines.length - 1 })
  })
})
