import { describe, expect, test } from 'vitest'
import { endOptions, endOptionsOf } from './options-end.ts'

const FLAGS = {
  follow: { type: 'boolean', char: 'f' },
  wall: { type: 'boolean', char: 'w' },
  pid: { type: 'option', char: 'p' },
  sort: { type: 'option', char: 'S' },
  from: { type: 'option' },
  help: { type: 'boolean', char: 'h' },
} as const

describe('options end at the first word that is none', () => {
  test.each([
    ['ls --help', '-- ls --help'],
    ['-f ls -l', '-f -- ls -l'],
    ['-fw ls', '-fw -- ls'],
    ['-S calls ls -h', '-S calls -- ls -h'],
    ['-Scalls ls', '-Scalls -- ls'],
    ['-fS calls ls', '-fS calls -- ls'],
    ['--sort calls ls --json', '--sort calls -- ls --json'],
    ['--sort=calls ls', '--sort=calls -- ls'],
    ['-f -- ls -- x', '-f -- ls -- x'],
    ['--from - ', '--from -'],
    ['-p 1 --help', '-p 1 --help'],
    ['- x', '-- - x'],
    ['--unknown ls', '--unknown -- ls'],
    ['', ''],
  ])('%j', (given, expected) => {
    const words = (text: string) => text.split(' ').filter(word => word !== '')
    expect(endOptions(words(given), FLAGS)).toEqual(words(expected))
  })
})

describe('only for commands that say so', () => {
  const manifest = {
    'trace-syscalls': { takesCommand: 'at-operand', flags: FLAGS },
    'bpf:bcc': { takesCommand: 'at-operand', flags: FLAGS },
    'bpf:run': { takesCommand: 'behind-dashes', flags: FLAGS },
    tables: { flags: FLAGS },
  } as unknown as Parameters<typeof endOptionsOf>[1]

  test.each([
    ['trace-syscalls -p 1 ls -l', undefined, 'trace-syscalls -p 1 -- ls -l'],
    ['-p 1 ls --json', 'trace-syscalls', '-p 1 -- ls --json'],
    ['bpf bcc -S calls opensnoop -p 1', undefined, 'bpf bcc -S calls -- opensnoop -p 1'],
    ['bpf bcc opensnoop --help', undefined, 'bpf bcc -- opensnoop --help'],
    ['bpf run opensnoop --json', undefined, 'bpf run opensnoop --json'],
    ['tables x --json', undefined, 'tables x --json'],
    ['nothing like it', undefined, 'nothing like it'],
    ['bpf', undefined, 'bpf'],
  ])('%s (bin of %s)', (given, only, expected) => {
    expect(endOptionsOf(given.split(' '), manifest, only).join(' ')).toBe(expected)
  })
})
