import type { Theme } from '../../terminal/theme.ts'
import type { Socket } from '../model.ts'
import type { TextContext } from './cell-text.ts'

/** A column of the listing of sockets. */
export interface SocketColumn {
  header: string
  align?: 'right'
  /** netstat's width, so that piped output stays where awk and cut expect it. */
  minWidth?: number
  /** See terminal/columns.ts: how a narrow terminal shows it. */
  shrinksTo?: number
  wraps?: boolean
  separator?: string
  text(socket: Socket, context: TextContext): string
  /** What --sort compares; the text where absent. */
  sortValue?(socket: Socket): number | string
  paint?: (text: string, theme: Theme, socket: Socket) => string
}
