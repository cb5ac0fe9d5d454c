import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ToolHistogram, ToolItem, ToolRow, ToolStack } from './tool-item.ts'
import { toolOutputParser } from './tool-output.ts'
import { fixture } from '../../../../test/support/paths.ts'

const TOOLS = fixture('bpf/tools/')
const FOLDERS = ['libbpf-0.26', 'libbpf-0.26-flags', 'libbpf-0.37', 'bpftrace-0.17', 'bpftrace-0.23', 'bpftrace-0.27']
const FILES = FOLDERS.flatMap(folder => readdirSync(`${TOOLS}${folder}`).map(file => [folder, file] as const))
const toolOf = (file: string) => file.replace(/(_\w+)?\.txt$/, '')

/** Each line of a text with the items it gave. */
function parse(text: string, tool: string): { line: string; items: ToolItem[] }[] {
  const lines: { line: string; items: ToolItem[] }[] = []
  let items: ToolItem[] = []
  const parser = toolOutputParser(tool, item => items.push(item))
  for (const line of text.replace(/\n$/, '').split('\n')) {
    lines.push({ line, items: (items = []) })
    parser.line(line)
  }
  lines.push({ line: '', items: (items = []) })
  parser.flush()
  return lines
}
const parseFile = (folder: string, file: string) =>
  parse(readFileSync(`${TOOLS}${folder}/${file}`, 'latin1'), toolOf(file))
const all = (lines: { items: ToolItem[] }[]) => lines.flatMap(({ items }) => items)
const ofType = <T extends ToolItem>(items: ToolItem[], type: T['type']) =>
  items.filter(item => item.type === type) as T[]

/** What is left of a line when the values of its row are taken out one after the other. */
function remainder(line: string, row: ToolRow): string {
  let rest = line
  let left = ''
  for (const [key, value] of Object.entries(row.values)) {
    if (key === 'exitCode' || key.startsWith('signal')) return ''
    const pattern =
      typeof value === 'number'
        ? /^(\s*)(-?\d+(?:\.\d+)?%?)/
        : new RegExp(`^(\\s*)(${String(value).replace(/[^\w\s]/g, '\\$&')})`)
    const match = pattern.exec(rest.replace(/^\s*-?> /, ''))
    if (match === null || (typeof value === 'number' && Number.parseFloat(match[2]!) !== value))
      return `${key} is not ${value} in ${rest}`
    rest = rest.replace(/^\s*-?> /, '').slice(match[0].length)
  }
  left += rest
  return left.replace(/^:/, '').trim()
}

describe('every recorded output', () => {
  test.each(FILES)('%s/%s is understood to the last line', (folder, file) => {
    const items = all(parseFile(folder, file))
    expect(ofType(items, 'unparsed')).toEqual([])
    expect(items.length).toBeGreaterThan(0)
  })

  test.each(FILES)('%s/%s: rows hold every character of their line, and nothing else', (folder, file) => {
    for (const { line, items } of parseFile(folder, file)) {
      for (const row of ofType<ToolRow>(items, 'row')) {
        if (line === '' || 'map' in row.values) continue
        // The time above a table is not in the line itself.
        const { time, ...others } = row.values
        const values = line.trimStart().startsWith(String(time)) ? row.values : others
        expect(remainder(line, { type: 'row', values })).toBe('')
      }
    }
  })

  test.each(
    FILES.filter(([folder, file]) => /: count {2,}dist/.test(readFileSync(`${TOOLS}${folder}/${file}`, 'latin1'))),
  )('%s/%s: histograms hold every count', (folder, file) => {
    const text = readFileSync(`${TOOLS}${folder}/${file}`, 'latin1')
    const printed = [...text.matchAll(/^\s*\d+ -> \d+\s+: (\d+)/gm)].map(match => Number(match[1]))
    const histograms = ofType<ToolHistogram>(all(parseFile(folder, file)), 'histogram')
    expect(histograms.flatMap(({ buckets }) => buckets.map(bucket => bucket.count))).toEqual(printed)
    expect(histograms).toHaveLength(text.match(/ : count /g)!.length)
    for (const { buckets } of histograms)
      buckets.slice(1).forEach((bucket, i) => expect(bucket.min).toBe(buckets[i]!.max! + 1))
  })
})

