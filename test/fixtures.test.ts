// A recording is worth as much as what is known of it: fixtures/README.md tells of every one.
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/paths.ts'

const readme = readFileSync(`${ROOT}fixtures/README.md`, 'utf8')

const entries = readdirSync(`${ROOT}fixtures`, { withFileTypes: true }).flatMap(entry =>
  entry.isDirectory()
    ? readdirSync(`${ROOT}fixtures/${entry.name}`).map(name => ({ folder: entry.name, name }))
    : [{ folder: '.', name: entry.name }],
)

/** By its name, by what comes before its first hyphen, or with others: `summary-VERSION.tar.gz`, `children/*.mjs`. */
const namesOf = ({ folder, name }: { folder: string; name: string }) => [
  name,
  /^[A-Z]\d(?=-)/.exec(name)?.[0] ?? name,
  name.replace(/\d+\.\d+(?=\.tar)/, 'VERSION'),
  `${folder}/*${extname(name)}`,
]

test.each(entries.filter(({ name }) => name !== 'README.md'))('fixtures/README.md tells of $folder/$name', entry => {
  expect(namesOf(entry).some(name => readme.includes(name))).toBe(true)
})
