import { expect, test } from 'vitest'
import { parseOpenFilesLimit } from './pid-limits.ts'

const limits = (line: string) =>
  Buffer.from(
    `Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \n${line}\n`,
  )

test.each([
  ['Max open files            1024                 1048576              files     ', 1024],
  ['Max open files            unlimited            unlimited            files     ', Infinity],
  ['Max processes             63                   63                   processes ', undefined],
  ['Max open files            1e4                  1048576              files     ', undefined],
])('%s', (line, limit) => expect(parseOpenFilesLimit(limits(line))).toBe(limit))
