import { describe, expect, test } from 'vitest'
import { planRead, type SocketRequest } from './plan.ts'
import { ALL_TABLES } from './tables/read-tables.ts'

const request = (changes: Partial<SocketRequest> = {}): SocketRequest => ({
  tables: ['tcp', 'udp'],
  selection: { all: false, listening: false, ports: [] },
  owners: undefined,
  ...changes,
})
const listening = { all: false, listening: true, ports: [] }

describe('planRead', () => {
  test('reads the tables that are shown, whole, with every detail and no owners', () => {
    expect(planRead(request())).toEqual({
      folder: 'net',
      tables: ['tcp', 'udp'],
      shownTables: new Set(['tcp', 'udp']),
      selection: { all: false, listening: false, ports: [] },
      listenersOnly: false,
      singleRead: false,
      skipDetails: false,
      skipListenerDetails: false,
      facts: undefined,
      factsAsked: false,
      factListenersOnly: false,
      owners: undefined,
    })
  })

  test('all facts of owners need all tables, though only those asked for are shown', () => {
    const plan = planRead(request({ owners: 'full', selection: listening }))
    expect(plan.tables).toEqual(ALL_TABLES)
    expect(plan.shownTables).toEqual(new Set(['tcp', 'udp']))
    expect(plan.owners).toEqual({
      level: 'full',
      countUnlisted: true,
      listUnlisted: false,
      skipReasons: false,
      asListed: false,
    })
    expect(plan.listenersOnly).toBe(false)
  })

  test('names of owners do not', () => {
    const plan = planRead(request({ owners: 'name', skipOwnerlessReasons: true }))
    expect(plan.tables).toEqual(['tcp', 'udp'])
    expect(plan.owners).toEqual({
      level: 'name',
      countUnlisted: false,
      listUnlisted: false,
      skipReasons: true,
      asListed: false,
    })
  })

  test('a single read, as netstat does it, never reads other tables nor asks the kernel', () => {
    const plan = planRead(request({ owners: 'full', singleRead: true, skipDetails: true }))
    expect(plan).toMatchObject({ tables: ['tcp', 'udp'], singleRead: true, skipDetails: false })
    expect(plan.owners?.countUnlisted).toBe(false)
  })

  test.each([
    [listening, true],
    [{ ...listening, all: true }, false],
    [{ all: true, listening: false, ports: [] }, false],
  ])('selection %j reads listeners only: %s', (selection, expected) => {
    expect(planRead(request({ selection })).listenersOnly).toBe(expected)
  })

  test('the tables of another namespace stand in another folder', () => {
    expect(planRead(request({ folder: '9/net' })).folder).toBe('9/net')
  })
})
