import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { aptLine, type Unmet } from './needs.ts'

/**
 * Says once, behind everything else, what was skipped because this machine lacks something, and what brings it; and what
 * passed only when it was tried again.
 */
export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const all = modules.flatMap(module => [...module.children.allTests()])
    const skipped = all.filter(test => test.result().state === 'skipped').map(unmetOf)
    const again = all.filter(test => test.diagnostic()?.flaky === true)
    for (const line of [...skippedLines(skipped), ...againLines(again.map(nameOf))]) process.stdout.write(`${line}\n`)
  }
}

/** Live tests are tried again where something else on the machine came between; none of them in silence. */
export const againLines = (names: readonly string[]): string[] => names.map(name => `passed when tried again: ${name}`)

const nameOf = (test: TestCase) => `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`

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
