import type { Field } from '../run/output/row.ts'

export const timeField: Field = { key: 'time', header: 'TIME', kind: 'time', about: 'when it happened', width: 15 }
export const pidField: Field = { key: 'pid', header: 'PID', kind: 'pid', about: 'process (thread group)', width: 7 }
export const ppidField: Field = {
  key: 'ppid',
  header: 'PPID',
  kind: 'pid',
  about: 'parent process; absent where the kernel has no BTF',
  width: 7,
}
export const uidField: Field = { key: 'uid', header: 'UID', kind: 'integer', about: 'user id', width: 5 }
export const commField: Field = {
  key: 'comm',
  header: 'COMM',
  kind: 'text',
  about: 'name of the task, at most 15 bytes, chosen by itself',
  width: 16,
}
export const errorField: Field = {
  key: 'error',
  header: 'ERR',
  kind: 'errno',
  about: 'why it failed; absent where it did not',
  width: 6,
}
export const pathField: Field = {
  key: 'path',
  header: 'PATH',
  kind: 'text',
  about: 'file name as the process gave it; cut at 199 bytes',
}