const rowsOf = (folder: string, file: string) =>
  ofType<ToolRow>(all(parseFile(folder, `${file}.txt`)), 'row').map(row => row.values)

describe('typed values', () => {
  test.each<[string, string, object]>([
    ['libbpf-0.26', 'execsnoop', { pcomm: 'cat', pid: 8574, ppid: 8507, ret: 0, args: '/usr/bin/cat /etc/passwd' }],
    [
      'libbpf-0.26-flags',
      'execsnoop_TtU',
      {
        time: '12:16:34',
        timeS: 0.007,
        uid: 0,
        pcomm: 'pyenv-which',
        pid: 469,
        ppid: 446,
        ret: 0,
        args: '/opt/.pyenv0/libexec/pyenv-which python3',
      },
    ],
    [
      'libbpf-0.26',
      'exitsnoop',
      { pcomm: 'python3', pid: 9402, ppid: 9325, tid: 9402, ageS: 0, signal: 10, signalText: 'User defined signal 1' },
    ],
    ['libbpf-0.26', 'exitsnoop', { pcomm: 'ls', pid: 9407, ppid: 9323, tid: 9407, ageS: 0, exitCode: 2 }],
    ['libbpf-0.26', 'opensnoop', { pid: 14419, comm: 'cat', fd: -1, err: 2, path: '/usr/lib/locale/locale-archive' }],
    [
      'libbpf-0.26-flags',
      'opensnoop_TUe',
      {
        time: '12:16:42',
        uid: 0,
        pid: 1723,
        comm: 'opensnoop',
        fd: 23,
        err: 0,
        flags: '02000000',
        path: '/etc/localtime',
      },
    ],
    [
      'libbpf-0.26',
      'tcplife',
      {
        pid: 19442,
        comm: 'python3',
        laddr: '::1',
        lport: 43139,
        raddr: '::1',
        rport: 58060,
        txKb: 19.53,
        rxKb: 0.1,
        ms: 0.26,
      },
    ],
    [
      'libbpf-0.26-flags',
      'tcpstates_Tw',
      {
        time: '12:16:47',
        skaddr: 'ffff88844f8aae40',
        pid: 446,
        comm: 'python3',
        ip: 4,
        laddr: '127.0.0.1',
        lport: 48436,
        raddr: '127.0.0.1',
        rport: 44793,
        oldstate: 'SYN_SENT',
        newstate: 'ESTABLISHED',
        ms: 0.058,
      },
    ],
    // A name with a blank, in front of a number and in front of another name.
    [
      'libbpf-0.26-flags',
      'runqslower_P',
      { time: '12:17:18', comm: 'npm i', tid: 7436, latUs: 3895, prevComm: 'node', prevTid: 7455 },
    ],
    [
      'libbpf-0.26-flags',
      'runqslower_P',
      { time: '12:17:18', comm: 'node', tid: 7457, latUs: 195, prevComm: 'npm i', prevTid: 7436 },
    ],
    [
      'libbpf-0.26-flags',
      'syscount_PL',
      { time: '12:17:07', pid: 5387, comm: 'npm i rolldown@', count: 20707, totalUs: 7573484.951 },
    ],
    // A number that begins inside the column to its left.
    ['libbpf-0.26', 'syscount', { time: '11:41:31', syscall: 'wait4', count: 121563 }],
    [
      'libbpf-0.26-flags',
      'sigsnoop_n',
      { time: '12:17:23', pid: 446, comm: 'python3', sig: 'SIGUSR1', tpid: 8898, result: 0 },
    ],
    ['libbpf-0.26', 'hardirqs', { hardirq: 'virtio1-req.0', totalUs: 826 }],
    ['libbpf-0.26-flags', 'hardirqs_CT', { time: '12:17:11', hardirq: 'virtio1-req.0', totalCount: 307 }],
    [
      'libbpf-0.26',
      'mountsnoop',
      { comm: 'umount', pid: 12808, tid: 12808, mntNs: 4026532251, call: 'umount("/srv/wl.hMV1/m", 0x0) = 0' },
    ],
    [
      'libbpf-0.26',
      'gethostlatency',
      { time: '11:40:44', pid: 10516, comm: 'python3', latMs: 0.027, host: '127.0.0.1' },
    ],
    [
      'libbpf-0.26-flags',
      'biopattern_T',
      { time: '12:17:32', disk: 'vda', randomPercent: 21, sequentialPercent: 78, count: 824, kbytes: 14028 },
    ],
    [
      'bpftrace-0.17',
      'setuids',
      {
        time: '11:43:13',
        pid: 4992,
        comm: 'make',
        uid: 0,
        syscall: 'setresuid',
        argsRet: 'ruid=-1 euid=0 suid=-1 (0)',
      },
    ],
    ['bpftrace-0.17', 'syscount', { map: '@syscall', key: '8', value: 3609 }],
    [
      'libbpf-0.26-flags',
      'mountsnoop_d',
      {
        pid: 8420,
        tid: 8420,
        comm: 'unshare',
        op: 'MOUNT',
        ret: 0,
        latUs: 9,
        mntNs: 4026532331,
        fs: '',
        source: 'none',
        target: '/',
        data: '',
        flags: 'MS_VERBOSE | MS_PRIVATE',
      },
    ],
  ])('%s/%s has %o', (folder, file, expected) => {
    expect(rowsOf(folder, file)).toContainEqual(expected)
  })

  const histogramsOf = (file: string) =>
    ofType<ToolHistogram>(all(parseFile('libbpf-0.26-flags', `${file}.txt`)), 'histogram')
  test.each<[string, object, string, string | undefined]>([
    ['runqlat_P', { pid: 3750, comm: 'bash' }, 'usecs', undefined],
    ['runqlat_L', { tid: 3908, comm: 'bash' }, 'usecs', undefined],
    ['runqlat_pidnss', { pidns: 4026531836, comm: 'dd' }, 'usecs', undefined],
    ['runqlat_Tm', {}, 'msecs', '12:17:00'],
    ['biolatency_D', { disk: 'vda' }, 'usecs', undefined],
    ['biolatency_F', { flags: 'Sync-Discard' }, 'usecs', undefined],
    ['bitesize_T', { comm: 'kworker/1:1H' }, 'Kbytes', '12:17:34'],
    ['hardirqs_d', { hardirq: 'virtio1-req.0' }, 'usecs', undefined],
    ['softirqs_d', { softirq: 'timer' }, 'usecs', undefined],
  ])('%s: the first histogram is of %o', (file, key, unit, time) => {
    const [first] = histogramsOf(file)
    expect({ key: first!.key, unit: first!.unit, time: first!.time }).toEqual({ key, unit, time })
  })

  test('bpftrace’s half-open intervals become closed ones', () => {
    const [first] = ofType<ToolHistogram>(all(parseFile('bpftrace-0.17', 'bitesize.txt')), 'histogram')
    expect(first).toMatchObject({ key: { map: '@', key: 'as' }, buckets: [{ min: 4096, max: 8191, count: 1 }] })
    const text = '@:\n(..., 0)               3 |@@@|\n[0]                    1 |@|\n[1M, ...)             2 |@@|\n'
    expect(ofType<ToolHistogram>(all(parse(text, 'x')), 'histogram')[0]!.buckets).toEqual([
      { min: undefined, max: -1, count: 3 },
      { min: 0, max: 0, count: 1 },
      { min: 1_048_576, max: undefined, count: 2 },
    ])
  })

  const stacksOf = (file: string) => ofType<ToolStack>(all(parseFile('libbpf-0.26-flags', `${file}.txt`)), 'stack')
  test('stacks', () => {
    expect(stacksOf('offcputime_p')[0]).toMatchObject({ key: { comm: 'bash', pid: 442 } })
    expect(stacksOf('offcputime_p').at(-1)!.value).toBe(969201)
    const [first] = stacksOf('wakeuptime_p')
    expect(first!.key).toMatchObject({ target: 'bash' })
    expect(first!.frames.slice(0, 2)).toEqual(['bpf_prog_1e63a9e15492c3dc_sched_wakeup', 'bpf_trace_run1'])
  })

  test('memleak’s stacks end where something else begins', () => {
    const text =
      '[11:41:31] Top 2 stacks with outstanding allocations:\n\t4096 bytes in 2 allocations from stack\n\t\t0 [<00007f12a8000b20>] malloc+0x1b\n\t\t1 [<00007f12a8000c20>] main+0x2\n\t8 bytes in 1 allocations from stack\n\t\t0 [<00007f12a8000b20>] calloc+0x1b\n'
    expect(ofType<ToolStack>(all(parse(text, 'memleak')), 'stack')).toEqual([
      { type: 'stack', frames: ['malloc+0x1b', 'main+0x2'], key: { allocations: 2 }, value: 4096 },
      { type: 'stack', frames: ['calloc+0x1b'], key: { allocations: 1 }, value: 8 },
    ])
  })

  test('oomkill prints sentences', () => {
    const line =
      '11:40:44 Triggered by PID 12 ("a b"), OOM kill of PID 34 ("x("y")"), 567 pages, loadavg: 0.1 0.2 0.3\n'
    expect(ofType<ToolRow>(all(parse(line, 'oomkill')), 'row')).toEqual([
      {
        type: 'row',
        values: { time: '11:40:44', pid: 12, comm: 'a b', victimPid: 34, victimComm: 'x("y")', pages: 567 },
      },
    ])
  })
})

