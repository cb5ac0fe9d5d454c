import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ToolItem } from '../tools/output/tool-item.ts'
import { toolOutputParser } from '../tools/output/tool-output.ts'
import { createTheme } from '../../terminal/theme.ts'
import { fixture } from '../../../test/support/paths.ts'
import { schemaErrors } from '../../../test/support/schemas.ts'
import { toolItemJson, toolItemText } from './tool-items.ts'

/** What a tool's text becomes on a terminal and in JSON. */
function shown(text: string, tool = 'opensnoop', width = Infinity): { text: string; json: object[] } {
  const items: ToolItem[] = []
  const parser = toolOutputParser(tool, item => items.push(item))
  for (const line of text.split('\n')) parser.line(line)
  parser.flush()
  const write = toolItemText(createTheme(false), width)
  return {
    text: items.map(write).join(''),
    json: items.map(item => JSON.parse(JSON.stringify(toolItemJson(item))) as object),
  }
}

test.each(['libbpf-0.26', 'libbpf-0.26-flags', 'bpftrace-0.17', 'errors'])('JSON of %s fits the schema', folder => {
  for (const file of readdirSync(fixture(`bpf/tools/${folder}`))) {
    const { json } = shown(
      readFileSync(fixture(`bpf/tools/${folder}/${file}`), 'latin1'),
      file.replace(/(_\w+)?\.txt$/, ''),
    )
    for (const line of json) expect(schemaErrors('bpf-tool', line), `${file}: ${JSON.stringify(line)}`).toEqual([])
  }
})

describe('text', () => {
  test('rows below the header of the tool', () => {
    expect(
      shown(
        'PID    COMM              FD ERR PATH\n446    npm i              5   0 /etc/hosts\n14419  cat               -1   2 /a b \n',
      ).text,
    ).toBe(
      [
        '    PID COMM              FD ERR PATH',
        '    446 npm i              5   0 /etc/hosts',
        '  14419 cat               -1   2 /a b ',
        '',
      ].join('\n'),
    )
  })

  test('on a narrow terminal columns leave from the right, all but the last, and are named', () => {
    const interval = 'PID    COMM              FD ERR PATH\n446    npm i              5   0 /etc/ssl/openssl.cnf\n'
    expect(shown(`${interval}\n${interval}`, 'opensnoop', 38).text).toBe(
      [
        'not shown at 38 columns: ERR (--json',
        'shows it)',
        '    PID COMM              FD PATH',
        '    446 npm i              5 /etc….cnf',
        '    446 npm i              5 /etc….cnf',
        '',
      ].join('\n'),
    )
  })

  test('notes of a tool go on below themselves', () => {
    expect(shown('Tracing syscalls, printing top 10... Ctrl+C to quit.', 'syscount', 40).text).toBe(
      'Tracing syscalls, printing top 10...\nCtrl+C to quit.\n',
    )
  })

  test('a table for every interval', () => {
    expect(
      shown(
        '[11:41:31]\nSYSCALL                   COUNT\nread                         12\n\n[11:41:32]\nSYSCALL                   COUNT\nread                          3\n',
        'syscount',
      ).text,
    ).toBe(
      [
        '',
        '11:41:31',
        `SYSCALL${' '.repeat(21)}COUNT`,
        `read${' '.repeat(27)}12`,
        '',
        '11:41:32',
        `SYSCALL${' '.repeat(21)}COUNT`,
        `read${' '.repeat(28)}3`,
        '',
      ].join('\n'),
    )
  })

  test('a signal stands below EXIT_CODE', () => {
    expect(
      shown(
        'PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE\npython3          9402    9325    9402    0.00    signal 10 (User defined signal 1), core dumped\n',
        'exitsnoop',
      ).text,
    ).toContain(' signal 10 (User defined signal 1), core dumped\n')
  })

  test('histograms look like those of our jobs', () => {
    const { text } = shown(
      'pid = 3750 bash\n     usecs               : count    distribution\n         0 -> 1          : 2        |****|\n         2 -> 3          : 1        |**|\n',
      'runqlat',
    )
    expect(text).toBe(
      [
        '',
        'pid=3750 comm=bash usecs',
        `[0, 2)                  2 |${'@'.repeat(52)}|`,
        `[2, 4)                  1 |${'@'.repeat(26)}${' '.repeat(26)}|`,
        '',
      ].join('\n'),
    )
  })

  test('stacks', () => {
    expect(shown('    schedule\n    -                bash (442)\n        969201\n\n', 'offcputime').text).toBe(
      '    schedule\n    - comm=bash pid=442\n        969201\n\n',
    )
  })
})

describe('JSON', () => {
  test.each<[string, string, object[]]>([
    [
      'opensnoop',
      'PID    COMM              FD ERR PATH\n446    npm i              5   0 /etc/hosts\n',
      [{ type: 'row', pid: 446, comm: 'npm i', fd: 5, err: 0, path: '/etc/hosts' }],
    ],
    [
      'runqlat',
      '12:17:00\n     msecs               : count    distribution\n         0 -> 1          : 2        |****|\n',
      [{ type: 'histogram', unit: 'msecs', key: {}, time: '12:17:00', buckets: [{ min: 0, max: 1, count: 2 }] }],
    ],
    [
      'offcputime',
      '    schedule\n    -                bash (442)\n        969201\n',
      [{ type: 'stack', frames: ['schedule'], key: { comm: 'bash', pid: 442 }, value: 969201 }],
    ],
    [
      'syscount',
      'PID    COMM               COUNT\n442    bash            18446744073709551615\n',
      [{ type: 'row', pid: 442, comm: 'bash', count: '18446744073709551615' }],
    ],
  ])('%s', (tool, text, expected) => {
    expect(shown(text, tool).json.filter(item => (item as ToolItem).type !== 'header')).toEqual(expected)
  })
})

/** Everything a terminal may act on, and what turns text around. */
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/

describe('hostile bytes', () => {
  const bytes = (min: number, max: number) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: min, maxLength: max })
      .map(list => String.fromCharCode(...list))
  const lines = fc.oneof(
    bytes(0, 60),
    bytes(1, 15).map(comm => `446    ${comm.padEnd(16)}   5   0 /etc/\x1b[2J\u0007${comm}`),
    bytes(1, 15).map(
      comm =>
        `pid = 1 ${comm}\n     usecs               : count    distribution\n         0 -> 1          : 2        |****|`,
    ),
    bytes(1, 30).map(frame => `    ${frame}\n    -                ${frame} (1)\n        12`),
    bytes(1, 30).map(key => `@x[${key}]: 1`),
    fc.constant('PID    COMM              FD ERR PATH'),
    fc.constantFrom('\u001b]0;title\u0007', '\u009b2J', '\u00e2\u0080\u00ae', '\u00ff\u00fe'),
  )

  test('never reach the terminal, and JSON stays valid and in one line', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 12 }), all => {
        const { text, json } = shown(all.join('\n'))
        expect(text).not.toMatch(UNSAFE)
        for (const item of json) expect(JSON.stringify(item)).not.toMatch(/[\n\u0000-\u001f\u007f-\u009f]/)
      }),
      { numRuns: 3000 },
    )
  })

  test('a name that is no UTF-8 can be read back', () => {
    const [, row] = shown(
      'PID    COMM              FD ERR PATH\n446    caf\u00c3\u00a9 \u00ff           5   0 /x\\y\n',
    ).json
    expect(row).toMatchObject({ comm: 'café \\xff', path: '/x\\\\y' })
  })
})
