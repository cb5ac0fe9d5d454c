/**
 * Functions of the C library, called as they are: what they return, -1 with `errno()` where they fail. They block, so
 * give the kernel only what it answers at once.
 */
export interface Libc {
  /** Source: socket(2). */
  socket(domain: number, type: number, protocol: number): number
  /** Source: bind(2). */
  bind(socket: number, address: Buffer, length: number): number
  /** Bytes that were taken. Source: send(2). */
  send(socket: number, bytes: Buffer, length: number, flags: number): number
  /** Bytes that came. Source: recv(2). */
  recv(socket: number, bytes: Buffer, length: number, flags: number): number
  /** The calling thread into another namespace: {@link inNetworkNamespace} comes back. Source: setns(2). */
  setns(fd: number, kind: number): number
  /** `path` ends with NUL. Source: open(2). */
  open(path: Buffer, flags: number): number
  /** Source: close(2). */
  close(fd: number): number
  /** `length` is an int of the machine's byte order: the room of `value`, then what was filled. Source: getsockopt(2). */
  getsockopt(socket: number, level: number, option: number, value: Buffer, length: Buffer): number
  /** Source: setsockopt(2). */
  setsockopt(socket: number, level: number, option: number, value: Buffer, length: number): number
  /** `sockets` holds struct pollfd: int fd, short events, short revents. Source: poll(2). */
  poll(sockets: Buffer, count: number, timeoutMs: number): number
  /** Of the call that failed last. */
  errno(): number
}

const PROTOTYPES = {
  socket: 'int socket(int, int, int)',
  bind: 'int bind(int, const void *, unsigned int)',
  send: 'intptr_t send(int, const void *, size_t, int)',
  recv: 'intptr_t recv(int, _Out_ void *, size_t, int)',
  setns: 'int setns(int, int)',
  open: 'int open(const void *, int, ...)',
  close: 'int close(int)',
  getsockopt: 'int getsockopt(int, int, int, _Out_ void *, _Inout_ void *)',
  setsockopt: 'int setsockopt(int, int, int, const void *, unsigned int)',
  poll: 'int poll(_Inout_ void *, unsigned long, int)',
} as const satisfies Record<Exclude<keyof Libc, 'errno'>, string>

let loaded: Promise<Libc | undefined> | undefined

/**
 * The C library of this machine; undefined where koffi, which calls it, is not installed or not for this machine. What
 * koffi costs, some 7 ms, is paid here and once.
 */
export function loadLibc(): Promise<Libc | undefined> {
  loaded ??= load().catch(() => undefined)
  return loaded
}

async function load(): Promise<Libc | undefined> {
  if (process.platform !== 'linux') return undefined
  const { default: koffi } = await import('koffi')
  const library = koffi.load(null)
  const libc = { errno: () => koffi.errno() }
  for (const [name, prototype] of Object.entries(PROTOTYPES)) {
    // A prototype is parsed when its function is first called.
    Object.defineProperty(libc, name, {
      configurable: true,
      get() {
        const value = library.func(prototype) as unknown
        Object.defineProperty(libc, name, { value })
        return value
      },
    })
  }
  return libc as Libc
}
