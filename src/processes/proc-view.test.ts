import { describe, expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { readProcView } from './proc-view.ts'

const viewOf = (capEff: string, { uid = '1000', mount = 'rw', pidNamespace = 'pid:[4026531836]' } = {}) =>
  readProcView(
    procOf({
      files: {
        'self/status': `Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${capEff}\n`,
        'self/mountinfo': `24 1 0:22 / /proc rw,relatime - proc proc ${mount}\n`,
      },
      links: { 'self/ns/pid': pidNamespace },
    }),
  )

const PTRACE = '0000000000080000'
const BOTH = '0000000000080004'

describe('what the mount of /proc and the rights hide', () => {
  test.each([
    ['nothing', BOTH, false],
    ['with CAP_SYS_PTRACE hidepid does not apply', PTRACE, false],
    ['CAP_DAC_READ_SEARCH alone does not help', '0000000000000004', true],
  ])('hidepid: %s', (_, capEff, hidepid) =>
    expect(viewOf(capEff, { mount: 'rw,hidepid=2' })).toMatchObject({ hidepid }),
  )

  test('both capabilities are needed', () => {
    expect([BOTH, PTRACE, '0'].map(capEff => viewOf(capEff).isCapable)).toEqual([true, false, false])
  })

  test('root and pid namespaces', () => {
    expect(viewOf('0', { uid: '0' })).toMatchObject({ isRoot: true, inPidNamespace: false })
    expect(viewOf('0', { pidNamespace: 'pid:[4026532000]' })).toMatchObject({ isRoot: false, inPidNamespace: true })
  })

  test('nothing readable: nothing is claimed', () => {
    expect(readProcView(procOf({}))).toEqual({
      hidepid: false,
      inPidNamespace: false,
      isCapable: false,
      isRoot: false,
    })
  })
})
