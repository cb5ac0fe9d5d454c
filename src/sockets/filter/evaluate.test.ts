import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { both, either, evaluate, negated, type Answer } from './evaluate.ts'
import type { FilterNode } from './language/tree.ts'

const answers: Answer[] = [true, false, 'unknown', 'foreign']

describe('three values, and what is of another kind', () => {
  test.each<[Answer, Answer, Answer, Answer]>([
    [true, true, true, true],
    [true, false, false, true],
    [false, false, false, false],
    [true, 'unknown', 'unknown', true],
    [false, 'unknown', false, 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
    [true, 'foreign', 'foreign', true],
    [false, 'foreign', 'foreign', 'foreign'],
    ['unknown', 'foreign', 'foreign', 'unknown'],
    ['foreign', 'foreign', 'foreign', 'foreign'],
  ])('%s with %s: and %s, or %s', (left, right, and, or) => {
    expect([both(left, right), both(right, left)]).toEqual([and, and])
    expect([either(left, right), either(right, left)]).toEqual([or, or])
  })

  test('neither what is not known nor what is foreign is selected by its negation', () => {
    expect(negated('unknown')).toBe('unknown')
    expect(negated('foreign')).toBe('foreign')
    for (const answer of answers) expect(negated(negated(answer))).toBe(answer)
  })

  test('an unknown answer is one that either boolean could change, or neither', () => {
    // What is known of a filter stays so, whatever the unknown turns out to be.
    const node: FilterNode = {
      kind: 'or',
      left: { kind: 'and', left: { kind: 'autobound' }, right: { kind: 'not', operand: { kind: 'state', states: 2 } } },
      right: { kind: 'ports', ports: [1] },
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Answer>(true, false, 'unknown'), { minLength: 3, maxLength: 3 }), given => {
        const at = (kind: string) => ['autobound', 'state', 'ports'].indexOf(kind)
        const whole = evaluate(node, leaf => given[at(leaf.kind)]!)
        if (whole === 'unknown') return
        for (const value of [true, false])
          expect(evaluate(node, leaf => (given[at(leaf.kind)] === 'unknown' ? value : given[at(leaf.kind)]!))).toBe(
            whole,
          )
      }),
    )
  })
})
