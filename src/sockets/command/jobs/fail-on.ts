import { EXIT } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { Warning } from '../../../warnings.ts'
import { failConditionOf, judge, type FailAnswer, type FailCondition } from '../../group/fail-conditions.ts'
import { ownersFor, type GroupContext } from '../../group/group-keys.ts'
import type { FailOnJson } from '../../group/show/fail-on-json.ts'
import { failOnJson, metText } from '../../group/show/fail-on-text.ts'
import type { TableName } from '../../model.ts'
import { usersOf } from '../../names/resolve-names.ts'
import type { SocketRequest } from '../../plan.ts'
import { prepareFilter } from '../filter-context.ts'
import { filterRequest, tablesOf } from '../filter-operands.ts'
import type { ReadSockets } from './read-sockets.ts'

export interface FailOnVerdict {
  json: FailOnJson[]
  /** What is said on stderr of conditions that are met. */
  met: string[]
  /** What is said of those that cannot be answered. */
  warnings: Warning[]
  status: number
}

/**
 * Answers `--fail-on`, whatever is listed: of every socket of these tables, listeners and TIME_WAIT included. Each
 * condition is a look of its own, at what it asks for only.
 */
export async function judgeSockets(
  source: ProcSource,
  read: ReadSockets,
  texts: readonly string[],
  tables: readonly TableName[],
  remark: (warning: Warning) => void,
): Promise<FailOnVerdict> {
  const users = usersOf(source)
  const context: GroupContext = { user: uid => users.get(uid) }
  const answers: FailAnswer[] = []
  for (const text of texts) answers.push(await answerOf(source, read, failConditionOf(text), tables, context, remark))
  const isMet = answers.some(({ answer }) => answer === 'met')
  const unknown = answers.filter(({ answer }) => answer === 'unknown')
  return {
    json: answers.map(failOnJson),
    met: answers.filter(({ answer }) => answer === 'met').map(metText),
    warnings: unknown.map(unknownWarning),
    status: isMet ? EXIT.no : unknown.length > 0 ? EXIT.machine : EXIT.done,
  }
}

async function answerOf(
  source: ProcSource,
  read: ReadSockets,
  condition: FailCondition,
  tables: readonly TableName[],
  context: GroupContext,
  remark: (warning: Warning) => void,
): Promise<FailAnswer> {
  const request = filterRequest([condition.filter], tables)
  for (const warning of request.warnings) remark(warning)
  const filter = await prepareFilter(source, request)
  const { needs } = request
  const ofGroups = ownersFor(condition.limit?.keys ?? [])
  const asked: SocketRequest = {
    tables: tablesOf(request, tables),
    selection: { all: true, listening: false, ports: [] },
    // A row that meets a condition is named with its owner.
    owners: needs.owners === 'full' || ofGroups === 'full' ? 'full' : 'name',
    facts: needs.tcpInfo ? 'tcp-info' : needs.kernel ? 'plain' : undefined,
    skipDetails: !needs.details && !condition.limit?.keys.includes('user'),
    filter,
  }
  const { sockets, filtered } = read(asked).report
  return judge(condition, sockets, filtered?.unknown ?? 0, context)
}

function unknownWarning({ condition, unknown }: FailAnswer): Warning {
  return {
    code: 'fail-on-unknown',
    message: `--fail-on '${condition.text}' cannot be answered: of ${unknown} socket${unknown === 1 ? '' : 's'} it is not known`,
    hint: 'ask for what can be seen here, or run it where it can: as root, with koffi',
  }
}
