import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const PREFIX = 'linsight-tests-'

/** Puts all temporary files of a test run, ours and those of what we start, into one folder and removes it at the end. */
export default function setup(): () => void {
  // Every project asks for it. One inside the other makes paths longer than a tracer keeps of an argument.
  if (basename(tmpdir()).startsWith(PREFIX)) return () => {}
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  // Some tests run as another user.
  chmodSync(folder, 0o1777)
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
