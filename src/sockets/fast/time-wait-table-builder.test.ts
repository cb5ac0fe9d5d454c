import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeWaitTableBuilder } from './time-wait-table-builder.ts'

const connection = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.nat(40), fc.integer({ min: 0, max: 3 }), fc.nat(40))

test('each connection stands once, with the later of its readings, and is found again', () => {
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 60 }), connections => {
      const builder = new TimeWaitTableBuilder(connections.length)
      for (let host = 0; host < 4; host += 1) builder.addresses.add(`10.0.0.${host}`)
      const latest = new Map<string, number>()
      for (const [ticks, [local, localPort, remote, remotePort]] of connections.entries()) {
        builder.add(local, localPort, remote, remotePort, 6, ticks)
        latest.set(`10.0.0.${local} ${localPort} 10.0.0.${remote} ${remotePort}`, ticks)
      }
      const table = builder.table()
      expect([table.length, builder.duplicates]).toEqual([latest.size, connections.length - latest.size])
      for (const [key, ticks] of latest) {
        const [local = '', localPort, remote = '', remotePort] = key.split(' ')
        const row = builder.find(`::ffff:${local}`, Number(localPort), remote, Number(remotePort))!
        expect([table.ticks[row], table.state[row], table.addresses[table.local[row]!]]).toEqual([ticks, 6, local])
      }
      expect(builder.find('10.0.0.1', 50, '10.0.0.2', 50)).toBeUndefined()
      expect(builder.find('10.9.9.9', 1, '10.0.0.2', 1)).toBeUndefined()
    }),
  )
})
