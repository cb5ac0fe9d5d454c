// The completion of every shell, asked as the shell asks it.
import { chmodSync, existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { fixture, ROOT } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCRIPTS = { bash: 'linsight.bash', zsh: '_linsight', fish: 'linsight.fish' }
type Shell = keyof typeof SCRIPTS
const scriptOf = (shell: Shell) => join(ROOT, 'dist/completions', SCRIPTS[shell])

let folder: string
/** A `linsight` that answers what a machine with hostile names could, and a command to be found. */
const LIVE = `case "$2 $3" in
  "pids "*) printf '812\\tnginx\\n813\\tredis\\n' ;;
  "programs "*) printf 'nginx\\nnode\\n$(touch caught)\\n\`touch caught\`\\n' ;;
  "ports "*) printf '8080\\n8443\\n' ;;
  "port-filters "*) printf ':8080\\n:8443\\n' ;;
  "units "*) printf 'nginx.service\\n' ;;
esac
`

beforeAll(() => {
  folder = temporaryFolder()
  writeFileSync(join(folder, 'linsight'), `#!/bin/sh\n${LIVE}`)
  writeFileSync(join(folder, 'zz-command'), '#!/bin/sh\n')
  for (const name of ['linsight', 'zz-command']) chmodSync(join(folder, name), 0o755)
  for (const name of ['mynetstat', 'tw-stats', 'trace-syscalls']) symlinkSync('linsight', join(folder, name))
  writeFileSync(join(folder, 'old recording.json'), '')
})

const ask: Record<Shell, (script: string, lines: readonly string[]) => readonly string[]> = {
  bash: (script, lines) => ['bash', fixture('children/bash-completions.bash'), script, ...lines],
  zsh: (script, lines) => ['zsh', '-f', fixture('children/zsh-completions.zsh'), script, ...lines],
  fish: (script, lines) => ['fish', '--no-config', '-c', FISH, script, ...lines],
}
const FISH = 'source $argv[1]; for line in $argv[2..]; echo "= $line"; complete -C $line; end'

/** Line → the words offered behind it: those that would stand there as one word. All lines of one start of the shell. */
function offered(shell: Shell, lines: readonly string[]): Map<string, string[]> {
  const [command, ...args] = ask[shell](scriptOf(shell), lines)
  const { stdout } = run(command!, args, {
    cwd: folder,
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, HOME: folder, XDG_CONFIG_HOME: folder, TERM: 'dumb' },
    timeoutMs: 170_000,
  })
  const answers = stdout
    .split(/^= /m)
    .slice(1)
    .map((answer): [string, string[]] => {
      const [line = '', ...words] = answer.split('\n')
      return [line, [...new Set(words.filter(Boolean).map(plain))].sort()]
    })
  return new Map(answers)
}

/** A shell names the flag, too, or what is in front of a comma or a colon, as it needs it. */
const plain = (word: string) =>
  word
    .replace(/\t.*/, '')
    .replace(/^--?[\w-]+=(?=.)|^.*,|^:/, '')
    .replace(/=$/, '')

