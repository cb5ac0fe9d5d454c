import { expect, test } from 'vitest'
import { namespaceLabels } from './places.ts'

test('namespaces that are called the same are told apart by their number', () => {
  const of = (name: string, label: string) => ({ name, label })
  expect(namespaceLabels([of('net:[1]', 'blue'), of('net:[2]', 'nginx'), of('net:[3]', 'nginx')])).toEqual([
    'blue',
    'net:[2] nginx',
    'net:[3] nginx',
  ])
})
