import { describe, expect, test } from 'vitest'
import { parseSysctlText } from './sysctl-text.ts'

describe('parseSysctlText', () => {
  test('the forms of sysctl(8) and sysctl.conf(5)', () => {
    const text = '# comment\n; other\nnet.ipv4.a = 1\n-net/ipv4/b=2\nnet.ipv4.a = 3\nnonsense\nnet.ipv4.empty = \n'
    expect([...parseSysctlText(Buffer.from(text))]).toEqual([
      ['net.ipv4.a', '3'],
      ['net.ipv4.b', '2'],
      ['net.ipv4.empty', ''],
    ])
  })
})
