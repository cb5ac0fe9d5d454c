import { constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../../errors.ts'
import { findTool } from '../../children/find-tool.ts'
import { readTool } from '../../children/read-tool.ts'

/** A named pipe that a tool writes to, where it takes no descriptor: `-o FILE`. */
export interface Fifo {
  readonly path: string
  /** Resolves when the writer has closed it. */
  readonly ended: Promise<void>
  /** Takes its name away; what is open stays open. */
  unlink(): void
  /** Stops reading. */
  close(): void
}

/** Makes a named pipe that only this user can open, and reads from it. */
export async function openFifo(onChunk: (chunk: Buffer) => void): Promise<Fifo> {
  const mkfifo = findTool(['mkfifo'])
  if (mkfifo === undefined) {
    throw new MachineError('tool-missing', 'strace cannot be read: there is no mkfifo to make a pipe with', {
      hint: 'install coreutils',
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'trace-syscalls-'))
  const unlink = () => {
    process.removeListener('exit', unlink)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', unlink)
  const path = join(folder, 'strace')
  await readTool(mkfifo, ['-m', '600', path])
  // Without O_NONBLOCK this would wait for the writer. The end comes only after a writer has come and gone.
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true })
  socket.on('data', onChunk)
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.once('end', () => socket.destroy())
  socket.once('error', () => socket.destroy())
  return { path, ended, unlink, close: () => void socket.destroy() }
}
