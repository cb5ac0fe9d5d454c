// The thread in which the library works: scripts/build.mjs makes a file of it.
import { parentPort } from 'node:worker_threads'
import { serve } from './serve.ts'
import { lineOf } from './start.ts'

serve(lineOf(parentPort!))
