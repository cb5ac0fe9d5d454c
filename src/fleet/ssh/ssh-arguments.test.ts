import { describe, expect, test } from 'vitest'
import { sharesConnections, sshArguments } from './ssh-arguments.ts'

describe('arguments', () => {
  test('the name stands behind the dashes, and the command is constant', () => {
    const words = sshArguments('web1', { connectSeconds: 10 })
    expect(words.slice(-3)).toEqual(['--', 'web1', 'exec sh -s'])
    expect(words).toContain('BatchMode=yes')
    expect(words.join(' ')).not.toMatch(/StrictHostKeyChecking|ControlPath|-F/)
  })

  test('what is asked for', () => {
    const words = sshArguments('web1', { connectSeconds: 3, config: '/x', controlPath: '/run/%C', become: true })
    expect(words.slice(0, 2)).toEqual(['-F', '/x'])
    expect(words).toEqual(expect.arrayContaining(['ConnectTimeout=3', 'ControlMaster=auto', 'ControlPath=/run/%C']))
    expect(words.at(-1)).toBe('exec sudo -n sh -s')
  })
})

test.each([
  ['user root\ncontrolpath /run/x\n', true],
  ['user root\ncontrolpath none\n', false],
  ['user root\n', false],
  ['', false],
])('the configuration %j', (text, shares) => {
  expect(sharesConnections(text)).toBe(shares)
})
