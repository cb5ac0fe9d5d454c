// What mynetstat and tw-stats tell of a recording with five network namespaces: fixtures/README.md says which.
import { describe, expect, test } from 'vitest'
import { fixture } from '../support/paths.ts'
import { runBin } from '../support/run.ts'

const FROM = ['--from', fixture('namespaces.snap.json')]
const NODE = '3f2a9c01d5e7b86440c1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7'

interface Answer {
  sockets: { localPort: number; netns: object; owners: { program: string; namespacePids: number[] }[] }[]
  namespaces: { label: string; kind: string; container?: string; sockets: number }[]
  warnings: object[]
}

const json = (...args: string[]): Answer => {
  const { status, stdout, stderr } = runBin('mynetstat', [...args, '--json', ...FROM])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Answer
}

describe('mynetstat', () => {
  test('--all-netns: a port that two containers have, each with its owner', () => {
    const { sockets, namespaces, warnings } = json('--all-netns', '-ntl', ':8080')
    expect(sockets.map(({ owners, netns }) => [owners[0]!.program, owners[0]!.namespacePids[1], netns])).toEqual([
      ['node', 1, expect.objectContaining({ label: 'container 3f2a9c01d5e7', kind: 'container', container: NODE })],
      ['nginx', 1, expect.objectContaining({ label: 'container 91be04aa7c3d', kind: 'container' })],
    ])
    expect(namespaces.map(({ label, kind, sockets }) => [label, kind, sockets])).toEqual([
      ['first network namespace', 'first', 0],
      ['blue', 'name', 0],
      ['spare', 'name', 0],
      ['container 3f2a9c01d5e7', 'container', 1],
      ['container 91be04aa7c3d', 'container', 1],
    ])
    expect(warnings).toEqual([])
  })

  test.each([
    ['a name', 'blue', [53, 53]],
    ['the beginning of a container id', '3f2a', [8080]],
    ['a whole container id', NODE, [8080]],
    ['a pid', '19', [80, 8080]],
    ['a program', 'unbound', [53, 53]],
    ['its own', '1', [22]],
    ['without a process', 'spare', []],
  ])('--netns: %s', (_, word, ports) => {
    const { sockets, namespaces } = json('--netns', word, '-ntlu')
    expect(sockets.map(({ localPort }) => localPort)).toEqual(ports)
    expect(namespaces).toHaveLength(1)
  })

  test('--health of one of them', () => {
    const { status, stdout, stderr } = runBin('mynetstat', ['--health', '--netns', '91be', ...FROM])
    expect(stderr).toMatch(/^mynetstat: container 91be04aa7c3d, nginx \(pid 19, 1 inside\), net:\[\d+\]\n/)
    expect(stdout).toContain('among 2 TCP and UDP sockets of')
    expect(status).toBe(0)
  })

  test('--compat in one of them', () => {
    const { status, stdout } = runBin('mynetstat', ['--compat', '--netns', 'blue', '-ntl', ...FROM])
    expect(status).toBe(0)
    expect(stdout).toContain('tcp        0      0 127.0.0.1:53 ')
  })

  test.each([
    [['--netns', 'bleu'], 2, /there is no network namespace bleu here\n {2}did you mean blue\?\n$/],
    [['--netns', ''], 2, /no network namespace without a name/],
    [['--all-netns', '--netns', 'blue'], 2, /--all-netns and --netns do not go together/],
    [['--all-netns', '--compat'], 2, /--all-netns and --compat do not go together/],
  ])('%j is wrong usage', (args, status, message) => {
    const run = runBin('mynetstat', [...args, ...FROM])
    expect(run).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) as string })
  })

  test.each([40, 80, 120])('sections fit %i columns', columns => {
    const { stdout } = runBin('mynetstat', ['--all-netns', '-ntlp', ...FROM], { env: { COLUMNS: String(columns) } })
    expect(stdout.split('\n').filter(line => line.startsWith('== ')).length).toBe(4)
  })
})

test('tw-stats: one of them, which is said', () => {
  const { status, stdout, stderr } = runBin('tw-stats', ['--netns', '91be', ...FROM])
  expect(status).toBe(0)
  expect(stderr).toContain('container 91be04aa7c3d, nginx (pid 19, 1 inside), net:[')
  expect(stdout).toContain('nothing is in TIME_WAIT')
})

test('tw-stats: all of them', () => {
  const { status, stdout } = runBin('tw-stats', ['--all-netns', ...FROM])
  expect({ status, stdout }).toEqual({ status: 0, stdout: '5 network namespaces without TIME_WAIT\n' })
})
