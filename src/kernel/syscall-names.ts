import type { Abi } from './abi.ts'
import { ARM } from './syscall-tables/arm.ts'
import { GENERIC_64 } from './syscall-tables/generic-64.ts'
import { I386 } from './syscall-tables/i386.ts'
import { PPC64 } from './syscall-tables/ppc64.ts'
import { S390X } from './syscall-tables/s390x.ts'
import { X32 } from './syscall-tables/x32.ts'
import { X86_64 } from './syscall-tables/x86-64.ts'

/** Machine, as `uname -m` prints it → the text of its tables. */
const TEXTS: Readonly<Record<string, Partial<Record<Abi, string>>>> = {
  x86_64: { native: X86_64, '32': I386, x32: X86_64 + X32 },
  aarch64: { native: GENERIC_64, '32': ARM },
  riscv64: { native: GENERIC_64 },
  loongarch64: { native: GENERIC_64 },
  s390x: { native: S390X },
  ppc64le: { native: PPC64 },
  ppc64: { native: PPC64 },
}

export type SyscallTable = ReadonlyMap<number, string>

const parsed = new Map<string, SyscallTable>()

/** The names by number of one table; empty where we have none for the machine. x32 numbers come without their bit 30. */
export function syscallTable(machine: string, abi: Abi): SyscallTable {
  const key = `${machine} ${abi}`
  const known = parsed.get(key)
  if (known !== undefined) return known
  const table = new Map<number, string>()
  let number = 0
  for (const word of (TEXTS[machine]?.[abi] ?? '').trim().split(/\s+/)) {
    if (/^\d+$/.test(word)) number = Number(word)
    else if (word !== '') table.set(number++, word)
  }
  parsed.set(key, table)
  return table
}

/** Bit 30 of the number says x32; the tables and this model leave it out. Source: asm/unistd.h, __X32_SYSCALL_BIT. */
const X32_BIT = 0x4000_0000

/** The name as strace prints it: `syscall_0x1d7` where no table has the number. */
export function syscallName(machine: string, abi: Abi, number: number): string {
  const name = syscallTable(machine, abi).get(number)
  return name ?? `syscall_0x${(abi === 'x32' ? number + X32_BIT : number).toString(16)}`
}

/** Whether any machine we know has a system call of this name. */
export function isSyscallName(name: string): boolean {
  return allNames().has(name)
}

/** Names of system calls, of any machine, that are a letter or two away from a word. */
export function similarSyscalls(word: string): string[] {
  const close = [...allNames()].map(name => [name, distance(word, name)] as const).filter(([, far]) => far <= 2)
  const least = Math.min(...close.map(([, far]) => far))
  return close.filter(([, far]) => far === least).map(([name]) => name)
}

let names: ReadonlySet<string> | undefined

function allNames(): ReadonlySet<string> {
  return (names ??= new Set(
    Object.entries(TEXTS).flatMap(([machine, texts]) =>
      (Object.keys(texts) as Abi[]).flatMap(abi => [...syscallTable(machine, abi).values()]),
    ),
  ))
}

/** Letters to add, leave out or change (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** Whether the call comes back from a signal handler: its "result" is a register of the interrupted code, no result. */
export function hasNoResult(name: string): boolean {
  return name === 'rt_sigreturn' || name === 'sigreturn'
}
