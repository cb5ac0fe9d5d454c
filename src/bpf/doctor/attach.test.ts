import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { predictAttach } from './attach.ts'
import { checkMachine } from './check-machine.ts'
import { readBpfMachine } from './machine/read-machine.ts'
import { HIDDEN_NEEDS, LIBBPF_TOOLS } from '../jobs/bcc-tools.ts'
import { openMachine } from './machine/machine-files.ts'
import { fixture } from '../../../test/support/paths.ts'

const FIXTURES = fixture('bpf/')
const checks = checkMachine(readBpfMachine(openMachine(`${FIXTURES}machines/root.json`)))
const rows = readFileSync(`${FIXTURES}libbpf-tools.tsv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => {
    const [release, tool, outcome, sections] = line.split('\t') as [string, string, string, string]
    return { release, tool, outcome, programs: sections.split(' ').map(section => ({ section, name: '' })) }
  })

/** What no section of a binary tells: a field the kernel has no more, a crash, missing arguments. */
const BEYOND_SECTIONS = /^(KERNEL-STRUCT|CRASH|FAIL|ARGS)/
const predictable = rows.filter(row => !BEYOND_SECTIONS.test(row.outcome))

test.each(predictable)('$release $tool: $outcome', ({ tool, outcome, programs }) => {
  expect(predictAttach(programs, ['btf', ...(HIDDEN_NEEDS[tool] ?? [])], checks).attaches).toBe(
    /^(OK|ok-quiet)$/.test(outcome),
  )
})

test('of everything that was run, few outcomes are beyond prediction', () => {
  expect(rows).toHaveLength(205)
  expect(predictable.length).toBeGreaterThan(185)
})

test('a refusal names the section and the check that says no', () => {
  const vfsstat = rows.find(row => row.tool === 'vfsstat')!
  const { attaches, wants, against } = predictAttach(vfsstat.programs, ['btf'], checks)
  expect({ attaches, wants, against: against.map(check => check.code) }).toEqual({
    attaches: false,
    wants: 'kprobe/vfs_create',
    against: ['kprobes'],
  })
})

test('the list of names is complete', () => {
  expect([...new Set(rows.map(row => row.tool))].filter(tool => !LIBBPF_TOOLS.includes(tool))).toEqual([])
})
