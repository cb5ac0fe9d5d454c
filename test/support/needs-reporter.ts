import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { aptLine, type Unmet } from './needs.ts'

/** Says once, behind everything else, what was skipped because this machine lacks something, and what brings it. */
export default class NeedsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap(module => [...module.children.allTests('skipped')]).map(unmetOf)
    for (const line of skippedLines(skipped)) process.stdout.write(`${line}\n`)
  }
}

/** What the test or a suite around it lacks. */
function unmetOf(test: TestCase): Unmet[] {
  const unmet = [...(test.meta().unmet ?? [])]
  for (let around = test.parent; around.type === 'suite'; around = around.parent)
    unmet.push(...(around.meta().unmet ?? []))
  return unmet
}

/** A line for all tools together, and one for each other need. */
export function skippedLines(skipped: readonly (readonly Unmet[])[]): string[] {
  const tools = skipped.filter(unmet => unmet.some(({ packages }) => packages !== undefined))
  const others = new Map<string, { remedy: string | undefined; tests: number }>()
  for (const { need, packages, remedy } of skipped.flatMap(unmet => [
    ...new Map(unmet.map(one => [one.need, one])).values(),
  ])) {
    if (packages !== undefined) continue
    others.set(need, { remedy, tests: (others.get(need)?.tests ?? 0) + 1 })
  }
  const absent = tools.flat().filter(({ packages }) => packages !== undefined)
  const names = [...new Set(absent.map(({ need }) => need))].toSorted().join(', ')
  return [
    ...(tools.length > 0 ? [line(tools.length, names, aptLine(absent))] : []),
    ...[...others].map(([need, { remedy, tests }]) => line(tests, need, remedy)),
  ]
}

const line = (tests: number, need: string, remedy: string | undefined) =>
  `skipped: ${tests} ${tests === 1 ? 'test needs' : 'tests need'} ${need}${remedy === undefined ? '' : `: ${remedy}`}`
