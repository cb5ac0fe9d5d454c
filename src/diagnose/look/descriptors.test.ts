import { expect, test } from 'vitest'
import { emptyEntries, recordedProc } from '../../proc/recorded-proc.ts'
import { descriptorFacts, descriptorLimit, lookAtDescriptors, refusedDescriptors } from './descriptors.ts'

function machine(files: Record<string, string>, links: Record<string, string>) {
  const entries = emptyEntries()
  for (const [path, text] of Object.entries(files)) entries.files.set(path, Buffer.from(text))
  for (const [path, target] of Object.entries(links)) entries.links.set(path, target)
  return recordedProc('snapshot', 'test', {}, entries)
}

const nothing = {
  sockets: new Set<string>(),
  pipes: new Set<string>(),
  local: new Map(),
  kindsOf: new Set<number>(),
  locks: new Set<string>(),
}

test('position, flags in octal and the mount of a descriptor', () => {
  const source = machine({ '7/fdinfo/3': 'pos:\t12\nflags:\t0102001\nmnt_id:\t29\nino:\t5\n' }, {})
  expect(descriptorFacts(source, 7, 3)).toEqual({ position: 12, flags: 0o102001, mount: 29 })
  expect(descriptorFacts(source, 7, 4)).toBeUndefined()
})

test('the soft limit, which may have none', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units\nMax open files            256                  4096                 files\n'
  expect(descriptorLimit(machine({ '7/limits': limits }, {}), 7)).toBe(256)
  expect(descriptorLimit(machine({ '7/limits': limits.replace('256      ', 'unlimited') }, {}), 7)).toBeUndefined()
})

test('sockets and the reading ends of pipes that were asked for; others are not kept', () => {
  const source = machine(
    { '7/fdinfo/1': 'flags:\t01\n', '8/fdinfo/0': 'flags:\t00\n' },
    {
      '7/fd/1': 'pipe:[50]',
      '7/fd/4': 'socket:[9]',
      '8/fd/0': 'pipe:[50]',
      '8/fd/5': 'socket:[10]',
      '8/fd/6': '/dev/fuse',
    },
  )
  const look = lookAtDescriptors(source, { ...nothing, sockets: new Set(['9']), pipes: new Set(['50']) })
  expect(look.sockets).toEqual({ 9: [{ pid: 7, fd: 4 }] })
  expect(look.pipeReaders).toEqual({ 50: [{ pid: 8, fd: 0 }] })
  expect(look.fuseDaemons).toEqual([{ pid: 8, fd: 6 }])
})

test('who holds a lock that was inherited, and where most descriptors lead', () => {
  const source = machine(
    { '7/fdinfo/3': 'pos:\t0\nflags:\t02\nlock:\t1: FLOCK  ADVISORY  WRITE 99 08:01:5 0 EOF\n' },
    { '7/fd/3': '/run/x.lock', '7/fd/4': 'socket:[1]', '7/fd/5': 'socket:[2]' },
  )
  const look = lookAtDescriptors(source, { ...nothing, locks: new Set(['08:01:5']), kindsOf: new Set([7]) })
  expect(look.lockHolders).toEqual({ '08:01:5': [{ pid: 7, fd: 3 }] })
  expect(look.kinds.get(7)).toEqual([
    ['socket', 2],
    ['/run/x.lock', 1],
  ])
})

test('processes that let nobody look are counted, with what cannot be told without them', () => {
  const [only, ...others] = refusedDescriptors({ EACCES: 4, EPERM: 1 }, 1000)
  expect(others).toEqual([])
  expect(only).toMatchObject({
    what: 'the descriptors of 5 processes',
    why: 'EACCES, EPERM',
    hint: 'run it as root (sudo)',
  })
  expect(only!.causes).toContain('deleted-file-space')
  expect(only!.causes).not.toContain('accept-queue-full')
})

test('nothing is said where all could be read', () => expect(refusedDescriptors({}, 1000)).toEqual([]))

test('root is not told to become root', () => {
  expect(refusedDescriptors({ EACCES: 1 }, 0)[0]!.hint).toBeUndefined()
})