describe('what other releases print', () => {
  test.each<[string, string, object]>([
    [
      'sigsnoop 0.37',
      'TIME     PID     COMM             SIG          TPID    TCOMM            RESULT\n11:41:45 22600   a b c            SIGCHLD      22675   npm i            -3\n',
      { time: '11:41:45', pid: 22600, comm: 'a b c', sig: 'SIGCHLD', tpid: 22675, tcomm: 'npm i', result: -3 },
    ],
    [
      'biosnoop',
      'TIME(s)     COMM           PID     DISK    T    SECTOR     BYTES   LAT(ms)\n0.000000    jbd2/vda1-8    340     vda     WS   1048576    8192      0.345\n',
      { timeS: 0, comm: 'jbd2/vda1-8', pid: 340, disk: 'vda', t: 'WS', sector: 1_048_576, bytes: 8192, latMs: 0.345 },
    ],
    [
      'ext4slower',
      'TIME     COMM             PID     T BYTES   OFF_KB   LAT(ms) FILENAME\n11:41:45 dd               22600   S LL_MAX  0          25.10 a b c\n',
      {
        time: '11:41:45',
        comm: 'dd',
        pid: 22600,
        t: 'S',
        bytes: 'LL_MAX',
        offsetKb: 0,
        latMs: 25.1,
        filename: 'a b c',
      },
    ],
    [
      'cachestat',
      'TIME         HITS   MISSES  DIRTIES HITRATIO   BUFFERS_MB  CACHED_MB\n11:41:45      120        3        0   97.56%           12        345\n',
      { time: '11:41:45', hits: 120, misses: 3, dirties: 0, hitPercent: 97.56, buffersMb: 12, cachedMb: 345 },
    ],
    [
      'tcptop',
      '11:41:45 loadavg: 0.10 0.20 0.30 1/234 5678\n\nPID     COMM         LADDR                 RADDR                  RX_KB  TX_KB\n22600   npm i        127.0.0.1:80          127.0.0.1:50000           12      3\n',
      {
        time: '11:41:45',
        pid: 22600,
        comm: 'npm i',
        laddr: '127.0.0.1:80',
        raddr: '127.0.0.1:50000',
        rxKb: 12,
        txKb: 3,
      },
    ],
    [
      'tcptracer',
      'T PID    COMM         IP SADDR            DADDR            SPORT DPORT\nC 22600  npm i        4  127.0.0.1        127.0.0.1        50000 80  \n',
      { t: 'C', pid: 22600, comm: 'npm i', ip: 4, saddr: '127.0.0.1', daddr: '127.0.0.1', sport: 50000, dport: 80 },
    ],
    [
      'vfsstat',
      'TIME         READ/s  WRITE/s  FSYNC/s   OPEN/s CREATE/s\n11:41:45:       12        3        0       45        6\n',
      { time: '11:41:45', readsPerS: 12, writesPerS: 3, fsyncsPerS: 0, opensPerS: 45, createsPerS: 6 },
    ],
    [
      'a tool we do not know, a label we do not know',
      'TIME     PID     COMM             FROB/s LAT(us)\n11:41:45 22600   npm i            a:b        12\n',
      { time: '11:41:45', pid: 22600, comm: 'npm i', frobS: 'a:b', latUs: 12 },
    ],
    [
      'numbers no double holds',
      'PID    COMM               COUNT\n442    bash            18446744073709551615\n',
      { pid: 442, comm: 'bash', count: 18_446_744_073_709_551_615n },
    ],
    [
      'a screen is cleared before every table',
      '\u001b[H\u001b[2JPID    COMM              FD ERR PATH\n1      a                  3   0 /x\n',
      { pid: 1, comm: 'a', fd: 3, err: 0, path: '/x' },
    ],
  ])('%s', (title, text, values) => {
    expect(ofType<ToolRow>(all(parse(text, title.split(' ')[0]!)), 'row')).toEqual([{ type: 'row', values }])
  })
})

