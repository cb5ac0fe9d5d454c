import type { Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { CPU_RULES } from './cpu.ts'
import { DISK_RULES } from './disk.ts'
import { DNS_RULES } from './dns.ts'
import { LIMIT_RULES } from './limits.ts'
import { MEMORY_RULES } from './memory.ts'
import { PATH_RULES } from './paths.ts'
import { PORT_RULES } from './ports.ts'
import { PROCESS_RULES } from './process.ts'
import { SOCKET_RULES } from './health.ts'
import { WAITING_RULES } from './waiting.ts'

/** Every rule, one for each cause. */
export const RULES: readonly Rule<Scene>[] = [
  ...PORT_RULES,
  ...SOCKET_RULES,
  ...PATH_RULES,
  ...DNS_RULES,
  ...CPU_RULES,
  ...PROCESS_RULES,
  ...LIMIT_RULES,
  ...DISK_RULES,
  ...MEMORY_RULES,
  ...WAITING_RULES,
]
