import { expect, test } from 'vitest'
import { parseEventFormat } from './event-format.ts'

const TEXT = `name: task_newtask
ID: 122
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

	field:pid_t pid;	offset:8;	size:4;	signed:1;
	field:char comm[16];	offset:12;	size:16;	signed:0;
	field:const void * skaddr;	offset:32;	size:8;	signed:0;
	field:__data_loc char[] name;	offset:40;	size:4;	signed:0;

print fmt: "pid=%d comm=%s", REC->pid, REC->comm
`

test('the number of an event and the places of its fields', () => {
  const format = parseEventFormat(TEXT)!
  expect(format.id).toBe(122)
  expect([...format.fields]).toEqual([
    ['common_type', { at: 0, bytes: 2 }],
    ['common_pid', { at: 4, bytes: 4 }],
    ['pid', { at: 8, bytes: 4 }],
    ['comm', { at: 12, bytes: 16 }],
    ['skaddr', { at: 32, bytes: 8 }],
    ['name', { at: 40, bytes: 4 }],
  ])
})

test('what has no number is no format', () =>
  expect(parseEventFormat(TEXT.replace('ID: 122', 'ID: x'))).toBeUndefined())
