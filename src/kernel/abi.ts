/**
 * Which table of system calls a call belongs to: the machine's own, the 32-bit one beside it (i386, arm), or x32. The
 * same number means different calls in each.
 */
export type Abi = 'native' | '32' | 'x32'
