// The program of the thread that scans a log ahead; built into scan-ahead.ts as text.
import { workerData } from 'node:worker_threads'
import { ChunkRing, type RingMemory } from './chunk-ring.ts'

new ChunkRing(workerData as RingMemory, 1).scanAll()
