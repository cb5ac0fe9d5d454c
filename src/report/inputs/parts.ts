import type { SocketJson } from '../../sockets/answer/index.ts'
import type { Warning } from '../../warnings.ts'
import type { PageKind } from '../../files/page-recordings.ts'
import type {
  FlameView,
  HeatmapView,
  PeerView,
  ReportData,
  ReportFinding,
  ReportInput,
  TableView,
  TimeWaitView,
} from '../model.ts'

/** What one recording adds to a report. */
export interface InputParts {
  input: ReportInput
  findings?: ReportFinding[]
  notLooked?: ReportData['notLooked']
  timeWait?: TimeWaitView[]
  heatmaps?: HeatmapView[]
  flames?: FlameView[]
  tables?: TableView[]
  peers?: PeerView[]
  sockets?: SocketJson[]
  warnings?: readonly Warning[]
  /** The recording itself, which the page carries. */
  recording: { kind: PageKind; bytes: Iterable<string | Buffer> }
}
