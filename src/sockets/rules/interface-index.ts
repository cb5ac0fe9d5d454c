import type { Socket } from '../model.ts'

/** The interface a socket is bound to; undefined where it is any, or not known. */
export function interfaceIndexOf({ row, kernel }: Socket): number | undefined {
  return (row.table === 'packet' ? row.interfaceIndex : kernel?.interfaceIndex) || undefined
}
