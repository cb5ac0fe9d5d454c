// Writes schemas/*.json, a JSON Schema of every document and of every line of a stream, from the types that the code
// writes them by. The generator brings a TypeScript of its own, since the project's has no API; later versions than 2.4 want
// Node 22.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFormatter, createParser, createProgram, DEFAULT_CONFIG, SchemaGenerator } from 'ts-json-schema-generator'

const USAGE = `usage: npm run schemas
       node scripts/write-schemas.mjs --check

Writes schemas/*.json from the types of src/. --check writes nothing and ends with status 1 where one is stale.
`

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'schemas')

/** Name of the file and of the schema, the type it is made of and where that stands, what prints it. */
const SCHEMAS = [
  ['sockets', 'SocketsDocument', 'src/sockets/show/document.ts', 'mynetstat --json'],
  [
    'socket-changes-line',
    'SocketChangeLine',
    'src/sockets/change/show/change-json.ts',
    'a line of mynetstat --watch --json',
  ],
  ['socket-diff', 'SocketDiffDocument', 'src/sockets/change/show/diff-json.ts', 'mynetstat --diff --json'],
  ['counters', 'CountersDocument', 'src/network/show/counters-json.ts', 'mynetstat -s --json'],
  ['counters-line', 'CountersLine', 'src/network/show/counters-json.ts', 'a line of mynetstat -s --watch --json'],
  ['routes', 'RoutesDocument', 'src/network/show/routes-json.ts', 'mynetstat -r --json'],
  ['interfaces', 'InterfacesDocument', 'src/network/show/interfaces-json.ts', 'mynetstat -i --json'],
  ['groups', 'GroupsDocument', 'src/network/show/groups-json.ts', 'mynetstat -g --json'],
  ['sockets-line', 'SocketsLine', 'src/sockets/show/document.ts', 'a line of mynetstat -c --json'],
  ['socket-groups', 'SocketGroupsDocument', 'src/sockets/group/show/groups-document.ts', 'mynetstat --group-by --json'],
  [
    'socket-summary',
    'SocketSummaryDocument',
    'src/sockets/group/show/summary-document.ts',
    'mynetstat --summary --json',
  ],
  ['fleet-sockets', 'FleetSocketsDocument', 'src/sockets/hosts/show/fleet-document.ts', 'mynetstat --host --json'],
  ['socket-wait', 'SocketWaitDocument', 'src/sockets/group/show/wait-document.ts', 'mynetstat --wait --json'],
  ['pipes', 'PipesDocument', 'src/sockets/show/pipes/pipes-document.ts', 'mynetstat --pipes --json'],
  ['socket-health', 'SocketHealthDocument', 'src/sockets/show/health/health-document.ts', 'mynetstat --health --json'],
  [
    'published',
    'PublishedDocument',
    'src/sockets/published/show/published-document.ts',
    'mynetstat --published --json',
  ],
  ['exposure', 'ExposureDocument', 'src/sockets/exposure/show/exposure-document.ts', 'mynetstat --exposure --json'],
  [
    'syscall-profile',
    'SyscallProfileDocument',
    'src/syscalls/show/document.ts',
    'trace-syscalls --json, and its --record',
  ],
  [
    'syscall-profile-line',
    'SyscallReportLine',
    'src/syscalls/show/document.ts',
    'a line of trace-syscalls --interval --json',
  ],
  ['time-wait', 'TimeWaitDocument', 'src/time-wait/show/json.ts', 'tw-stats --json'],
  ['time-wait-namespaces', 'TimeWaitNamespacesDocument', 'src/time-wait/show/json.ts', 'tw-stats --all-netns --json'],
  ['time-wait-line', 'TimeWaitLine', 'src/time-wait/show/session.ts', 'a line of tw-stats --watch --json'],
  ['top', 'TopLine', 'src/top/show/json.ts', 'a line of linsight top --json'],
  ['metrics', 'MetricsDocument', 'src/metrics/show/document.ts', 'linsight metrics print --json'],
  ['fleet-time-wait', 'FleetTimeWaitDocument', 'src/time-wait/show/fleet-json.ts', 'tw-stats --host --json'],
  ['bpf-doctor', 'BpfDoctorDocument', 'src/bpf/show/documents.ts', 'linsight bpf doctor --json'],
  ['bpf-list', 'BpfListDocument', 'src/bpf/show/documents.ts', 'linsight bpf list --json'],
  ['bpf-show', 'BpfShowDocument', 'src/bpf/show/documents.ts', 'linsight bpf show --json'],
  ['bpf-run', 'BpfRunLine', 'src/bpf/show/documents.ts', 'a line of linsight bpf run, script or replay --json'],
  ['bpf-tool', 'BpfToolLine', 'src/bpf/show/documents.ts', 'a line of linsight bpf bcc --json'],
  ['snapshot-saved', 'SnapshotSavedDocument', 'src/snapshot/show/document.ts', 'linsight snapshot save --json'],
  [
    'fleet-snapshots',
    'FleetSnapshotsDocument',
    'src/snapshot/show/fleet-saved.ts',
    'linsight snapshot save --host --json',
  ],
  ['snapshot-summary', 'SnapshotSummaryDocument', 'src/snapshot/show/document.ts', 'linsight snapshot show --json'],
  [
    'snapshot-entry',
    'SnapshotEntryDocument',
    'src/snapshot/show/document.ts',
    'linsight snapshot show FILE PATH --json',
  ],
  ['diagnose', 'DiagnoseDocument', 'src/diagnose/show/document.ts', 'linsight diagnose --json'],
  [
    'fleet-diagnose',
    'FleetDiagnoseDocument',
    'src/diagnose/show/fleet-diagnosis.ts',
    'linsight diagnose --host --json',
  ],
  ['causes', 'CausesDocument', 'src/diagnose/show/explain.ts', 'linsight diagnose --explain CAUSE --json'],
  ['observation', 'ObservationDocument', 'src/diagnose/recording.ts', 'the file of linsight diagnose --record'],
  ['processes', 'ProcessesDocument', 'src/library/show/processes-document.ts', 'processes() of the library'],
  [
    'socket-changes',
    'SocketChangesDocument',
    'src/library/show/socket-changes-document.ts',
    'a look of watch() of the library',
  ],
  ['report', 'ReportData', 'src/report/model.ts', 'the data inside a page of linsight report'],
  ['report-saved', 'ReportSavedDocument', 'src/report/show/document.ts', 'linsight report --json'],
  ['snapshot', 'SnapshotDocument', 'src/proc/snapshot-format.ts', 'the file of linsight snapshot save'],
  ['error', 'ErrorDocument', 'src/cli/report-error.ts', 'any command with --json that cannot answer'],
]