describe('hostile text', () => {
  const HEADER = 'PID    COMM              FD ERR PATH'
  /** Bytes a task or a file may be called, but the newline, which no line can hold. */
  const bytes = (min: number, max: number) =>
    fc
      .array(
        fc.integer({ min: 1, max: 255 }).filter(byte => byte !== 10),
        { minLength: min, maxLength: max },
      )
      .map(list => String.fromCharCode(...list))

  test('whatever a task and a file are called, the numbers stay in their columns', () => {
    const task = bytes(1, 15).filter(name => !name.endsWith(' ') && !/^(.\[|\[)/.test(name))
    fc.assert(
      fc.property(
        fc.nat(4_194_304),
        task,
        fc.integer({ min: -1, max: 9999 }),
        fc.nat(133),
        bytes(1, 60),
        (pid, comm, fd, err, path) => {
          const line = `${String(pid).padEnd(6)} ${comm.padEnd(16)} ${String(fd).padStart(3)} ${String(err).padStart(3)} ${path}`
          const rows = ofType<ToolRow>(all(parse(`${HEADER}\n${line}`, 'opensnoop')), 'row')
          expect(rows).toEqual([{ type: 'row', values: { pid, comm, fd, err, path } }])
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('no text of any kind throws or takes long', () => {
    const line = fc.oneof(
      bytes(0, 80),
      fc.constantFrom(
        HEADER,
        '     usecs               : count    distribution',
        '         0 -> 1          : 76       |*|',
        'pid = 1 x',
        '@x[1]: 2',
        '\ttarget:          bash',
        '    -                x (1)',
        '        16',
        'RET:    0',
        '[4K, 8K) 1 |@|',
      ),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), lines => {
        const items = all(parse(lines.join('\n'), 'opensnoop'))
        expect(items.length).toBeLessThanOrEqual(2 * lines.length + 2)
      }),
      { numRuns: 2000 },
    )
  })

  test('a line of a megabyte is one item', () => {
    const items = all(parse(`${HEADER}\n${'x '.repeat(500_000)}`, 'opensnoop'))
    expect(items.map(item => item.type)).toEqual(['header', 'unparsed'])
  })
})

describe('stacks and histograms that belong together', () => {
  const itemsOf = (folder: string, file: string) => all(parseFile(folder, `${file}.txt`))

  test('biostacks: each histogram with its stack', () => {
    const histograms = ofType<ToolHistogram>(itemsOf('bpftrace-0.23', 'biostacks'), 'histogram')
    expect(histograms).toHaveLength(15)
    expect(histograms.every(({ frames }) => (frames?.length ?? 0) > 5)).toBe(true)
    expect(histograms[0]).toMatchObject({ key: { map: '@usecs' }, buckets: [{ min: 8192, max: 16383, count: 1 }] })
    expect(histograms[0]!.frames!.slice(0, 2)).toEqual(['blk_account_io_start+329', 'blk_mq_submit_bio+867'])
  })

  test('futexctn: each histogram with its lock and its stack', () => {
    const histograms = ofType<ToolHistogram>(itemsOf('libbpf-0.37', 'futexctn'), 'histogram')
    expect(histograms.filter(({ key }) => 'lock' in key)).toHaveLength(histograms.length)
    expect(histograms[0]).toMatchObject({
      unit: 'usecs',
      key: { comm: 'node', pid: 11705, lock: '0x22cdba08', contended: 1, averageUs: 58, maxUs: 58, minUs: 58 },
      frames: ['[unknown]', '[unknown]', '[unknown]', '[unknown]', '[unknown]', '[unknown]', 'putc'],
    })
  })

  test('tcpdrop: each row with its stack', () => {
    const rows = ofType<ToolRow>(itemsOf('bpftrace-0.23', 'tcpdrop'), 'row')
    expect(rows.map(({ values }) => values['pid'])).toEqual([14180, 14179, 17444, 17444])
    expect(rows.map(({ frames }) => frames?.[0])).toEqual(Array(4).fill('sk_skb_reason_drop+144'))
    expect(rows[0]!.frames).toHaveLength(32)
  })

  test('pidpersec: a count each second', () => {
    const rows = ofType<ToolRow>(itemsOf('bpftrace-0.23', 'pidpersec'), 'row').map(({ values }) => values)
    expect(rows[0]).toEqual({ time: '11:47:22', map: '@', what: 'PIDs/sec', value: 159 })
    expect(rows).toHaveLength(5)
  })

  test('killsnoop of bpftrace 0.27: signals on the right of their column', () => {
    const rows = ofType<ToolRow>(itemsOf('bpftrace-0.27', 'killsnoop'), 'row').map(({ values }) => values)
    const expected = { time: '11:51:33.073241', pid: 19634, comm: 'python3', sig: 'SIGUSR1', tpid: 19805, result: 0 }
    expect(rows[0]).toEqual(expected)
    expect(rows).toHaveLength(74)
  })

  test('a key of several lines with a number, with a second part, and one that never ends', () => {
    const text = '@[\n    a+1\n    b+2\n, dd]: 7\n@x[\n    c+3\n'
    expect(all(parse(text, 'x'))).toEqual([
      { type: 'stack', frames: ['a+1', 'b+2'], key: { map: '@', key: 'dd' }, value: 7 },
      { type: 'unparsed', text: '@x[' },
      { type: 'unparsed', text: '    c+3' },
    ])
  })

  test('warnings of bpftrace 0.23 on stdout are notes, with their source and marks', () => {
    const warning = [
      'runqlat.bt:27:2-12: WARNING: Failed to map_delete_elem: No such file or directory',
      'ADDITIONAL INFO - helper: map_delete_elem, retcode: -2',
      '  delete(@qtime[args.next_pid]);',
      '  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
    ]
    const items = all(parse(['@: 3', ...warning, '@: 4', 'odd'].join('\n'), 'runqlat'))
    expect(items.map(item => item.type)).toEqual(['row', 'note', 'note', 'note', 'note', 'row', 'unparsed'])
  })
})
