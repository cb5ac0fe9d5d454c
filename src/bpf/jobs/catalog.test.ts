import { describe, expect, test } from 'vitest'
import { buildProgram, resultMaps } from './build.ts'
import { JOBS, findJob } from './catalog.ts'
import { programContextOf } from '../../../test/support/bpf-program-context.ts'

test('the jobs people ask for', () => {
  expect(JOBS.map(job => job.name).toSorted()).toEqual(
    'bashreadline biolatency biosnoop cpudist execsnoop exitsnoop filetop fsynclat gethostlatency killsnoop offcputime oomkill opensnoop pagefaults profile runqlat statsnoop syscount syslat tcpaccept tcpconnect tcplife tcpretrans tcprst tcpstates'.split(
      ' ',
    ),
  )
  expect(findJob('nosuch')).toBeUndefined()
})

test.each(['syscount', 'syslat'])('%s drops what has no number of a system call before it counts by number', name => {
  const program = buildProgram(findJob(name)!, programContextOf())
  const exits = program.split('\n').filter(line => line.startsWith('tracepoint:raw_syscalls:sys_exit'))
  expect(exits[0]).toBe('tracepoint:raw_syscalls:sys_exit /@since[tid] && args->id < 0/ { delete(@since[tid]); }')
  expect(exits).toHaveLength(2)
})

describe.each(JOBS.map(job => [job.name, job] as const))('%s', (_, job) => {
  test('says what it shows, what it does not, and what it costs', () => {
    for (const text of [job.title, job.shows, job.doesNotShow, job.overhead]) expect(text.length).toBeGreaterThan(10)
    expect(new Set(job.fields.map(field => field.key)).size).toBe(job.fields.length)
  })

  test('prints typed tuples and its own maps, nothing else', () => {
    const program = buildProgram(job, programContextOf())
    expect(program).not.toMatch(/printf|join|system|cat\(/)
    for (const [, what] of program.matchAll(/print\((.)/g)) expect(['(', '@']).toContain(what)
    for (const [, map] of program.matchAll(/print\((@\w+)\)/g)) expect(resultMaps(job)).toContain(map)
  })

  test('attaches to what it says it needs', () => {
    const program = buildProgram(job, programContextOf())
    for (const { kind, target } of job.probes) {
      if (kind === 'uprobe') expect(program).toMatch(new RegExp(`u(ret)?probe:[^:]+:${target.split(':')[1]!}`))
      else expect(program).toContain(`${kind}:${target}`)
    }
  })

  test('leaves out the probes a kernel lacks', () => {
    const optional = new Set(job.probes.filter(probe => probe.optional).map(probe => probe.target))
    const program = buildProgram(
      job,
      programContextOf({ hasTracepoint: (name, field) => field === undefined && !optional.has(name), btf: false }),
    )
    for (const target of optional) {
      if (!target.startsWith('libc:')) expect(program).not.toMatch(new RegExp(`tracepoint:${target}\\b`))
    }
    expect(program).not.toContain('curtask')
  })

  test('does not trace itself', () => {
    const program = buildProgram(job, programContextOf())
    if (['tcpconnect', 'tcpaccept', 'tcplife', 'tcpstates', 'tcpretrans', 'tcprst', 'oomkill'].includes(job.name))
      return
    expect(program).toMatch(/!= 11\b/)
    expect(program).toMatch(/!= 22\b/)
  })

  test.each([
    ['pid', { pid: 4711 }, '4711'],
    ['comm', { comm: 'x"\n' }, String.raw`"x\x22\x0a"`],
    ['cgroup', { cgroupId: '123456' }, '123456'],
    ['tree', { tree: 815 }, '@tree[815] = 1'],
  ] as const)('a filter by %s is in the program, or in its reader', (kind, filter, text) => {
    if (!job.filters.includes(kind)) return
    const inReader =
      job.name.startsWith('tcp') || job.name === 'oomkill' || (job.name === 'execsnoop' && kind === 'comm')
    if (!inReader || kind === 'tree') expect(buildProgram(job, programContextOf({ filter }))).toContain(text)
  })

  test('a least latency, where it measures one', () => {
    if (job.minLatency) expect(buildProgram(job, programContextOf({ minLatencyNs: 1_500_000 }))).toContain('>= 1500000')
  })
})
