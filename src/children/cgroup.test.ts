import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { MachineError, UsageError } from '../errors.ts'
import { cgroupId, containerCgroup, readCgroups } from './cgroup.ts'

const folder = temporaryFolder()

function group(path: string, procs?: string): string {
  const made = join(folder, path)
  mkdirSync(made, { recursive: true })
  writeFileSync(join(made, 'cgroup.controllers'), 'cpu\n')
  if (procs !== undefined) writeFileSync(join(made, 'cgroup.procs'), procs)
  return made
}

test('a group and all below it, each with its id and its own processes', () => {
  const top = group('top', '7\n8\n')
  const below = group('top/below', '9\n')
  // A threaded group refuses to list its processes.
  const threaded = group('top/below/threaded')
  expect(readCgroups(top)).toEqual([
    { id: statSync(top).ino, pids: [7, 8] },
    { id: statSync(below).ino, pids: [9] },
    { id: statSync(threaded).ino, pids: [] },
  ])
  expect(cgroupId(below)).toBe(String(statSync(below).ino))
})

test('a folder that is no group, and no id of a container', () => {
  expect(() => readCgroups(folder)).toThrow(MachineError)
  expect(() => readCgroups(folder)).toThrow(/no folder of a cgroup v2 tree/)
  for (const id of ['abc', 'not-an-id', 'ABCDEF0']) expect(() => containerCgroup(id)).toThrow(UsageError)
})
