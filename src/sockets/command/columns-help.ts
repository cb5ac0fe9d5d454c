import { reflow } from '../../terminal/reflow.ts'
import { OWNER_COLUMNS, SOCKET_COLUMN_NAMES } from '../show/columns.ts'
import { KERNEL_COLUMNS } from '../show/kernel-columns.ts'
import { MORE_FIELDS } from './help.ts'

const INDENT = '  '

/** `mynetstat --columns help`: every column there is. */
export function columnsHelp(width: number): string {
  const section = (title: string, text: string) => {
    const lines = reflow(text, width - INDENT.length).split('\n')
    return `${title}\n${lines.map(line => `${INDENT}${line}`.trimEnd()).join('\n')}\n`
  }
  return [section('COLUMNS', COLUMN_NAMES), section('FIELDS', `\nAs in --help, and:\n${MORE_FIELDS.trimStart()}`)].join(
    '\n',
  )
}

/** The names, by what has to be read for them. */
const COLUMN_NAMES = (() => {
  const isKernels = (name: string) => Object.hasOwn(KERNEL_COLUMNS, name)
  const names = (isWanted: (name: (typeof SOCKET_COLUMN_NAMES)[number]) => boolean) =>
    SOCKET_COLUMN_NAMES.filter(isWanted).join(', ')
  return `
of the tables     ${names(name => !OWNER_COLUMNS.has(name) && !isKernels(name))}
of its owners     ${names(name => OWNER_COLUMNS.has(name))}
of the kernel     ${names(name => isKernels(name) && !OWNER_COLUMNS.has(name))}

--columns a,b,c shows them in this order, --sort a:desc sorts by one.`
})()