/** Schemas as the types are now: name of the file → text. */
function schemaTexts() {
  const config = {
    ...DEFAULT_CONFIG,
    path: `${root}{${[...new Set(SCHEMAS.map(([, , file]) => file))].join(',')}}`,
    tsconfig: join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    topRef: false,
    encodeRefs: false,
  }
  const program = createProgram(config)
  const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config)
  return new Map(
    SCHEMAS.map(([name, type, , title]) => {
      const { $schema, description, anyOf, definitions, ...rest } = generator.createSchema(type)
      const schema = {
        $schema,
        $id: `linsight/${name}/1`,
        title,
        description,
        ...rest,
        // Lines of a stream differ by their `type`.
        ...(anyOf && { oneOf: anyOf }),
        definitions,
      }
      return [`${name}.json`, `${JSON.stringify(schema, tidy, 2)}\n`]
    }),
  )
}

/**
 * Comments without their marks, names that a pointer may hold (`StatsJson<Row>`), and no word of `undefined`: a key that
 * has no value is not printed.
 */
function tidy(key, value) {
  if (key === 'description' && typeof value === 'string')
    return value.replaceAll(/\{@link ([^}]*)\}/g, '$1').replaceAll('\n', ' ')
  if (key === '$ref') return value.replaceAll(/[<>]/g, '')
  if (key === 'definitions')
    return Object.fromEntries(Object.entries(value).map(([name, kind]) => [name.replaceAll(/[<>]/g, ''), kind]))
  if (key === 'additionalProperties' && isUndefined(value)) return false
  if (!Array.isArray(value?.anyOf) || !value.anyOf.some(isUndefined)) return value
  const { anyOf, ...rest } = value
  const kinds = anyOf.filter(kind => !isUndefined(kind))
  return kinds.length === 1 ? { ...kinds[0], ...rest } : { anyOf: kinds, ...rest }
}

const isUndefined = kind => JSON.stringify(kind) === '{"not":{}}'

const args = process.argv.slice(2)
if (args.some(arg => arg !== '--check')) {
  process.stderr.write(USAGE)
  process.exit(2)
}
const texts = schemaTexts()
mkdirSync(folder, { recursive: true })
const present = new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
const stale = [...new Set([...texts.keys(), ...present.keys()])].filter(name => texts.get(name) !== present.get(name))
if (args.includes('--check')) {
  if (stale.length > 0) process.stderr.write(`stale: ${stale.join(', ')}; npm run schemas\n`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const name of stale) {
    if (texts.has(name)) writeFileSync(join(folder, name), texts.get(name))
    else rmSync(join(folder, name))
  }
}
