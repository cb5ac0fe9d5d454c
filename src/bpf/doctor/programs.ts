import { installCommand } from './machine/linux-distribution.ts'
import { caution, fail, ok, type Questions } from './answer.ts'

/** Which programs are installed, and whether they can work. */
export const programQuestions = {
  bpftrace(m) {
    return m.programs.bpftrace === undefined
      ? fail(
          'bpftrace is in no folder of the PATH nor in /usr/sbin: no job of linsight bpf runs with it',
          installCommand(m.distribution, 'bpftrace'),
        )
      : ok(m.programs.bpftrace)
  },
  'libbpf-tools'(m) {
    const found = m.programs.tools.filter(tool => tool.family === 'libbpf').length
    return found === 0
      ? caution(
          'no libbpf-tool is installed: there is no second backend, and linsight bpf bcc has nothing to start',
          installCommand(m.distribution, 'libbpf-tools'),
        )
      : ok(`${found} libbpf-tools`)
  },
  'bcc-tools'(m) {
    const found = m.programs.tools.filter(tool => tool.family === 'bcc').length
    return found === 0
      ? ok('no BCC tool is installed, and none is needed: the libbpf-tools do the same without kernel headers')
      : ok(`${found} BCC tools`)
  },
  headers(m) {
    const { state, release, inKernel } = m.headers
    const needed = m.programs.tools.some(tool => tool.family === 'bcc')
    const wanted = installCommand(m.distribution, 'headers', m.kernel)
    if (inKernel) return ok('the kernel carries its own headers')
    if (state === 'readable' && release === m.kernel) return ok(`headers of ${release}`)
    if (state === 'readable')
      return fail(
        `the headers under /lib/modules/${m.kernel} were made for ${release ?? 'an unknown kernel'}: BCC tools compile with them and print wrong data without an error`,
        wanted,
      )
    const text = `no headers of this kernel: every BCC tool ends with “Unable to find kernel headers”`
    return needed
      ? fail(`${text}; the libbpf-tools and bpftrace do without`, wanted)
      : ok('no headers of this kernel, and nothing installed that needs them')
  },
  companions(m) {
    const missing = (['setpriv', 'stdbuf'] as const).filter(name => m.programs[name] === undefined)
    if (missing.length === 0) return ok('setpriv and stdbuf')
    const loss = {
      setpriv: 'a tracer may outlive a killed linsight',
      stdbuf: 'libbpf-tools hand out their rows 4 KiB at a time',
    }
    return caution(
      missing.map(name => `no ${name}: ${loss[name]}`).join('; '),
      installCommand(m.distribution, missing.includes('setpriv') ? 'util-linux' : 'coreutils'),
    )
  },
} as const satisfies Questions
