import { expect, test } from 'vitest'
import { COMMAND_LINES } from '../../../test/support/command-lines.ts'
import { fishCompletion } from './fish.ts'

test('fish: quotes of texts are no syntax', () => {
  const script = fishCompletion(COMMAND_LINES)
  expect(script).toContain(String.raw`complete -c one -s a -l all -d 'every \'thing\' [all]: of it'`)
  expect(script).toContain("complete -c one -s s -l sort -x -a 'a a:desc' -d ''")
  expect(script).toContain(
    "complete -c linsight -n '__linsight_in one' -l columns -x -a '(__linsight_several a b)' -d ''",
  )
  expect(script).toContain("complete -c linsight -n '__linsight_at top' -a 'do' -d 'does'")
})