const every: [line: string, words: string[]][] = [
  ['linsight sn', ['snapshot']],
  ['linsight bpf r', ['replay', 'run']],
  ['linsight snapshot show --en', ['--endian']],
  ['linsight bpf run --backend b', ['bcc', 'bpftrace']],
  ['linsight bpf run --backend=b', ['bcc', 'bpftrace']],
  ['linsight bpf show biol', ['biolatency']],
  ['linsight diagnose --explain accept-queue-f', ['accept-queue-full']],
  ['linsight diagnose --unit ng', ['nginx.service']],
  ['linsight diagnose --no-tr', ['--no-trace']],
  ['linsight mynetstat --group-', ['--group-by']],
  ['linsight completion f', ['fish']],
  ['mynetstat --color=al', ['always']],
  ['mynetstat -nt --sort=local-p', ['local-port', 'local-port:desc']],
  ['mynetstat -A un', ['unix']],
  ['mynetstat -ntA un', ['unix']],
  ['mynetstat --columns pid,unit,conta', ['container']],
  ['mynetstat :80', ['8080']],
  ['mynetstat -ant state clos', ['close-wait', 'closing']],
  ['mynetstat --wait 84', ['8443']],
  ['tw-stats --by rem', ['remote']],
  ['trace-syscalls -p 81', ['812', '813']],
  ['trace-syscalls --sort p9', ['p95', 'p99']],
  ['trace-syscalls -f zz-', ['zz-command']],
  ['trace-syscalls -p 812 -- zz-', ['zz-command']],
  ['linsight trace-syscalls zz-', ['zz-command']],
  ['linsight bpf run execsnoop -- zz-', ['zz-command']],
  ['linsight top --by rem', ['remote']],
  ['linsight no-such-command --', []],
]

const shells = Object.keys(SCRIPTS) as Shell[]

describe.each(shells)('%s', shell => {
  describe('offers', needs(shell), () => {
    const FILES = 'mynetstat --from ol'
    const NAMES = 'trace-syscalls --comm n'
    let words: Map<string, string[]>
    beforeAll(() => {
      words = offered(shell, [...every.map(([line]) => line), FILES, NAMES, 'trace-syscalls --comm '])
    }, 180_000)

    test.each(every)('%s', (line, expected) => {
      expect(words.get(line)).toEqual(expected)
    })

    test('files, also with a blank', () => {
      expect(words.get(FILES)?.map(file => file.replaceAll('\\', ''))).toEqual(['old recording.json'])
    })

    test('names of processes as they are, and runs none of them', () => {
      expect(words.get(NAMES)).toEqual(['nginx', 'node'])
      expect(readdirSync(folder)).not.toContain('caught')
    })
  })

  test('is what linsight completion prints', () => {
    const { stdout, status } = runBin('linsight', ['completion', shell])
    expect({ stdout, status }).toEqual({ stdout: readFileSync(scriptOf(shell), 'utf8'), status: 0 })
  })
})

test('in a real bash, TAB writes the word', needs('bash', 'python3'), () => {
  const presses = `
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0: os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])
os.write(fd, b"bind 'set enable-bracketed-paste off'; PS1=; source " + sys.argv[1].encode() + b"; echo rea''dy\\n")
seen = b''
def wait(text):
    global seen
    end = time.time() + 25
    while text not in seen and time.time() < end:
        if select.select([fd], [], [], 0.1)[0]: seen += os.read(fd, 4096)
    return text in seen
assert wait(b'ready'), seen
seen = b''
os.write(fd, b'mynetstat --group-\\tproc\\t')
ok = wait(b'mynetstat --group-by=process ')
os.kill(pid, 9)
print(ok)
`
  const { stdout } = run('python3', ['-c', presses, scriptOf('bash')], {
    env: { TERM: 'dumb', PATH: `${folder}${delimiter}${process.env['PATH']}` },
  })
  expect(stdout.trim()).toBe('True')
})

test('a shell that there is none for is a wrong usage', () => {
  expect(runBin('linsight', ['completion', 'tcsh']).status).toBe(2)
  expect(runBin('linsight', ['completion']).status).toBe(2)
  expect(runBin('linsight', ['completion', 'bash', '--json']).status).toBe(2)
})

test('__complete is fast, silent where it knows nothing, and no command of help', needs('Linux'), () => {
  expect(runBin('linsight', ['__complete', 'pids', String(process.pid)]).stdout).toContain(`${process.pid}\t`)
  for (const words of [[], ['nonsense'], ['pids', 'none']])
    expect(runBin('linsight', ['__complete', ...words])).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(runBin('linsight', ['--help']).stdout).not.toContain('__complete')
  expect(existsSync(join(ROOT, 'dist/man/linsight-__complete.1'))).toBe(false)
})
