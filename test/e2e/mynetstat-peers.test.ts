// Both ends of sockets of a recording: two network namespaces on a veth pair, translated addresses, unix sockets.
import { expect, test } from 'vitest'
import { fixture } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'

interface Listed {
  inode: string
  localPort?: number
  peer?: {
    kind: string
    translated?: boolean
    ends: { inode: string; netns?: { label: string }; owners: { pid: number }[] }[]
  }
}

function listed(...args: string[]): Listed[] {
  const { stdout } = runBin('mynetstat', [...args, '--peer', '--json', '--from', fixture('paired.snap.json.gz')])
  const report = JSON.parse(stdout) as { sockets: Listed[] }
  expect(schemaErrors('sockets', report)).toEqual([])
  return report.sockets
}

const shown = (...args: string[]) =>
  runBin('mynetstat', [...args, '--no-header', '--from', fixture('paired.snap.json.gz')])
    .stdout.split('\n')
    .filter(Boolean)
    .toSorted()

test('TCP: loopback, a client that is not accepted, another namespace, translated addresses', () => {
  expect(shown('-nt', '--columns', 'foreign-port,state,owner,peer')).toMatchInlineSnapshot(`
    [
      "          80 ESTABLISHED 15/python3           64/python3 (n1x)",
      "        8080 ESTABLISHED 15/python3           64/python3 (n1x)",
      "       36751 ESTABLISHED 58/python3           15/python3",
      "       36751 ESTABLISHED 58/python3           15/python3",
      "       36751 ESTABLISHED 59/python3           15/python3 (not accepted)",
      "       46854 ESTABLISHED 15/python3           58/python3",
      "       52456 ESTABLISHED 15/python3           58/python3",
      "       52468 ESTABLISHED -                    59/python3",
    ]
  `)
  const translated = listed('-nt').filter(({ peer }) => peer?.translated)
  expect(translated.map(({ peer }) => [peer!.kind, peer!.ends[0]!.owners[0]!.pid])).toEqual([['connected', 64]])
})

test('unix', () => {
  expect(shown('-nxa', '--columns', 'type,state,owner,peer')).toMatchInlineSnapshot(`
    [
      "DGRAM      CONNECTED   15/python3           62/python3",
      "DGRAM      CONNECTED   62/python3           15/python3",
      "STREAM     CONNECTED   15/python3           61/python3",
      "STREAM     CONNECTED   61/python3           15/python3",
      "STREAM     CONNECTED   62/python3           15/python3 (not accepted)",
      "STREAM     CONNECTING  -                    62/python3",
      "STREAM     LISTENING   15/python3           -",
    ]
  `)
})

test('mutual over all namespaces, one-way where there is no connection back', () => {
  const sockets = [...listed('-ant', '--all-netns'), ...listed('-ax')]
  const connected = sockets.filter(({ peer, inode }) => peer?.kind === 'connected' && inode !== '0')
  expect(connected.length).toBe(10)
  for (const { inode, peer } of connected) {
    const other = sockets.find(socket => socket.inode === peer!.ends[0]!.inode)
    expect(other!.peer!.ends.map(end => end.inode)).toEqual([inode])
  }
  expect(sockets.filter(({ peer }) => peer?.kind === 'one-way').length).toBe(2)
})
