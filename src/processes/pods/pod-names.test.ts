import { describe, expect, test } from 'vitest'
import { podNamesOf, readPodNames } from './pod-names.ts'

const UID = '3c6a9f0e-1b2d-4c3e-8f90-a1b2c3d4e5f6'
const HASH = '3c6a9f0e1b2d4c3e8f90a1b2c3d4e5f6'
const ID = 'ab'.repeat(32)

describe('pods', () => {
  test.each([
    [`shop_web-7d9f_${UID}`, UID, 'shop/web-7d9f'],
    [`kube-system_etcd-node1.example_${HASH}`, HASH, 'kube-system/etcd-node1.example'],
  ])('%s', (entry, uid, name) => {
    expect([...podNamesOf([entry], []).pods]).toEqual([[uid, name]])
  })

  test.each([
    `shop_web_${UID}x`,
    `shop_web\x1b_${UID}`,
    `shop_${UID}`,
    `_web_${UID}`,
    `Shop_web_${UID}`,
    `a_b_c_${UID}`,
  ])('%j is none', entry => {
    expect(podNamesOf([entry], []).pods.size).toBe(0)
  })
})

describe('containers', () => {
  test('by the id', () => {
    expect([...podNamesOf([], [`web-7d9f_shop_side-car-${ID}.log`]).containers]).toEqual([
      [ID, 'shop/web-7d9f/side-car'],
    ])
  })

  test.each([`web_shop_app-${ID}`, `web_shop_app-${ID.slice(1)}.log`, `web_shop_${ID}.log`, `web_shop_a b-${ID}.log`])(
    '%j is none',
    entry => {
      expect(podNamesOf([], [entry]).containers.size).toBe(0)
    },
  )
})

test('a recording tells none, and neither does a folder that may not be read', () => {
  const refuse = () => {
    throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
  }
  expect(readPodNames({ isThisMachine: true, list: refuse }).pods.size).toBe(0)
  expect(readPodNames({ isThisMachine: false, list: () => [`shop_web_${UID}`] }).pods.size).toBe(0)
})
