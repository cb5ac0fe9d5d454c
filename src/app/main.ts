import { Config } from '@oclif/core/config'
import { flush } from '@oclif/core/flush'
import { run } from '@oclif/core/run'
import type { Command } from '@oclif/core/command'
import type { Options, PJSON, Plugin } from '@oclif/core/interfaces'
import { BINS, TOPICS } from './bins.ts'
import { registry } from './registry.ts'
import { helpWidth, LinsightHelp } from '../cli/help.ts'
import { endOptionsOf } from './options-end.ts'
import { guardStreams } from '../cli/guard-streams.ts'
import { reportError } from '../cli/report-error.ts'

export interface PackageFacts {
  name: string
  version: string
  /** Folder of package.json. */
  root: string
  /** The static side of every command, written at build time so that `--help` and dispatch load no command. */
  manifest: Record<string, Command.Cached>
}

const HELP_FLAGS = ['--help', '-h']
const VERSION_FLAGS = ['--version', '-V']

/** How oclif names the only command of a single-command program. */
const SINGLE = String(Symbol('SINGLE_COMMAND_CLI'))

/** A theme of the user's would be one more file to read at every start, for colours that our help does not have. */
Config.prototype.loadTheme = async () => undefined

/**
 * Runs one invocation of a bin.
 *
 * The root plugin is built here from the manifest instead of being discovered on disk: oclif then opens no file and
 * globs no folder, and parsing, help and dispatch stay its own.
 */
export async function main(bin: string, words: string[], facts: PackageFacts): Promise<void> {
  const only = BINS[bin]
  const commands = only ? [] : Object.keys(facts.manifest).map(id => id.replaceAll(':', ' '))
  const report = (error: unknown) => reportError(error, words, { bin, commands })
  guardStreams(error => process.exit(report(error)))
  // Otherwise this signal opens Node's inspector, through which everybody on the machine could run code as this user.
  process.on('SIGUSR1', () => {})
  const argv = endOptionsOf(words, facts.manifest, only)
  try {
    const options = oclifOptions(bin, facts)
    if (wantsHelp(argv, only !== undefined)) {
      const config = await Config.load(options)
      await new LinsightHelp(config, { ...config.pjson.oclif.helpOptions }).showHelp(only ? [SINGLE] : argv)
    } else if (argv.length === 1 && VERSION_FLAGS.includes(argv[0]!)) {
      // oclif would load the command of a single-command program first.
      const { userAgent } = await Config.load(options)
      process.stdout.write(`${userAgent}\n`)
    } else {
      await run(argv, options)
    }
    await flush()
  } catch (error) {
    process.exitCode = report(error)
  }
}

function wantsHelp(argv: readonly string[], isSingleCommand: boolean): boolean {
  if (argv.length === 0) return !isSingleCommand
  // A topic by itself: oclif would print its help, in its own form.
  if (!isSingleCommand && argv.length === 1 && Object.hasOwn(TOPICS, argv[0]!)) return true
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).some(arg => HELP_FLAGS.includes(arg))
}

/** What `Config.load` needs to know of us; the shape is that of an oclif `Plugin`. */
function oclifOptions(bin: string, facts: PackageFacts): Options {
  const only = BINS[bin]
  const commands = only ? { [SINGLE]: { ...facts.manifest[only]!, id: SINGLE, aliases: [] } } : facts.manifest
  const topics = only ? {} : TOPICS
  const pjson: PJSON = {
    name: facts.name,
    version: facts.version,
    oclif: {
      bin,
      dirname: facts.name,
      topicSeparator: ' ',
      topics,
      additionalHelpFlags: HELP_FLAGS.slice(1),
      additionalVersionFlags: VERSION_FLAGS.slice(1),
      helpOptions: { flagSortOrder: 'none', maxWidth: helpWidth(process.stdout, process.env) },
      ...(only && { commands: { strategy: 'single', target: 'none' } }),
    },
  }
  const findCommand = async (id: string) => {
    const command = (await registry[only ?? id]!()).default
    command.id = id
    return command
  }
  const plugin: Plugin & { children: Plugin[]; manifest: object } = {
    _base: '@oclif/core',
    alias: facts.name,
    name: facts.name,
    version: facts.version,
    root: facts.root,
    pjson,
    type: 'core',
    moduleType: 'commonjs',
    isRoot: true,
    valid: true,
    hasManifest: true,
    commandsDir: undefined,
    hooks: {},
    children: [],
    options: { root: facts.root },
    manifest: { version: facts.version, commands },
    commandIDs: Object.keys(commands),
    topics: Object.entries(topics).map(([name, topic]) => Object.assign({ name }, topic)),
    commands: Object.entries(commands).map(([id, command]) =>
      Object.assign({}, command, { id, pluginName: facts.name, pluginType: 'core', load: () => findCommand(id) }),
    ),
    async load() {},
    findCommand,
  }
  return {
    root: facts.root,
    pjson,
    version: facts.version,
    plugins: new Map([[facts.name, plugin]]),
    userPlugins: false,
    devPlugins: false,
  }
}
