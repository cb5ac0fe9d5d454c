// Writes the parts of docs/ that the code knows: flags, FIELDS, OVERHEAD and EXIT CODES of every command, the jobs, the
// warnings, the exit codes and the errors. They stand between `<!-- generated: WHAT -->` and `<!-- end -->`.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const USAGE = `usage: npm run docs
       node scripts/write-docs.mjs --check

Writes the generated parts of docs/*.md and the man pages in package.json from src/. --check writes nothing and ends with status 1 where one is stale.
`

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
const BLOCK = /^<!-- generated: ([\w :-]+) -->\n[^]*?^<!-- end -->$/gm

const PARTS = {
  flags: ([id], { command, sourceFlags }) => ownFlags(command(id).flags, sourceFlags),
  'common flags': (_, { commonFlags }) => flagTable(commonFlags),
  'source flags': (_, { sourceFlags }) => flagTable(sourceFlags),
  fields: ([id], { command }) => fenced(command(id).fields),
  'more fields': ([id], { command }) => fenced(command(id).moreFields),
  columns: (_, { columns }) => columns.map(code).join(', '),
  conditions: ([id], { command }) => fenced(command(id).conditions),
  overhead: ([id], { command }) => fenced(command(id).overhead),
  'exit codes': ([id], { command }) => fenced(command(id).exitCodes),
  commands: (_, { commands }) =>
    table(
      ['command', 'answers'],
      commands
        .filter(([, { hidden }]) => hidden !== true)
        .map(([id, { summary }]) => [code(typed(id)), escaped(summary)]),
    ),
  jobs: (_, { jobs }) =>
    table(
      ['job', 'shows', 'does not show', 'costs'],
      jobs.map(job => [code(job.name), ...[job.shows, job.doesNotShow, job.overhead].map(escaped)]),
    ),
  'reasons without an owner': (_, { ownerlessReasons }) =>
    table(
      ['reason', 'means'],
      Object.entries(ownerlessReasons).map(([name, meaning]) => [code(name), meaning]),
    ),
  'what limits a sender': (_, { limitedBy }) =>
    table(
      ['limited by', 'means'],
      Object.entries(limitedBy).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'peer kinds': (_, { peerKinds }) =>
    table(
      ['kind', 'means'],
      Object.entries(peerKinds).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'end kinds': (_, { endKinds }) =>
    table(
      ['kind', 'means'],
      Object.entries(endKinds).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'host failures': (_, { hostFailures }) =>
    table(
      ['code', 'means'],
      Object.entries(hostFailures).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'host flags': (_, { hostFlags }) => flagTable(hostFlags),
  'health checks': (_, { healthChecks }) =>
    table(
      ['code', 'means'],
      Object.entries(healthChecks).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'health thresholds': (_, { healthThresholds }) =>
    table(
      ['from', 'of', 'since'],
      Object.values(healthThresholds).map(({ value, unit, reason }) => [String(value), unit, reason]),
    ),
  causes: (_, { rules, causes, thresholds }) =>
    rules
      .map(({ cause, family, why, thresholds: names, looks, needs }) =>
        [
          `### ${cause}`,
          '',
          `${causes[cause][0].toUpperCase()}${causes[cause].slice(1)}. Family ${family}; ${looks === 1 ? 'one look' : 'two looks'}${needs.length === 0 ? '' : `; needs ${needs.join(' and ')}`}.`,
          '',
          escaped(why),
          ...names.flatMap(name => {
            const { value, unit, reason } = thresholds[name]
            return ['', `- from ${value < 1 ? `${value * 100} %` : value} ${unit} on: ${reason}`]
          }),
        ].join('\n'),
      )
      .join('\n\n'),
  families: (_, { families }) =>
    table(
      ['family', 'type', 'labels', 'what it is, and what for'],
      Object.entries(families).map(([name, { type, labels, perNamespace, help, why }]) => [
        code(name),
        type,
        [...labels, ...(perNamespace ? ['netns'] : [])].map(code).join(', '),
        escaped(`${help} ${why[0].toUpperCase()}${why.slice(1)}.`),
      ]),
    ),
  'filter fields': (_, { filterFields }) =>
    table(
      ['word', 'of a socket'],
      Object.entries(filterFields).map(([name, { meaning }]) => [code(name), escaped(meaning)]),
    ),
  warnings: (_, { warnings }) =>
    table(
      ['code', 'means'],
      Object.entries(warnings).map(([name, meaning]) => [code(name), escaped(meaning)]),
    ),
  'exit table': (_, { exits, exitMeanings }) =>
    table(
      ['exit', 'means'],
      [
        ...Object.entries(exits).map(([name, exit]) => [String(exit), escaped(exitMeanings[name])]),
        ['128+n', 'ended by signal n'],
      ],
    ),
  errors: (_, { exits, errors }) =>
    table(
      ['code', 'exit', 'means'],
      Object.entries(errors).map(([name, { exit, meaning }]) => [code(name), String(exits[exit]), escaped(meaning)]),
    ),
}

/** `text` of a page with its generated parts as the code has them now. */
function written(text, facts, page) {
  return text.replaceAll(BLOCK, (_, what) => {
    const name = Object.keys(PARTS).find(part => what === part || what.startsWith(`${part} `))
    if (name === undefined) throw new Error(`${page}: nothing is generated as "${what}"`)
    const body = PARTS[name](what.slice(name.length + 1).split(' '), facts)
    return `<!-- generated: ${what} -->\n\n${body}\n\n<!-- end -->`
  })
}

