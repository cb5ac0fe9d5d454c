import { currentTask, longEnough, when } from '../condition.ts'
import { commField, pidField, timeField, uidField } from '../fields.ts'
import type { EventJob, ProgramContext } from '../job.ts'
import { plainRows } from '../records.ts'

/** Source: netdb.h of glibc. */
const EAI: Readonly<Record<number, string>> = {
  [-1]: 'EAI_BADFLAGS',
  [-2]: 'EAI_NONAME',
  [-3]: 'EAI_AGAIN',
  [-4]: 'EAI_FAIL',
  [-5]: 'EAI_NODATA',
  [-6]: 'EAI_FAMILY',
  [-7]: 'EAI_SOCKTYPE',
  [-8]: 'EAI_SERVICE',
  [-10]: 'EAI_MEMORY',
  [-11]: 'EAI_SYSTEM',
}

export const gethostlatency: EventJob = {
  name: 'gethostlatency',
  title: 'name lookups with their latency',
  shows: 'Every getaddrinfo() and gethostbyname(): who looked up which name, how long it took, whether it failed.',
  doesNotShow:
    'Programs that resolve names themselves or bring their own C library: Go, musl, containers with another libc (give --object).',
  overhead: 'Two traps of about 2 µs for a lookup that takes a thousand times longer.',
  shape: 'events',
  probes: [
    { kind: 'uprobe', target: 'libc:getaddrinfo' },
    { kind: 'uprobe', target: 'libc:gethostbyname', optional: true },
    { kind: 'uprobe', target: 'libc:gethostbyname2', optional: true },
  ],
  fields: [
    timeField,
    pidField,
    commField,
    { key: 'durationNs', header: 'LATENCY', kind: 'durationNs', about: 'from call to return', width: 9 },
    { key: 'error', header: 'ERR', kind: 'text', about: 'error of getaddrinfo, where it failed', width: 10 },
    { key: 'host', header: 'HOST', kind: 'text', about: 'the name looked up; cut at 127 bytes' },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['gethostlatency'], bcc: ['gethostlatency'] },
  stringBytes: 128,
  program(context) {
    const libc = objectOf(context, 'libc')
    const task = currentTask(context)
    const probe = (
      name: string,
      result: string,
    ) => `uprobe:${libc}:${name}${when(...task)} { @since[tid] = nsecs; @host[tid] = arg0; }
uretprobe:${libc}:${name} /@since[tid]/ {
  $ns = nsecs - @since[tid];
  if (${longEnough(context)}) { print(("dns", nsecs, (uint64)pid, (uint64)$ns, (int64)${result}, comm, str(@host[tid]))); }
  delete(@since[tid]); delete(@host[tid]);
}
`
    return (
      probe('getaddrinfo', '(int32)retval') +
      probe('gethostbyname', '(retval == 0 ? -2 : 0)') +
      probe('gethostbyname2', '(retval == 0 ? -2 : 0)')
    )
  },
  layouts: { dns: ['time', 'pid', 'durationNs', 'error', 'comm', 'host'] },
  reader: () =>
    plainRows(gethostlatency.layouts, row => {
      const error = Number(row['error'])
      row['error'] = error === 0 ? undefined : (EAI[error] ?? String(error))
    }),
}

export const bashreadline: EventJob = {
  name: 'bashreadline',
  title: 'lines typed into bash',
  shows: 'Every line entered at an interactive bash prompt, in any terminal of the machine.',
  doesNotShow: 'Scripts, other shells, bash that brings its own readline from a container. Lines may hold passwords.',
  overhead: 'One trap for a typed line.',
  shape: 'events',
  probes: [{ kind: 'uprobe', target: 'bash:readline' }],
  fields: [
    timeField,
    pidField,
    uidField,
    commField,
    { key: 'line', header: 'LINE', kind: 'text', about: 'what was typed; cut at 199 bytes' },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['bashreadline'], bcc: ['bashreadline'] },
  program: context =>
    `uretprobe:${objectOf(context, 'bash')}:readline${when('retval != 0', ...currentTask(context))} { print(("line", nsecs, (uint64)pid, (uint64)uid, comm, str(retval))); }\n`,
  layouts: { line: ['time', 'pid', 'uid', 'comm', 'line'] },
  reader: () => plainRows(bashreadline.layouts),
}

/** The file is part of a probe's name, where nothing can be escaped: only plain characters get there. */
function objectOf(context: ProgramContext, name: string): string {
  const path = context.objectPath(name)
  if (path === undefined || !/^\/[A-Za-z0-9_.+/-]+$/.test(path)) {
    throw new RangeError(`no usable path of ${name}: ${path ?? 'not found'}`)
  }
  return path
}
