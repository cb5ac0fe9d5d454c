import type { Socket } from '../../model.ts'
import { NUMERIC } from '../../names/names.ts'
import { localText, ownersText, pathText, protocolText, remoteText, stateText } from '../../show/cell-text.ts'

/** A socket in one line of a sentence: `tcp 127.0.0.1:1007 127.0.0.1:2007 CLOSE_WAIT 11/python3`. */
export function socketLine(socket: Socket): string {
  const context = { names: NUMERIC, userHz: 100 }
  const owners = socket.owners === undefined || socket.owners.length === 0 ? '' : ownersText(socket)
  const cells = [
    protocolText(socket),
    localText(socket, context),
    remoteText(socket, context),
    pathText(socket),
    stateText(socket),
    owners,
  ]
  return cells.filter(cell => cell !== '').join(' ')
}
