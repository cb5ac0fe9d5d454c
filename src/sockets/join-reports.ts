import type { TablesReport } from './model.ts'

/** How reading went, of several namespaces together; of one it stays as it is. */
export function joinReports(reports: readonly TablesReport[]): TablesReport {
  const [first] = reports
  if (first !== undefined && reports.length === 1) return first
  const sum = (count: (report: TablesReport) => number) => reports.reduce((total, report) => total + count(report), 0)
  const missing = new Map(
    reports.flatMap(report => report.missing.map(table => [`${table.table} ${table.code}`, table])),
  )
  const refused = new Map(reports.flatMap(({ dumps }) => dumps.refused.map(one => [`${one.family} ${one.code}`, one])))
  const families = (which: 'answered' | 'cut' | 'changed') => [...new Set(reports.flatMap(({ dumps }) => dumps[which]))]
  return {
    bogus: reports.flatMap(report => report.bogus),
    unixContinuations: sum(report => report.unixContinuations),
    missing: [...missing.values()],
    duplicates: sum(report => report.duplicates),
    recovered: sum(report => report.recovered),
    // Each namespace was compared with its own.
    counts: new Map(),
    countsAfter: new Map(),
    dumps: {
      wanted: reports.some(({ dumps }) => dumps.wanted),
      answered: families('answered'),
      refused: [...refused.values()],
      cut: families('cut'),
      changed: families('changed'),
    },
  }
}
