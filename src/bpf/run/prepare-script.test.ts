import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../../errors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { prepareScript } from './prepare-script.ts'

const folder = temporaryFolder()
const file = join(folder, 'a.bt')
const bpftrace = { path: '/usr/bin/bpftrace', version: '0.17.0', dialect: 'A' } as const

test('the script with its values, the pid of the command, and the clock of linsight behind it', () => {
  writeFileSync(file, 'BEGIN /pid == $CMD_PID/ { print($name); }')
  const { program, header, env } = prepareScript(file, { params: ['name=x'], strlen: 80 })
  expect(program(42).split('\n')[0]).toBe('BEGIN /pid == 42/ { print("x"); }')
  expect(program(undefined).split('\n')).toEqual([
    'BEGIN /pid == 0/ { print("x"); }',
    'interval:ms:50 { print(("linsight-beat", nsecs)); }',
    '',
  ])
  expect(header(bpftrace)).toMatchObject({ script: file, dialect: 'A', stringBytes: 80, ownProbes: 1, filter: {} })
  expect(env).toMatchObject({ BPFTRACE_STRLEN: '80', BPFTRACE_MAX_STRLEN: '80' })
})

test('bytes that are no UTF-8 arrive as they are', () => {
  writeFileSync(file, Buffer.from([0x2f, 0x2f, 0xe9]))
  expect(prepareScript(file, { params: [] }).program(1).startsWith('//\xe9\n')).toBe(true)
})

test.each([
  [join(folder, 'none.bt'), 'input-missing', /there is no script/],
  [folder, 'input-unreadable', /could not be read/],
])('%s', (path, code, message) => {
  expect(() => prepareScript(path, { params: [] })).toThrow(message)
  expect(() => prepareScript(path, { params: [] })).toThrow(InputError)
  expect(() => prepareScript(path, { params: [] })).toThrow(expect.objectContaining({ code }))
})
