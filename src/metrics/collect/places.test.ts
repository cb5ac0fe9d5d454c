import { expect, test } from 'vitest'
import { namespaceLabels } from './places.ts'

const of = (name: string, label: string) => ({ name, label })

test('namespaces that are called the same are told apart by their number', () => {
  const labels = namespaceLabels([of('net:[1]', 'blue'), of('net:[2]', 'nginx'), of('net:[3]', 'nginx')])
  expect([...labels.values()]).toEqual(['blue', 'nginx', 'net:[3] nginx'])
})

test('a label stays, whoever comes and goes', () => {
  const two = namespaceLabels([of('net:[2]', 'nginx'), of('net:[3]', 'nginx')])
  const after = namespaceLabels([of('net:[1]', 'nginx'), of('net:[3]', 'nginx')], two)
  expect(Object.fromEntries(after)).toEqual({ 'net:[1]': 'nginx', 'net:[3]': 'net:[3] nginx' })
  expect(namespaceLabels([of('net:[3]', 'redis')], after).get('net:[3]')).toBe('redis')
})
