import { expect, test } from 'vitest'
import { procOf } from '../../../../test/support/fake-proc.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import { findReplacedExecutables } from './replaced-executables.ts'

const process = (pid: number, isKernelThread = false): ObservedProcess => ({
  pid,
  startTicks: 1,
  comm: 'app',
  parentPid: 1,
  nice: 0,
  isKernelThread,
})

test('where the way to a program leads through a filesystem that may not answer, that is said and nothing asked', () => {
  const mounts = '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:2 / /net rw - nfs host:/ rw\n'
  const links = { '7/exe': '/net/bin/app (deleted)', '8/exe': '/net/bin/app', '9/exe': '/no/such/file (deleted)' }
  const source = {
    ...procOf({ files: { 'self/mountinfo': mounts, '7/mountinfo': mounts, '9/mountinfo': mounts }, links }),
    isSameFile: (link: string) => {
      expect(link).not.toBe('7/exe')
      return false
    },
  }
  const processes = [process(7), process(8), process(9), process(10, true)]
  expect(findReplacedExecutables(source, processes)).toEqual([
    {
      what: 'whether 1 program that is deleted has been replaced',
      why: 'the filesystem may not answer',
      causes: ['deleted-executable'],
    },
  ])
  expect(processes.map(({ replacedExecutable }) => replacedExecutable)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
