import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textWidth } from '../../terminal/text-width.ts'
import { ruledTable, type RuledColumn } from './ruled-table.ts'

const COLUMNS: RuledColumn[] = [
  { header: 'seconds', align: 'right', minWidth: 9, leaves: 1 },
  { header: 'calls', align: 'right' },
  { header: 'syscall', align: 'left', shrinksTo: 6 },
  { header: 'errno', align: 'left', leaves: 0, word: 'errors-by-name' },
]
const ROWS = [
  ['0.5', '1185', 'futex', 'EAGAIN 3'],
  ['', '7', 'rt_sigprocmask', ''],
]
const TOTAL = ['0.5', '1192', 'total', 'EAGAIN 3']
const lines = (width?: number, bringBack?: string) =>
  [...ruledTable(COLUMNS, ROWS, TOTAL, width === undefined ? undefined : { width, bringBack })].join('')

describe('a table in the look of strace', () => {
  test('whole where it has room, and by default', () => {
    const whole = [
      '  seconds calls syscall        errno',
      '--------- ----- -------------- --------',
      '      0.5  1185 futex          EAGAIN 3',
      '              7 rt_sigprocmask ',
      '--------- ----- -------------- --------',
      '      0.5  1192 total          EAGAIN 3',
      '',
    ].join('\n')
    expect(lines()).toBe(whole)
    expect(lines(80)).toBe(whole)
  })

  test('columns leave in their order, and the last line names them by the words of the flag', () => {
    expect(lines(30, '-U')).toBe(
      [
        '  seconds calls syscall',
        '--------- ----- --------------',
        '      0.5  1185 futex',
        '              7 rt_sigprocmask',
        '--------- ----- --------------',
        '      0.5  1192 total',
        'not shown at 30 columns:',
        'errors-by-name (-U shows it)',
        '',
      ].join('\n'),
    )
  })

  test('a cell is shortened before another column leaves', () => {
    expect(lines(26).split('\n').slice(0, 4)).toEqual([
      '  seconds calls syscall',
      '--------- ----- ----------',
      '      0.5  1185 futex',
      '              7 rt_si…mask',
    ])
    expect(lines(12).split('\n').slice(0, 4)).toEqual(['calls sys…ll', '----- ------', ' 1185 futex', '    7 rt_…sk'])
  })

  test('a list loses items from its end, and says so', () => {
    const columns: RuledColumn[] = [{ header: 'errno', align: 'left', isList: true, shrinksTo: 5 }]
    const cell = (text: string, width: number) => [...ruledTable(columns, [[text]], undefined, { width })][2]!.trimEnd()
    expect(cell('ENOENT 5, EBADF 2, EIO 1', 24)).toBe('ENOENT 5, EBADF 2, EIO 1')
    expect(cell('ENOENT 5, EBADF 2, EIO 1', 23)).toBe('ENOENT 5, EBADF 2, …')
    expect(cell('ENOENT 5, EBADF 2, EIO 1', 19)).toBe('ENOENT 5, …')
    expect(cell('ENOENT 5, EBADF 2, EIO 1', 9)).toBe('ENOENT 5…')
    expect(cell('ENOENT 5, EBADF 2, EIO 1', 7)).toBe('ENO… 5…')
  })

  test('a fixed column lets wider cells push their row aside', () => {
    const columns: RuledColumn[] = [
      { header: 'calls', align: 'right', minWidth: 5, fixed: true },
      { header: 'syscall', align: 'left' },
    ]
    expect([...ruledTable(columns, [['1234567', 'read']], undefined)].join('')).toBe(
      'calls syscall\n----- -------\n1234567 read\n----- -------\n',
    )
  })

  test('no line is wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 60 }),
        fc.array(fc.tuple(fc.string(), fc.nat(), fc.string(), fc.string()), { maxLength: 5 }),
        (width, cells) => {
          const rows = cells.map(row => row.map(cell => String(cell).replaceAll(/[^ -~]/g, 'é')))
          const text = [...ruledTable(COLUMNS, rows, undefined, { width })].join('')
          for (const line of text.split('\n').filter(line => !line.startsWith('not shown')))
            expect(textWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
