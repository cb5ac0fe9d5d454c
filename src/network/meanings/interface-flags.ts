/** IFF_… of an interface by netstat's words, in the order of its long form. Source: netdevice(7), Linux include/uapi/linux/if.h. */
const FLAGS = {
  UP: 0x1,
  BROADCAST: 0x2,
  DEBUG: 0x4,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  NOTRAILERS: 0x20,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  SLAVE: 0x800,
  MASTER: 0x400,
  MULTICAST: 0x1000,
  DYNAMIC: 0x8000,
} as const

export type InterfaceFlag = keyof typeof FLAGS

/** netstat's letters, in its order. */
const LETTERS: readonly (readonly [InterfaceFlag, string])[] = [
  ['ALLMULTI', 'A'],
  ['BROADCAST', 'B'],
  ['DEBUG', 'D'],
  ['LOOPBACK', 'L'],
  ['MULTICAST', 'M'],
  ['DYNAMIC', 'd'],
  ['PROMISC', 'P'],
  ['NOTRAILERS', 'N'],
  ['NOARP', 'O'],
  ['POINTOPOINT', 'P'],
  ['SLAVE', 's'],
  ['MASTER', 'm'],
  ['RUNNING', 'R'],
  ['UP', 'U'],
]

export const hasInterfaceFlag = (flags: number, name: InterfaceFlag) => (flags & FLAGS[name]) !== 0

/** `BMRU`; `[NO FLAGS]` where there is none. */
export function interfaceFlagLetters(flags: number): string {
  if (flags === 0) return '[NO FLAGS]'
  return LETTERS.map(([name, letter]) => (hasInterfaceFlag(flags, name) ? letter : '')).join('')
}

/** `['UP', 'BROADCAST']` */
export const interfaceFlagNames = (flags: number) =>
  (Object.keys(FLAGS) as InterfaceFlag[]).filter(name => hasInterfaceFlag(flags, name))
