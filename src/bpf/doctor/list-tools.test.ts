import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { machineContext } from './machine-context.ts'
import { readBpfMachine } from './machine/read-machine.ts'
import { jobFor, judgeTool, listAll } from './list-tools.ts'
import { chooseTool, toolCall } from '../tools/run-tool.ts'
import { NEAREST_JOB } from '../jobs/bcc-tools.ts'
import { JOBS } from '../jobs/catalog.ts'
import { openMachine } from './machine/machine-files.ts'
import { fixture } from '../../../test/support/paths.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

const MACHINES = fixture('bpf/machines/')
const recorded = (file: string) => machineContext(`${MACHINES}${file}.json`)
const jobsOf = (file: string) => listAll(recorded(file)).filter(entry => entry.kind === 'job')

describe('the list on recorded machines', () => {
  test('root: every job works by its own program', () => {
    const jobs = jobsOf('root')
    expect(jobs.map(job => job.name)).toEqual(JOBS.map(job => job.name))
    expect(jobs.every(job => job.works === 'yes')).toBe(true)
  })

  test.each([
    ['not-root', /^user 65534 is not root/],
    ['user-namespace', /^this is a user namespace of its own/],
    ['root-without-capabilities', /^CAP_BPF, CAP_PERFMON missing/],
  ])('%s: nothing works, and each line says why', (file, reason) => {
    for (const job of jobsOf(file)) {
      expect(job.backends[0]).toMatchObject({ family: 'own', works: 'no' })
      expect(job.reason ?? '', job.name).toMatch(job.works === 'no' ? reason : /./)
    }
  })

  test('no-tracefs: what samples or probes programs still works', () => {
    const works = jobsOf('no-tracefs')
      .filter(job => job.backends[0]!.works === 'yes')
      .map(job => job.name)
    expect(works).toContain('profile')
    expect(works).toContain('bashreadline')
    expect(works).not.toContain('execsnoop')
  })

  test('no-bpftrace: a recording does not hold the other tools, so they are unknown', () => {
    const exec = jobsOf('no-bpftrace').find(job => job.name === 'execsnoop')!
    expect(exec.backends[0]).toMatchObject({ works: 'no', because: 'bpftrace', remedy: 'apt-get install bpftrace' })
    expect(exec.works).toBe('unknown')
  })
})

test('every tool that has no job of its own name leads to a job there is', () => {
  for (const job of Object.values(NEAREST_JOB)) expect(JOBS.map(({ name }) => name)).toContain(job)
  expect(jobFor('sigsnoop')).toBe('killsnoop')
  expect(jobFor('tcptop')).toBe('tcplife')
  expect(jobFor('nothing-like-it')).toBeUndefined()
})

describe('tools on disk', () => {
  const root = temporaryFolder()
  for (const folder of ['proc', 'usr/sbin', 'usr/share/bcc/tools', 'usr/share/bpftrace/tools'])
    mkdirSync(join(root, folder), { recursive: true })
  const put = (path: string, text: string) => writeFileSync(join(root, path), text)
  put('usr/sbin/tcptop-bpfcc', 'b = BPF(text=t)\nb.attach_kprobe(event="tcp_sendmsg")\n')
  put('usr/sbin/tplist-bpfcc', 'print(open("/sys/kernel/tracing/available_events"))\n')
  put('usr/sbin/javacalls-bpfcc', '#!/bin/bash\n. ucalls -l java "$@"\n')
  put('usr/share/bcc/tools/syncsnoop', 'b = BPF(text="""TRACEPOINT_PROBE(syscalls, sys_enter_sync)""")\n')
  put('usr/share/bpftrace/tools/vfscount.bt', '#!/usr/bin/bpftrace\nkprobe:vfs_*\n{ @ = count(); }\n')
  put(
    'usr/share/bpftrace/tools/setuids.bt',
    'tracepoint:syscalls:sys_enter_setuid,\ntracepoint:syscalls:sys_enter_setresuid\n{ @ = 1; }\n',
  )
  // A program of that name that is no tracer.
  put('usr/sbin/profile', '\x7fELF something else')
  const files = openMachine(root)
  const machine = readBpfMachine(files)
  const { checks } = recorded('root')

  test('are found under every name they go by', () => {
    expect(machine.programs.tools.map(({ name, family }) => `${family} ${name}`).toSorted()).toEqual([
      'bcc javacalls',
      'bcc syncsnoop',
      'bcc tcptop',
      'bcc tplist',
      'bpftrace setuids',
      'bpftrace vfscount',
      'libbpf profile',
    ])
  })

  test.each([
    ['tcptop', 'bcc', 'no', 'headers'],
    ['tplist', 'bcc', 'yes', undefined],
    ['javacalls', 'bcc', 'no', 'headers'],
    ['syncsnoop', 'bcc', 'no', 'headers'],
    ['vfscount', 'bpftrace', 'no', 'kprobes'],
    ['setuids', 'bpftrace', 'yes', undefined],
  ])('%s (%s): %s', (name, family, works, because) => {
    const tool = machine.programs.tools.find(candidate => candidate.name === name)!
    expect(judgeTool(files, tool, checks)).toMatchObject({ family, works })
    expect(judgeTool(files, tool, checks)!.because).toBe(because)
  })

  test('a program that only has the name of a tool is none', () => {
    const tool = machine.programs.tools.find(candidate => candidate.name === 'profile')!
    expect(judgeTool(files, tool, checks)).toBeUndefined()
    expect(() => chooseTool({ files, machine, checks }, 'profile')).toThrow(
      'there is no libbpf-tool, BCC tool or bpftrace script called profile',
    )
  })

  test.each(['tcptop', 'tcptop-bpfcc'])('chosen by %s', name => {
    expect(chooseTool({ files, machine, checks }, name)).toMatchObject({ path: '/usr/sbin/tcptop-bpfcc' })
  })

  test.each(['../usr/sbin/tcptop', '/usr/sbin/tcptop-bpfcc', '', 'tcptop-libbpf', '-c'])('not chosen by %j', name => {
    expect(() => chooseTool({ files, machine, checks }, name)).toThrow('there is no')
  })

  test('started so that rows come one by one', () => {
    const { machine: full } = recorded('root')
    expect(toolCall({ name: 'x', family: 'libbpf', path: '/usr/sbin/x' }, ['-T', '-p', '1; id'], full)).toEqual({
      file: '/usr/bin/stdbuf',
      args: ['-oL', '/usr/sbin/x', '-T', '-p', '1; id'],
    })
    expect(toolCall({ name: 'x', family: 'bcc', path: '/usr/sbin/x-bpfcc' }, ['1'], full)).toMatchObject({
      file: '/usr/sbin/x-bpfcc',
      args: ['1'],
    })
    expect(toolCall({ name: 'x', family: 'bpftrace', path: '/x.bt' }, ['1'], full)).toMatchObject({
      file: '/usr/bin/bpftrace',
      args: ['/x.bt', '1'],
    })
  })

  test.each([['-c', 'id'], ['--unsafe'], ['x', '-c', 'id'], ['-']])(
    'a bpftrace script gets no options: %j',
    (...args) => {
      const { machine: full } = recorded('root')
      expect(() => toolCall({ name: 'x', family: 'bpftrace', path: '/x.bt' }, args, full)).toThrow('takes no options')
    },
  )
})
