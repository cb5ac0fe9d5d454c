// Measures how src/ is laid out, for docs/architecture.md: node scripts/house-figures.mjs [--write].
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')
const PAGE = join(root, 'docs/architecture.md')
const BEGIN = '<!-- house-figures -->\n'
const END = '<!-- end of house-figures -->'

/** The same before src/ was cut by subject, of the review that asked for it. */
const BEFORE = {
  inPart: '36 %',
  flat: '62 files',
  named: '47 of 356',
  changes: '110 files',
  folders: '3.7 (of commits)',
}

const SUBJECTS = readdirSync(src, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && isSubject(entry.name))
  .map(({ name }) => name)

/** A subject has commands; `cli` and the other shared parts have none. */
function isSubject(part) {
  return readdirSync(join(src, part), { withFileTypes: true }).some(
    entry => entry.isDirectory() && entry.name === 'command',
  )
}

const all = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
const tests = all.filter(file => file.endsWith('.test.ts'))
const sources = all.filter(file => !file.endsWith('.test.ts'))
const partOf = file => file.split('/')[0].replace(/\.ts$/, '')
const lengths = sources.map(file => read(file).split('\n').length - 1).sort((a, b) => a - b)

const imports = sources.flatMap(file =>
  [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target]) => ({
    file,
    target: relative(src, join(src, dirname(file), target)),
  })),
)
const inPart = imports.filter(({ file, target }) => partOf(file) === partOf(target))
const inFolder = imports.filter(({ file, target }) => dirname(file) === dirname(target))
const toShared = imports.filter(
  ({ file, target }) => partOf(file) !== partOf(target) && !SUBJECTS.includes(partOf(target)),
)
const between = imports.filter(
  ({ file, target }) =>
    partOf(file) !== partOf(target) && SUBJECTS.includes(partOf(file)) && SUBJECTS.includes(partOf(target)),
)
const fromApp = imports.filter(({ file, target }) => partOf(file) === 'app' && SUBJECTS.includes(partOf(target)))

const flat = [...countBy(sources, dirname)].sort(([, a], [, b]) => b - a)[0]
const named = sources.filter(file => tests.includes(file.replace(/\.ts$/, '.test.ts')))
const subjectSources = sources.filter(file => SUBJECTS.includes(partOf(file)))

/** The rows of CONTRIBUTING.md's table: which paths of src each change touches. */
const changes = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  .split('<!-- changes')[1]
  .split('<!-- end of changes -->')[0]
  .split('\n')
  .filter(line => line.startsWith('| ') && !/^\| (change|---) /.test(line))
  .map(line => ({
    paths: [...line.matchAll(/`(src\/[\w./-]+)`/g)].map(([, path]) => path),
    // Files that the row only counts; they stand in one folder.
    others: Number(/(\d+) (?:new|more)\b/.exec(line)?.[1] ?? 0),
  }))
const touched = sum(changes.map(({ paths, others }) => paths.length + others))
const foldersTouched = changes.map(({ paths, others }) => new Set(paths.map(folderOf)).size + Math.min(others, 1))

const rows = [
  ['files in src, without tests', String(sources.length)],
  ['lines of them', grouped(sum(lengths))],
  ['median, 90th percentile, longest', `${at(0.5)}, ${at(0.9)}, ${lengths.at(-1)} lines`],
  [
    'files of the subjects',
    SUBJECTS.map(name => `${name} ${sources.filter(file => partOf(file) === name).length}`).join(', '),
  ],
  ['imports between files of src', grouped(imports.length)],
  ['… inside their subject or shared part', share(inPart), BEFORE.inPart],
  ['… of these in the same folder', share(inFolder)],
  ['… to another shared part', share(toShared)],
  ['… from one subject to another', `${share(between)}: ${pairs(between)}`],
  ['… from app to a command', share(fromApp)],
  ['largest flat folder', `src/${flat[0]}, ${flat[1]} files`, BEFORE.flat],
  ['folders', String(countBy(sources, dirname).size)],
  ['test files beside sources', `${tests.length}, ${(tests.length / sources.length).toFixed(2)} a source`],
  [`files that the ${changes.length} changes of CONTRIBUTING.md touch`, String(touched), BEFORE.changes],
  ['folders that one of them touches, mean', (sum(foldersTouched) / changes.length).toFixed(1), BEFORE.folders],
  [
    'sources with a test of their own name',
    `${named.length} of ${sources.length}, in subjects ${named.filter(file => subjectSources.includes(file)).length} of ${subjectSources.length}`,
    BEFORE.named,
  ],
  ['names that stand in more than one subject', repeated()],
]
const table = `\n| measured | now | before |\n| --- | --- | --- |\n${rows.map(line).join('\n')}\n\n`

if (process.argv.includes('--write')) {
  const page = readFileSync(PAGE, 'utf8')
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before === -1 || after === -1) throw new Error(`docs/architecture.md has no ${BEGIN.trim()} … ${END}`)
  writeFileSync(PAGE, page.slice(0, before + BEGIN.length) + table + page.slice(after))
} else process.stdout.write(table)

function line([what, now, before = '']) {
  return `| ${what} | ${now} | ${before} |`.replaceAll(/ {2,}/g, ' ')
}

/** A file's folder; what is no file is one. */
function folderOf(path) {
  return path.endsWith('.ts') ? dirname(path) : path
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function read(file) {
  return readFileSync(join(src, file), 'utf8')
}

function share(some) {
  return `${grouped(some.length)} (${Math.round((100 * some.length) / imports.length)} %)`
}

function pairs(some) {
  const counts = countBy(some, ({ file, target }) => `${partOf(file)} → ${partOf(target)}`)
  return [...counts].map(([pair, count]) => `${pair} ${count}`).join(', ') || 'none'
}

function repeated() {
  const inSubjects = new Map()
  for (const file of subjectSources) {
    const seen = inSubjects.get(basename(file)) ?? new Set()
    inSubjects.set(basename(file), seen.add(partOf(file)))
  }
  const names = [...inSubjects].filter(([, seen]) => seen.size > 1).map(([name]) => name)
  return `${names.length}: ${names.sort().join(', ')}`
}

function countBy(items, key) {
  const counts = new Map()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

function at(fraction) {
  return lengths[Math.floor(lengths.length * fraction)]
}

function grouped(value) {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}
