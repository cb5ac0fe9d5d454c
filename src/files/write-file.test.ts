import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { until } from '../../test/support/until.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { writeLines } from '../proc/line-file.ts'
import { checkWritable } from './output-file.ts'
import { openStream, writeFile } from './write-file.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('a file that the user named', () => {
  const old = (mode = 0o644) => {
    const folder = temporaryFolder()
    const file = join(folder, 'out')
    writeFileSync(file, 'before')
    chmodSync(file, mode)
    return { folder, file }
  }

  test('is replaced whole and keeps its mode', async () => {
    const { folder, file } = old(0o664)
    expect(await writeFile(file, ['one ', 'twö'])).toBe(8)
    expect(readFileSync(file, 'utf8')).toBe('one twö')
    expect(modeOf(file)).toBe(0o664)
    expect(readdirSync(folder)).toEqual(['out'])
  })

  test('is for its owner alone where it is private, also where others could read it', async () => {
    const { file } = old(0o644)
    await writeFile(file, ['x'], { ownerOnly: true })
    expect(modeOf(file)).toBe(0o600)
    expect(await writeFile(`${file}2`, ['x'], { ownerOnly: true })).toBe(1)
    expect(modeOf(`${file}2`)).toBe(0o600)
  })

  test('is added to', async () => {
    const { file } = old()
    for (const [name, before] of [
      [file, 'before'],
      [`${file}2`, ''],
    ] as const) {
      const stream = await openStream(name)
      await stream.write(['c'])
      expect(readFileSync(name, 'utf8')).toBe(`${before}c`)
      await stream.write(['d', 'e'])
      expect(readFileSync(name, 'utf8')).toBe(`${before}cde`)
    }
  })

  test('is packed where that is asked for', async () => {
    const { file } = old()
    const bytes = await writeFile(file, ['one ', 'two'], { gzip: true })
    expect(gunzipSync(readFileSync(file)).toString()).toBe('one two')
    expect(bytes).toBe(statSync(file).size)
  })

  test('is as before, with nothing beside it, when it fails half-way', async () => {
    const { folder, file } = old()
    const failing = function* () {
      yield 'x'.repeat(200_000)
      throw new Error('the source went away')
    }
    await expect(writeFile(file, failing())).rejects.toThrow('could not be written: the source went away')
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['out'])
  })

  test('a check changes nothing', () => {
    const { folder, file } = old()
    checkWritable(file)
    checkWritable(join(folder, 'new'))
    expect(readFileSync(file, 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['out'])
  })

  test('through a link, what it leads to is written, and the link stays', async () => {
    const { folder, file } = old()
    mkdirSync(join(folder, 'links'))
    const link = join(folder, 'links', 'link')
    symlinkSync('../out', link)
    symlinkSync('link', `${link}2`)
    await writeFile(`${link}2`, ['after'], { ownerOnly: true })
    expect(readlinkSync(link)).toBe('../out')
    expect(readFileSync(file, 'utf8')).toBe('after')
    expect(modeOf(file)).toBe(0o600)
    expect(readdirSync(join(folder, 'links'))).toEqual(['link', 'link2'])
  })

  test('a link that leads nowhere yet makes its target', async () => {
    const { folder } = old()
    symlinkSync('new', join(folder, 'link'))
    await writeFile(join(folder, 'link'), ['x'])
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('x')
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
  })

  test('a recording has its name at once, and its lines when it is closed', async () => {
    const { folder, file } = old()
    const recording = await writeLines(file)
    expect(readFileSync(file, 'utf8')).toBe('')
    expect(modeOf(file)).toBe(0o600)
    recording.line('one')
    recording.line('\xff')
    await recording.close()
    expect(readFileSync(file, 'latin1')).toBe('one\n\xff\n')
    expect(readdirSync(folder)).toEqual(['out'])
  })

  const wrong: [string, (folder: string) => string, string][] = [
    ['no folder', folder => join(folder, 'no', 'out'), 'its folder does not exist'],
    ['a folder', folder => folder, 'a folder has that name'],
    ['no name', () => '', 'its folder does not exist'],
    [
      'a circle of links',
      folder => {
        symlinkSync('circle', join(folder, 'circle'))
        return join(folder, 'circle')
      },
      'too many links',
    ],
  ]
  test.each(wrong)('%s is refused with a reason and exit 4', async (_, pathIn, reason) => {
    const path = pathIn(temporaryFolder())
    const refusal = { code: 'output-unwritable', exit: 4, message: `${path} could not be written: ${reason}` }
    await expect(writeFile(path, ['x'])).rejects.toMatchObject(refusal)
    expect(() => checkWritable(path)).toThrow(expect.objectContaining(refusal))
    await expect(writeLines(path)).rejects.toMatchObject({
      ...refusal,
      message: `the recording ${path} could not be written: ${reason}`,
    })
  })
})

describe('what is no regular file is written through', needs('Linux'), () => {
  test('a pipe with a name: its reader gets all, and it stays', needs('mkfifo'), async () => {
    const pipe = join(temporaryFolder(), 'pipe')
    spawnSync('mkfifo', [pipe])
    const written = writeFile(pipe, ['one ', 'x'.repeat(300_000)], { ownerOnly: true })
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
    let read = 0
    reader.stdout.on('data', (chunk: Buffer) => (read += chunk.length))
    await Promise.all([written, once(reader, 'close')])
    expect(read).toBe(300_004)
    expect(lstatSync(pipe).isFIFO()).toBe(true)
  })

  test('a pipe that gets several answers: its reader sees one stream', needs('mkfifo'), async () => {
    const pipe = join(temporaryFolder(), 'pipe')
    spawnSync('mkfifo', [pipe])
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] })
    let read = ''
    reader.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()))
    const stream = await openStream(pipe)
    await stream.write(['one '])
    // Long enough for a reader to find the pipe closed, if it were.
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(reader.exitCode).toBeNull()
    await stream.write(['two'])
    await until(() => read === 'one two')
    reader.kill()
    await once(reader, 'close')
    expect(read).toBe('one two')
    await expect(stream.write(['three'])).rejects.toMatchObject({
      code: 'output-unwritable',
      message: `${pipe} could not be written: its reader went away`,
    })
  })

  test('a descriptor of this process: at its place, without replacing its file', async () => {
    const file = join(temporaryFolder(), 'out')
    writeFileSync(file, '')
    const inode = statSync(file).ino
    const fd = openSync(file, 'a')
    await writeFile(`/dev/fd/${fd}`, ['one '], { ownerOnly: true })
    await writeFile(`/proc/self/fd/${fd}`, ['two'])
    closeSync(fd)
    expect(readFileSync(file, 'utf8')).toBe('one two')
    expect(statSync(file).ino).toBe(inode)
  })

  test('a descriptor that is not open is refused', async () => {
    await expect(writeFile('/dev/fd/987', ['x'])).rejects.toMatchObject({ code: 'output-unwritable' })
  })
})
