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
import { prepareFilter } from '../../prepare-filter.ts'
import { filterRequest, tablesOf } from '../../filter/filter-request.ts'
import type { ReadSockets, ScriptJob } from './script-job.ts'

export interface FailOnVerdict {
  json: FailOnJson[]
  /** Says what was found, behind the listing, and sets the exit status. */
  say(): void
}

/**
 * Answers `--fail-on`, whatever is listed: of every socket of these tables, listeners and TIME_WAIT included. Each
 * condition is a look of its own, at what it asks for only.
 */
export async function judgeSockets(
  job: ScriptJob,
  source: ProcSource,
  read: ReadSockets,
  texts: readonly string[],
  { listed }: { listed: readonly TableName[] },
): Promise<FailOnVerdict> {
  const users = usersOf(source)
  const context: GroupContext = { user: uid => users.get(uid) }
  const answers: FailAnswer[] = []
  for (const text of texts) answers.push(await answerOf(job, source, read, failConditionOf(text), listed, context))
  const met = answers.filter(({ answer }) => answer === 'met')
  const unknown = answers.filter(({ answer }) => answer === 'unknown').map(unknownWarning)
  if (job.json) job.warnings.push(...unknown)
  return {
    json: answers.map(failOnJson),
    say() {
      for (const answer of met) job.say(metText(answer))
      if (!job.json) for (const warning of unknown) job.remark(warning)
      if (met.length > 0) process.exitCode = EXIT.no
      else if (unknown.length > 0) process.exitCode = EXIT.machine
    },
  }
}

async function answerOf(
  job: ScriptJob,
  source: ProcSource,
  read: ReadSockets,
  condition: FailCondition,
  tables: readonly TableName[],
  context: GroupContext,
): Promise<FailAnswer> {
  const request = filterRequest([condition.filter], tables)
  for (const warning of request.warnings) job.remark(warning)
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
    ...(needs.bound && { bound: true }),
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