/** What the pages quote, loaded from src. */
async function loadFacts() {
  const folder = join(root, 'node_modules/.cache/linsight-docs')
  const outfile = join(folder, `facts-${process.pid}.mjs`)
  mkdirSync(folder, { recursive: true })
  await build({
    stdin: {
      contents: `
        export { registry } from './src/app/registry.ts'
        export { BINS as bins } from './src/app/bins.ts'
        export { pageName } from './src/manual/man-pages.ts'
        export { BaseCommand, sourceFlags } from './src/cli/base-command.ts'
        export { EXIT as exits, EXIT_MEANINGS as exitMeanings, ERRORS as errors } from './src/errors.ts'
        export { WARNINGS as warnings } from './src/warnings.ts'
        export { SOCKET_COLUMN_NAMES as columns } from './src/sockets/show/columns.ts'
        export { LIMITED_BY as limitedBy } from './src/sockets/rules/limited-by.ts'
        export { OWNERLESS_REASONS as ownerlessReasons } from './src/sockets/rules/ownerless.ts'
        export { END_KINDS as endKinds } from './src/sockets/hosts/host-socket.ts'
        export { HOST_FAILURES as hostFailures } from './src/fleet/model.ts'
        export { hostFlags } from './src/fleet/command/host-flags.ts'
        export { PEER_KINDS as peerKinds } from './src/sockets/peers/peer.ts'
        export { HEALTH_CHECKS as healthChecks } from './src/sockets/health/checks.ts'
        export { THRESHOLDS as healthThresholds } from './src/sockets/health/thresholds.ts'
        import { NUMBER_FIELDS, TEXT_FIELDS } from './src/sockets/filter/language/fields.ts'
        export const filterFields = { ...NUMBER_FIELDS, ...TEXT_FIELDS }
        export { RULES as rules } from './src/diagnose/rules/all.ts'
        export { CAUSES as causes } from './src/diagnose/causes.ts'
        export { THRESHOLDS as thresholds } from './src/diagnose/thresholds.ts'
        export { FAMILIES as families } from './src/metrics/families.ts'
        export { JOBS as jobs } from './src/bpf/jobs/catalog.ts'`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  })
  try {
    const { registry, BaseCommand, ...facts } = await import(pathToFileURL(outfile).href)
    const loaded = Object.entries(registry).map(async ([id, load]) => [id, (await load()).default])
    const commands = await Promise.all(loaded)
    const byId = Object.fromEntries(commands)
    const command = id => byId[id] ?? fail(`there is no command ${id}`)
    return { ...facts, commands, command, commonFlags: BaseCommand.baseFlags }
  } finally {
    rmSync(outfile, { force: true })
  }
}

/** A command's own flags; those it shares are linked to. */
function ownFlags(flags, sourceFlags) {
  const isShared = ([name, flag]) => name in sourceFlags && flag.description === sourceFlags[name].description
  const own = Object.fromEntries(Object.entries(flags).filter(entry => !isShared(entry)))
  const shared = Object.entries(flags).filter(isShared)
  const links = ['those of [every command](README.md#flags-of-every-command)']
  if (shared.length > 0)
    links.push(
      `${shared.map(([name]) => code(`--${name}`)).join(' and ')} of [what reads /proc](README.md#flags-of-commands-that-read-proc)`,
    )
  const common = `${Object.keys(own).length > 0 ? 'Also' : 'Its flags are'} ${links.join(', and ')}.`
  return Object.keys(own).length > 0 ? `${flagTable(own)}\n\n${common}` : common
}

function flagTable(flags) {
  const shown = Object.entries(flags).filter(([, flag]) => !flag.hidden)
  return table(
    ['flag', 'does'],
    shown.map(([name, flag]) => [flagNames(name, flag), flagText(flag)]),
  )
}

function flagNames(name, { char, type, helpValue, options, multiple, aliases = [] }) {
  const value = type === 'boolean' ? '' : `=${helpValue ?? options?.join('|') ?? 'N'}${multiple ? '…' : ''}`
  const letters = char === undefined ? [] : [code(`-${char}`)]
  return [...letters, code(`--${name}${value}`), ...aliases.map(alias => code(`--${alias}`))].join(', ')
}

function flagText({ description = '', type, default: preset, env }) {
  const extras = [
    type === 'option' && preset !== undefined && typeof preset !== 'function' ? `default ${code(preset)}` : '',
    env === undefined ? '' : `or ${code(env)} in the environment`,
  ].filter(Boolean)
  return escaped(description) + (extras.length > 0 ? ` (${extras.join('; ')})` : '')
}

/** A section of `--help`, without the blanks that all its lines begin with. */
function fenced(text) {
  if (typeof text !== 'string') fail('the help of this command has no such section')
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n')
  const indents = lines.filter(line => line.trim() !== '').map(line => /^ */.exec(line)[0].length)
  // The first line of a text that begins behind its quote stands further left than the others.
  const shift = Math.min(...(indents[0] === 0 ? indents.slice(1) : indents), Infinity)
  const cut = line => line.slice(Math.min(/^ */.exec(line)[0].length, Number.isFinite(shift) ? shift : 0))
  const body = indents.slice(1).includes(0) ? lines : lines.map(cut)
  return `\`\`\`text\n${body.join('\n')}\n\`\`\``
}

function table(heads, rows) {
  const line = cells => `| ${cells.map(cell => cell.replaceAll('\n', ' ')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

const escaped = text => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const code = text => `\`${String(text).replaceAll('|', '\\|')}\``
const typed = id => (id.includes(':') ? `linsight ${id.replaceAll(':', ' ')}` : id)

/** package.json with the list of man pages that the build makes. */
function withManPages(text, { commands, pageName, bins }) {
  const shown = commands.filter(([, { hidden }]) => hidden !== true)
  const man = ['linsight', ...shown.map(([id]) => pageName(id, bins))].map(name => `dist/man/${name}.1`).sort()
  const { bin, man: _, ...rest } = JSON.parse(text)
  const entries = Object.entries(rest)
  const at = entries.findIndex(([key]) => key === 'files')
  entries.splice(at, 0, ['bin', bin], ['man', man])
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}

function fail(message) {
  throw new Error(message)
}

const args = process.argv.slice(2)
if (args.some(arg => arg !== '--check')) {
  process.stderr.write(USAGE)
  process.exit(2)
}
const facts = await loadFacts()
const stale = []
for (const page of readdirSync(docs).filter(name => name.endsWith('.md'))) {
  const file = join(docs, page)
  const text = readFileSync(file, 'utf8')
  const fresh = written(text, facts, page)
  if (fresh === text) continue
  stale.push(`docs/${page}`)
  if (!args.includes('--check')) writeFileSync(file, fresh)
}
const packageFile = join(root, 'package.json')
const packageText = readFileSync(packageFile, 'utf8')
const freshPackage = withManPages(packageText, facts)
if (freshPackage !== packageText) {
  stale.push('package.json')
  if (!args.includes('--check')) writeFileSync(packageFile, freshPackage)
}
if (args.includes('--check') && stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}; npm run docs writes them\n`)
  process.exitCode = 1
}
