import type { Diagnosis, Sample, ViewName } from '../model.ts'
import type { Restriction } from '../rules/connection-rows.ts'
import type { Column } from './column.ts'

/** What is shown in more detail. Names in a title are escaped already. */
export type Detail =
  | { kind: 'connections'; title: string; only: Restriction }
  | { kind: 'connection'; title: string; key: string }
  | { kind: 'finding'; title: string; key: string }

export interface ViewContext {
  sample: Sample
  diagnosis: Diagnosis | undefined
  /** See GROUPINGS. */
  grouping: string
  /** Of the connections that are shown. */
  only: readonly Restriction[]
}

/** A table of the screen: its rows, and what is known of each. */
export interface View<Row = unknown> {
  name: ViewName
  columns: readonly Column<Row>[]
  /** What it is sorted by without being asked. */
  sort: { column: string; descending: boolean }
  /** Column by which rows stand, the largest first, that are equal or unknown by the other: without rates, say. */
  otherwise?: string | undefined
  rows: (context: ViewContext) => Row[]
  keyOf: (row: Row) => string
  /** What Enter shows; undefined where there is nothing more. */
  enter: (row: Row, context: ViewContext) => Detail | undefined
  /** What stands below the rows of the one that is chosen, where there is room. */
  more?: ((row: Row, width: number) => string[]) | undefined
  /** What stands where there are no rows. */
  empty: (context: ViewContext) => string
  /** The row as JSON. */
  json: (row: Row) => object
}
