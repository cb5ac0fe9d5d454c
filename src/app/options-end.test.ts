import { describe, expect, test } from 'vitest'
import { endOptions } from './options-end.ts'

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
