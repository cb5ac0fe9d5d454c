import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { textWidth } from '../../src/terminal/text-width.ts'
import { needs } from '../support/needs.ts'
import { binPath, ROOT } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'
import { Tmux } from './tmux.ts'

const RATE = 1_000_000
const SLOW_RATE = 50_000
/** Brief connections a second, and what each carries. */
const BRIEF = 10
const WAITING = 9
const HOSTILE = 'evil\x1b[31m\u202e名前'

describe(
  'linsight top',
  { ...needs('root', 'namespaces', 'unshare', 'nsenter', 'ip', 'python3', 'tmux'), timeout: 90_000 },
  () => {
    let load: Fixture<{ pid: number; port: number }>
    let hostile: Fixture<{ pid: number; port: number }>
    let inside: string[]
    beforeAll(async () => {
      const program = `${ROOT}fixtures/programs/steady-traffic.py`
      const wanted = { lo: true, rates: [RATE, SLOW_RATE], idle: 20, short: BRIEF, waiting: WAITING, unread: 5000 }
      load = await startFixture('unshare', ['--net', '/usr/bin/python3', program, JSON.stringify(wanted)])
      inside = ['nsenter', '-t', String(load.facts.pid), '-n']
      hostile = await startFixture('nsenter', [
        ...inside.slice(1),
        '/usr/bin/python3',
        program,
        JSON.stringify({ rates: [2000], name: HOSTILE }),
      ])
    })
    afterAll(async () => {
      await hostile?.stop()
      await load?.stop()
    })

    let terminal: Tmux | undefined
    afterEach(() => {
      terminal?.close()
      terminal = undefined
    })

    const command = (...args: string[]) => [...inside, process.execPath, binPath('linsight'), 'top', ...args]
    const open = (args: string[] = [], size?: ConstructorParameters<typeof Tmux>[1]) => {
      terminal = new Tmux(
        command(...args)
          .map(quote)
          .join(' '),
        size,
      )
      return terminal
    }

    test('traffic of a known rate is shown within 2 %', async () => {
      const screen = open(['--view', 'connections', '--interval', '2s', '--pid', String(load.facts.pid)], {
        width: 130,
        height: 30,
      })
      // Both ends of both connections are of the same process.
      const rates = (text: string) =>
        [...text.matchAll(/([\d.]+) (KiB|MiB|B)\b/g)].map(([, n, unit]) => Number(n) * UNITS[unit!]!)
      const near = (rate: number, wanted: number) => Math.abs(rate / wanted - 1) <= 0.02
      await screen.until(text => {
        const shown = rates(text.split('\n').slice(5).join('\n'))
        return [RATE, SLOW_RATE].every(wanted => shown.filter(rate => near(rate, wanted)).length >= 2)
      }, 'both ends of both connections at their rate')
      const found = runTop([
        '--json',
        '--count',
        '2',
        '--interval',
        '3s',
        '--pid',
        String(load.facts.pid),
        '--view',
        'connections',
      ])
      const ticks = found.filter(({ type }) => type === 'tick')
      const total = ticks.reduce((sum, { seconds }) => sum + seconds, 0)
      const mean = (name: 'receivedBytesPerS' | 'sentBytesPerS') =>
        Math.max(
          ...ticks[0]!.rows.map(
            ({ cookie }) =>
              ticks.reduce(
                (sum, { rows, seconds }) => sum + (rows.find(row => row.cookie === cookie)?.[name] ?? 0) * seconds,
                0,
              ) / total,
          ),
        )
      expect(near(mean('receivedBytesPerS'), RATE)).toBe(true)
      expect(near(mean('sentBytesPerS'), RATE)).toBe(true)
    })

    test('connections that no look sees are counted for who listens, and as accepted', () => {
      const [tick] = runTop(['--json', '--count', '1', '--interval', '3s', '--view', 'listeners'])
      const brief = tick!.rows.find(({ acceptsPerS }) => acceptsPerS !== undefined && acceptsPerS > 0)
      expect(brief).toMatchObject({ pid: load.facts.pid, connections: 0 })
      expect(brief!.acceptsPerS).toBeGreaterThan(BRIEF / 2)
      expect(brief!.acceptsPerS).toBeLessThanOrEqual(BRIEF * 1.1)
      expect(tick!.rows.find(({ queue }) => queue > 0)).toMatchObject({ queue: WAITING, queueLimit: 8 })
      expect(tick!.totals.closedPerS).toBeGreaterThan(BRIEF)
    })

    test('keys: into a process, one connection, and back; filter, order, groups, help, another view', async () => {
      const screen = open([], { width: 110, height: 30 })
      await screen.until(text => text.includes('MiB'), 'rates')
      screen.keys('Enter')
      await screen.until(
        text => text.includes(`connections of python3 ${load.facts.pid}`),
        'the connections of the first',
      )
      screen.keys('Enter')
      await screen.until(text => text.includes('tcp_info') && text.includes('congestion'), 'everything of one')
      screen.keys('Escape')
      await screen.until(text => text.includes('REMOTE') && !text.includes('tcp_info'), 'back')
      screen.keys('Escape')
      await screen.until(text => text.includes('UNREAD') && !text.includes('connections of'), 'outside')
      screen.type('/dport = :1')
      await screen.until(text => text.includes('/dport = :1'), 'what is typed')
      screen.keys('Enter')
      await screen.until(
        text => text.includes('the filter selects no socket') && text.includes('filter: dport = :1'),
        'the filter',
      )
      screen.keys('Escape')
      await screen.until(text => text.includes(String(load.facts.pid)) && !text.includes('filter:'), 'no filter')
      screen.type('/pid is')
      screen.keys('Enter')
      await screen.until(
        (_, lines) => lines.at(-2)!.startsWith('/pid is') && lines.at(-1)!.includes('is'),
        'why it is no filter',
      )
      screen.keys('C-u')
      screen.type('steady')
      await screen.until(text => text.includes('the filter selects no socket'), 'what is typed, at once')
      screen.keys('Escape')
      await screen.until(text => !text.includes('/steady') && text.includes(String(load.facts.pid)), 'all again')
      screen.type('/pyth')
      screen.keys('Enter')
      await screen.until(text => text.includes('filter: program ~ *pyth*'), 'how a word is read')
      screen.keys('Escape')
      screen.type('g')
      await screen.until(text => text.includes('group: program'), 'programs')
      screen.type('s')
      await screen.until(text => text.includes('PID▲'), 'another order')
      screen.type('?')
      await screen.until(text => text.includes('CHOOSE AND ORDER'), 'help')
      screen.keys('Escape')
      screen.type('3')
      await screen.until(text => text.includes('[3 Listeners]') && text.includes('ACCEPTS/s'), 'listeners')
      screen.keys('Tab')
      await screen.until(text => /\[4 TIME_WAIT\]/.test(text) && text.includes('127.0.0.1:'), 'destinations')
      screen.type(' ')
      await screen.until(text => text.includes('PAUSED'), 'a pause')
    })

    test('findings come from a diagnosis in the background, with their time', async () => {
      const screen = open(['--view', 'findings'], { width: 100, height: 20 })
      await screen.until(text => text.includes('looking'), 'that it looks')
      await screen.until(text => /from \d+s ago/.test(text) && text.includes('does not accept'), 'the finding')
      screen.keys('Enter')
      await screen.until(text => text.includes('because'), 'its evidence')
    })

    test('names that would act are shown as they are, at every width', async () => {
      const screen = open(['--pid', String(hostile.facts.pid)], { width: 180, height: 14 })
      await screen.until(text => text.includes('evil\\x1b[31m\\u202e名前'), 'the name, escaped')
      for (const width of [80, 40, 200]) {
        screen.resize(width, 14)
        await screen.until(
          (text, lines) =>
            text.includes('linsight top') &&
            lines[0]!.trimEnd().length === width &&
            text.includes(String(hostile.facts.pid)),
          `${width} columns`,
        )
        for (const line of screen.screen()) expect(textWidth(line)).toBeLessThanOrEqual(width)
      }
    })

    test('the smallest of terminals takes keys, too', async () => {
      const screen = open([], { width: 80, height: 10 })
      await screen.until(text => text.includes('Processes'), 'the screen')
      screen.resize(2, 1)
      screen.type('/sport = 1')
      screen.keys('Escape')
      screen.resize(80, 10)
      await screen.until(text => text.includes('[1 Processes]') && !text.includes('/sport'), 'the screen again')
    })

    test('w writes a snapshot that the other commands read, for its owner alone', async () => {
      const folder = temporaryFolder()
      terminal = new Tmux(`cd ${quote(folder)}; ${command().map(quote).join(' ')}`)
      await terminal.until(text => text.includes('Processes'), 'the screen')
      terminal.type('w')
      await terminal.until(text => text.includes('was written'), 'that it is written')
      const [file] = readdirSync(folder)
      expect(file).toMatch(/^[\w.-]+\.snap\.json\.gz$/)
      const { status, stdout } = runBin('linsight', ['top', '--from', join(folder, file!), '--view', 'listeners'])
      expect([status, stdout.includes(`python3 ${load.facts.pid}`)]).toEqual([0, true])
    })

    test('a folder of recordings is replayed, held and stepped through', async () => {
      const folder = temporaryFolder()
      for (const name of ['a', 'b', 'c']) {
        const file = join(folder, `${name}.snap.json`)
        const [first, ...rest] = [...inside, process.execPath, binPath('linsight'), 'snapshot', 'save', file]
        const saved = run(first, rest)
        expect(saved.status).toBe(0)
      }
      const screen = open(['--from', folder, '--interval', '300ms'], { width: 100, height: 20 })
      await screen.until(text => text.includes('recording 3 of 3'), 'the last')
      screen.type(',')
      const lines = await screen.until(text => text.includes('PAUSED   recording 2 of 3'), 'the one before')
      expect(lines.join('\n')).toMatch(/python3 .*KiB/)
      screen.type(',,')
      await screen.until(text => text.includes('this is the first recording'), 'that there is none before')
      screen.type(' ')
      await screen.until(text => text.includes('recording 3 of 3'), 'that it goes on')
    })

    describe('the terminal is whole again', () => {
      /** A shell in which top runs, with what the terminal was before. */
      async function inShell(args: string[] = [], env: Record<string, string> = {}) {
        const folder = temporaryFolder()
        const file = (name: string) => join(folder, name)
        writeFileSync(file('rc'), "PS1='ready> '\n")
        terminal = new Tmux(`bash --rcfile ${file('rc')} -i`, { width: 100, height: 24, env })
        const shell = terminal
        await shell.until(text => text.includes('ready>'), 'the shell')
        shell.type(`stty -a >${file('before')}; echo was-here`)
        shell.keys('Enter')
        await shell.until(text => text.includes('\nwas-here'), 'what was before')
        writeFileSync(
          file('run'),
          `exec ${command(...args)
            .map(quote)
            .join(' ')}\n`,
        )
        shell.type(`sh ${file('run')}; echo status=$?`)
        shell.keys('Enter')
        await shell.until(text => text.includes('[1 Processes]'), 'the screen')
        expect(shell.ask('#{alternate_on} #{cursor_flag}')).toBe('1 0')
        return {
          shell,
          file,
          isWhole: async (status: RegExp) => {
            const lines = await shell.until(
              text => status.test(text) && text.trimEnd().endsWith('ready>'),
              `the shell with ${status}`,
            )
            expect(lines.join('\n')).toContain('\nwas-here')
            expect(lines.join('\n')).not.toContain('[1 Processes]')
            expect(shell.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1')
            shell.type(`stty -a >${file('after')}; echo and-after`)
            shell.keys('Enter')
            await shell.until(text => text.includes('\nand-after'), 'what is after')
            expect(readFileSync(file('after'), 'utf8')).toBe(readFileSync(file('before'), 'utf8'))
          },
          /** The process that draws. */
          pid: () =>
            Number(run('pgrep', ['-f', '-n', `^${process.execPath} ${binPath('linsight')} top`]).stdout.trim()),
        }
      }

      test('after q, and the cursor is where it was', async () => {
        const { shell, isWhole } = await inShell()
        shell.type('q')
        await isWhole(/\nstatus=0\n/)
      })

      test('after Ctrl-C', async () => {
        const { shell, isWhole } = await inShell()
        shell.keys('C-c')
        await isWhole(/\nstatus=130\n/)
      })

      test.each([
        ['SIGTERM', 143],
        ['SIGHUP', 129],
        ['SIGINT', 130],
        ['SIGQUIT', 131],
        ['SIGUSR2', 140],
      ] as const)('after %s', async (signal, status) => {
        const { isWhole, pid } = await inShell()
        process.kill(pid(), signal)
        await isWhole(new RegExp(`\nstatus=${status}\n`))
      })

      test('after Ctrl-Z, and fg brings the screen back', async () => {
        const { shell, file, isWhole } = await inShell()
        shell.keys('C-z')
        await shell.until(text => text.includes('Stopped') && text.trimEnd().endsWith('ready>'), 'the shell')
        expect(shell.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1')
        shell.type(`stty -a >${file('stopped')}; fg; echo status=$?`)
        shell.keys('Enter')
        await shell.until(text => text.includes('[1 Processes]'), 'the screen again')
        expect(shell.ask('#{alternate_on} #{cursor_flag}')).toBe('1 0')
        shell.type('2')
        await shell.until(text => text.includes('[2 Connections]'), 'that keys are heard')
        expect(readFileSync(file('stopped'), 'utf8')).toBe(readFileSync(file('before'), 'utf8'))
        shell.type('q')
        await isWhole(/\nstatus=0\n/)
      })

      test('Ctrl-Z stops the script it is in, too, and nobody where no shell waits', async () => {
        const folder = temporaryFolder()
        const file = (name: string) => join(folder, name)
        writeFileSync(file('rc'), "PS1='ready> '\n")
        writeFileSync(file('script'), `${command().map(quote).join(' ')}\necho behind=$?\n`)
        terminal = new Tmux(`bash --rcfile ${file('rc')} -i`, { width: 100, height: 24 })
        await terminal.until(text => text.includes('ready>'), 'the shell')
        terminal.type(`sh ${file('script')}`)
        terminal.keys('Enter')
        await terminal.until(text => text.includes('[1 Processes]'), 'the screen')
        terminal.keys('C-z')
        await terminal.until(text => text.includes('Stopped') && text.trimEnd().endsWith('ready>'), 'the shell')
        terminal.type('fg')
        terminal.keys('Enter')
        await terminal.until(text => text.includes('[1 Processes]'), 'the screen again')
        terminal.type('q')
        await terminal.until(text => text.includes('behind=0'), 'its end')
        terminal.close()
        open()
        await terminal.until(text => text.includes('[1 Processes]'), 'the screen')
        terminal.keys('C-z')
        terminal.type('2')
        await terminal.until(text => text.includes('[2 Connections]'), 'that it goes on')
      })

      test('where the terminal goes, it ends as one that hears no SIGHUP', async () => {
        const file = join(temporaryFolder(), 'status')
        terminal = new Tmux(`trap '' HUP; ${command().map(quote).join(' ')}; echo $? >${file}`)
        await terminal.until(text => text.includes('[1 Processes]'), 'the screen')
        terminal.close()
        terminal = undefined
        await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '')
        expect(readFileSync(file, 'utf8')).toBe('129\n')
      })

      test('after an exception, which is told', async () => {
        const thrower = join(temporaryFolder(), 'throw.cjs')
        const go = `${thrower}.go`
        writeFileSync(
          thrower,
          `if (process.argv.includes('top')) setInterval(() => { if (require('node:fs').existsSync(${JSON.stringify(go)})) throw new Error('thrown in a timer') }, 50).unref()\n`,
        )
        const { isWhole } = await inShell([], { NODE_OPTIONS: `--require ${thrower}` })
        writeFileSync(go, '')
        expect(existsSync(go)).toBe(true)
        await isWhole(/thrown in a timer[^]*\nstatus=1\n/)
      })
    })

    describe('where there is no screen', () => {
      test('TERM=dumb is a table a look', async () => {
        terminal = new Tmux(`TERM=dumb ${command('--count', '1').map(quote).join(' ')}; sleep 60`, { width: 150 })
        const lines = await terminal.until(text => text.includes('PROGRAM'), 'a table')
        expect(lines.join('\n')).not.toContain('[1 Processes]')
        expect(terminal.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1')
      })

      test('without a keyboard it is shown, and ended by a signal', async () => {
        terminal = new Tmux(`${command().map(quote).join(' ')} </dev/null; echo status=$?; sleep 60`)
        await terminal.until(text => text.includes('[1 Processes]'), 'the screen')
        terminal.keys('C-c')
        await terminal.until(text => text.includes('status=130'), 'its end')
      })
    })

    interface Tick {
      type: string
      seconds: number
      totals: { closedPerS: number }
      rows: {
        pid?: number
        cookie?: string
        receivedBytesPerS?: number
        sentBytesPerS?: number
        acceptsPerS?: number
        queue: number
      }[]
    }

    function runTop(args: string[]): Tick[] {
      const [first, ...rest] = command(...args)
      const { status, stdout, stderr } = run(first!, rest)
      expect([status, stderr]).toEqual([0, ''])
      return stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Tick)
    }
  },
)

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2 }

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
