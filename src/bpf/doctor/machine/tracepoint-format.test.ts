import { expect, test } from 'vitest'
import { parseTracepointFields } from './tracepoint-format.ts'

test('fields of a tracepoint', () => {
  const content = Buffer.from(
    'name: x\nID: 1\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n\tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;\n\tfield:__data_loc char[] comm;\toffset:12;\tsize:4;\tsigned:0;\n\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;\n',
  )
  expect([...parseTracepointFields(content)]).toEqual(['common_type', 'saddr_v6', 'comm', 'filename'])
})
