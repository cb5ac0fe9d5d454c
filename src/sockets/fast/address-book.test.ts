import { expect, test } from 'vitest'
import { AddressBook } from './address-book.ts'

test('addresses are numbered as they come, each text once, whatever key it came by', () => {
  const book = new AddressBook()
  expect([book.add('10.0.0.1'), book.learn(0x0100000a, '10.0.0.1'), book.learn('f'.repeat(32), '::1')]).toEqual([
    0, 0, 1,
  ])
  expect(book.texts).toEqual(['10.0.0.1', '::1'])
  expect([book.ofKey(0x0100000a), book.ofKey('f'.repeat(32)), book.ofKey(7)]).toEqual([0, 1, -1])
  expect([book.find('::1'), book.find('::2')]).toEqual([1, undefined])
})
