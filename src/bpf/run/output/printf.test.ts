import { expect, test } from 'vitest'
import { printedStrings } from './printf.ts'

test.each<[string, string, string[]]>([
  ['printf("%s\\n", comm)', 'bash\n', ['bash']],
  ['printf("%s\\n", comm)', 'a\nb\n', ['a\nb']],
  ['printf ( "%d %s (%s)\\t%%\\n", pid, comm, str(args.a))', '7 sh (/a (b))\t%\n', ['sh', '/a (b)']],
  ['printf("%-6d|%5llu %s", pid, nsecs, comm)', '12    |    7 x', ['x']],
  ['printf("%d\\n", pid)', '7\n', []],
  ['printf("a\\"%s\\n", comm)', 'a"x\n', ['x']],
  ['print(comm)', 'x', []],
  // Of another format.
  ['printf("%d %s\\n", pid, comm)', 'x\n', []],
  // Both formats fit.
  ['printf("%s\\n", comm); printf("<%s>\\n", comm)', '<x>\n', []],
  ['printf("%s\\n", comm); printf("<%s>\\n", comm)', 'x\n', ['x']],
  ['printf("%s%s%s%s\\n", a, b, c, d)', 'abcd\n', []],
])('%s printed %j', (program, text, strings) => {
  expect(printedStrings(program)(text)).toEqual(strings)
})

test('a long hostile text takes no time', () => {
  const strings = printedStrings('printf("%s %s %s\\n", a, b, c)')
  const before = performance.now()
  for (let i = 0; i < 10; i += 1) expect(strings(' '.repeat(600))).toEqual([])
  expect(performance.now() - before).toBeLessThan(2000)
})
