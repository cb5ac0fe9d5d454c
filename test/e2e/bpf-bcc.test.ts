import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const BIN = fileURLToPath(new URL('../../bin/linsight.cjs', import.meta.url))

describe('bpf bcc', () => {
  test('--help is ours in front of TOOL', () => {
    const { status, stdout } = spawnSync(process.execPath, [BIN, 'bpf', 'bcc', '--help'], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout.indexOf('EXAMPLES')).toBeLessThan(stdout.indexOf('USAGE'))
    for (const section of ['FIELDS', 'OVERHEAD', 'EXIT CODES']) expect(stdout).toContain(section)
  })

  test.each([[[]], [['--json']], [['--']]])('no TOOL: %j', args => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'bpf', 'bcc', ...args], { encoding: 'utf8' })
    expect(`${stdout}${stderr}`).toContain('no TOOL given')
    expect(status).toBe(2)
  })
})
