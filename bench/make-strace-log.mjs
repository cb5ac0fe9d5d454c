// Writes a log as `strace -f -ttt -T -yy -o FILE` does, of a build: many short processes that look for headers along a
// search path, read them, and talk to each other. The same bytes for the same size, whatever the machine.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

const CHUNK_CHARACTERS = 1 << 20
const CALLS_PER_PROCESS = 1300
/** Every so many calls are split in two, as another thread's lines come between. */
const SPLIT_EVERY = 4

/** Writes about `bytes` bytes to `path`; returns what they hold. */
export function makeLog(path, bytes) {
  const random = generator(1)
  const fd = openSync(path, 'w')
  const made = { bytes: 0, lines: 0, calls: 0, errors: 0, split: 0, processes: 0 }
  let timeUs = 1_795_175_445_000_000
  let chunk = ''
  const put = (process, text) => {
    timeUs += 5 + random(40)
    chunk += `${String(process.pid).padEnd(5)} ${(timeUs / 1e6).toFixed(6)} ${text}\n`
    made.lines += 1
    if (chunk.length < CHUNK_CHARACTERS) return
    made.bytes += writeSync(fd, chunk, null, 'latin1')
    chunk = ''
  }
  const processes = Array.from({ length: 4 }, () => startProcess(made, random))
  while (made.bytes < bytes) {
    const slot = random(processes.length)
    const process = processes[slot]
    if (process.half !== undefined) {
      put(process, process.half)
      process.half = undefined
    } else if (process.left === 0) {
      put(process, '+++ exited with 0 +++')
      processes[slot] = startProcess(made, random)
    } else {
      process.left -= 1
      made.calls += 1
      const [name, entry, exit] = process.calls.next().value
      if (exit.includes(' = -1 E')) made.errors += 1
      const took = ` <${(random(12) === 0 ? random(90_000) / 1e6 : (4 + random(30)) / 1e6).toFixed(6)}>`
      if (random(SPLIT_EVERY) === 0) {
        made.split += 1
        put(process, `${name}(${entry} <unfinished ...>`)
        process.half = `<... ${name} resumed>${exit}${took}`
      } else put(process, `${name}(${entry}${exit}${took}`)
    }
  }
  // Nothing is left half done, so that every call counts.
  for (const process of processes) if (process.half !== undefined) put(process, process.half)
  made.bytes += writeSync(fd, chunk, null, 'latin1')
  // Else it would be written to the disk while it is read.
  fsyncSync(fd)
  closeSync(fd)
  return made
}

function startProcess(made, random) {
  made.processes += 1
  return { pid: 1000 + (made.processes % 30_000), left: CALLS_PER_PROCESS, half: undefined, calls: callsOf(random) }
}

const SEARCH_PATH = ['/usr/src/app/include', '/usr/local/include', '/usr/include/x86_64-linux-gnu', '/usr/include']
const HEADERS = 1500

/** Without end: name, what is known at entry, and the rest. */
function* callsOf(random) {
  for (;;) {
    const header = `sys/header-${random(HEADERS)}.h`
    const found = random(SEARCH_PATH.length)
    for (const folder of SEARCH_PATH.slice(0, found))
      yield [
        'openat',
        `AT_FDCWD</usr/src/app>, "${folder}/${header}", O_RDONLY|O_NOCTTY`,
        ') = -1 ENOENT (No such file or directory)',
      ]
    const path = `${SEARCH_PATH[found]}/${header}`
    const size = 500 + random(60_000)
    yield ['openat', `AT_FDCWD</usr/src/app>, "${path}", O_RDONLY|O_NOCTTY`, `) = 4<${path}>`]
    yield ['newfstatat', `4<${path}>, "", `, `{st_mode=S_IFREG|0644, st_size=${size}, ...}, AT_EMPTY_PATH) = 0`]
    for (let left = size; left > 0; left -= 32_768)
      yield [
        'read',
        `4<${path}>, `,
        String.raw`"#ifndef _SYS_HEADER_H\n#define _SYS_"..., 32768) = ${Math.min(left, 32_768)}`,
      ]
    yield ['close', `4<${path}>`, ') = 0']
    const address = `0x7f${(random(1 << 28) + (1 << 28)).toString(16)}000`
    yield ['mmap', 'NULL, 135168, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', `) = ${address}`]
    switch (random(6)) {
      case 0:
        yield ['write', `1<pipe:[${70_000 + random(50)}]>, "In file included from main.c:1:\\n"..., 4096`, ') = 4096']
        break
      case 1:
        yield ['rt_sigprocmask', 'SIG_SETMASK, [], ', 'NULL, 8) = 0']
        break
      case 2:
        yield ['futex', `${address}, FUTEX_WAIT_PRIVATE, 2, NULL`, ') = -1 EAGAIN (Resource temporarily unavailable)']
        break
      case 3:
        yield [
          'recvfrom',
          `7<TCP:[127.0.0.1:${40_000 + random(200)}->127.0.0.1:3632]>, `,
          `"DIST00000001"..., 16384, 0, NULL, NULL) = ${1 + random(16_384)}`,
        ]
        break
      case 4:
        yield ['epoll_wait', '5<anon_inode:[eventpoll]>, ', '[{events=EPOLLIN, data=0x7}], 64, 100) = 1']
        break
      default:
        yield ['wait4', '-1, ', '[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 4242']
    }
  }
}

/** Numbers from 0 to `below`, the same every time. Mulberry32. */
function generator(seed) {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
