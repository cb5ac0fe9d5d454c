import { TCP_HEADER } from './fake-proc.ts'

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')

/** Sockets of one process. */
const A_PROCESS = 100

/** A snapshot of so many connections, each with an owner. `program` names process `i`: a byte string without NUL. */
export function manySockets(count: number, program: (i: number) => string = () => 'server') {
  const rows = Array.from({ length: count }, (_, i) => {
    const [local, remote] = [`0100000A:${hex(1024 + (i % 60_000), 4)}`, `${hex(i % 250, 2)}01000A:01BB`]
    const state = ['01', '08', '01', '01'][i % 4]
    return `${String(i).padStart(4)}: ${local} ${remote} ${state} 00000000:${hex(i % 7 === 0 ? i : 0, 8)} 00:00000000 00000000  1000        0 ${100_000 + i} 1 0000000000000000 20 4 30 10 -1\n`
  })
  const files: Record<string, string> = { 'net/tcp': TCP_HEADER + rows.join('') }
  const links: Record<string, string> = {}
  for (let i = 0; i < count; i += 1)
    links[`${100 + Math.floor(i / A_PROCESS)}/fd/${3 + (i % A_PROCESS)}`] = `socket:[${100_000 + i}]`
  for (let i = 0; i < count / A_PROCESS; i += 1) {
    files[`${100 + i}/cmdline`] = `${program(i)}\0--worker\0`
    files[`${100 + i}/stat`] = `${100 + i} (server) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 ${5000 + i} 0 0\n`
  }
  const meta = { host: 'web1', userHz: 100, endian: 'little', takenAt: '2026-11-21T14:00:00.000Z' }
  return { schema: 'linsight/snapshot/1', meta, files, links, errors: {} }
}
