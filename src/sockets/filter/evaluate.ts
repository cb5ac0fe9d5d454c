import type { FilterLeaf, FilterNode } from './language/tree.ts'

/**
 * The answer of a predicate. `unknown`: the source does not tell. `foreign`: it is about another kind of socket (a port
 * of a unix socket), which neither the predicate nor its negation selects.
 */
export type Answer = boolean | 'unknown' | 'foreign'

/** The answer of a whole filter, from the answers of its predicates. Only `true` selects. */
export function evaluate(node: FilterNode, answerOf: (leaf: FilterLeaf) => Answer): Answer {
  switch (node.kind) {
    case 'and':
      return both(evaluate(node.left, answerOf), evaluate(node.right, answerOf))
    case 'or':
      return either(evaluate(node.left, answerOf), evaluate(node.right, answerOf))
    case 'not':
      return negated(evaluate(node.operand, answerOf))
    default:
      return answerOf(node)
  }
}

export function both(left: Answer, right: Answer): Answer {
  if (left === 'foreign' || right === 'foreign') return 'foreign'
  if (left === false || right === false) return false
  return left === 'unknown' || right === 'unknown' ? 'unknown' : true
}

export function either(left: Answer, right: Answer): Answer {
  if (left === true || right === true) return true
  if (left === 'unknown' || right === 'unknown') return 'unknown'
  return left === 'foreign' || right === 'foreign' ? 'foreign' : false
}

export function negated(answer: Answer): Answer {
  return typeof answer === 'boolean' ? !answer : answer
}
