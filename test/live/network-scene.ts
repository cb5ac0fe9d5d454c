import { binPath, fixture } from '../support/paths.ts'
import type { Output } from '../support/run.ts'
import { startFixture, type Fixture } from './live.ts'

/** A host with containers or a firewall, and a client outside: see fixtures/programs/network-scene.py. */
export interface NetworkScene<Facts> {
  facts: Facts
  /** What a client outside gets from a port of the host: the name of the server, or an error. */
  connect(
    address: string,
    port: number,
    rest?: { from?: string; udp?: boolean },
  ): Promise<{ answer?: string; error?: string }>
  /** Runs one of our bins on the host. */
  look(bin: string, args: readonly string[], before?: readonly string[]): Promise<Output>
  /** The JSON document that it prints. */
  json<Document>(bin: string, args: readonly string[]): Promise<Document>
  stop(): Promise<void>
}

/** What the scene is built of; tests name what they need beside. */
export const SCENE_NEEDS = ['root', 'namespaces', 'unshare', 'mount', 'ip', 'ss', 'nft', 'python3', 'bash'] as const

export async function startScene<Facts>(kind: 'published' | 'firewall'): Promise<NetworkScene<Facts>> {
  const program = fixture('programs/network-scene.py')
  const scene: Fixture<Facts> = await startFixture('unshare', [
    '--net',
    '--pid',
    '--fork',
    '--mount',
    '--mount-proc',
    '--kill-child',
    'python3',
    program,
    kind,
  ])
  const ask = async <Answer>(question: object): Promise<Answer> => {
    scene.child.stdin!.write(`${JSON.stringify(question)}\n`)
    return JSON.parse(await scene.line()) as Answer
  }
  const look: NetworkScene<Facts>['look'] = (bin, args, before = []) =>
    ask({ run: [...before, process.execPath, binPath(bin), ...args] })
  return {
    facts: scene.facts,
    connect: (address, port, { from = '', udp = false } = {}) => ask({ connect: [address, port], from, udp }),
    look,
    async json(bin, args) {
      return JSON.parse((await look(bin, args)).stdout)
    },
    stop: () => scene.stop(),
  }
}
