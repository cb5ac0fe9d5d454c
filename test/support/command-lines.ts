import type { CommandLines } from '../../src/completion/model.ts'

/** Commands with texts that hold what shells take as syntax. */
export const COMMAND_LINES: CommandLines = {
  bins: [{ name: 'linsight' }, { name: 'one', command: 'one' }],
  topics: [{ name: 'top', text: "it's [a]: topic" }],
  commands: [
    {
      id: 'one',
      text: 'the one',
      operands: { live: 'port-filters' },
      flags: [
        { name: 'all', letter: 'a', text: "every 'thing'\n[all]: of it", multiple: false },
        {
          name: 'sort',
          letter: 's',
          text: '',
          multiple: false,
          value: { name: 'KEY[:desc]', completion: { words: ['a', 'a:desc'] } },
        },
        {
          name: 'columns',
          text: '',
          multiple: true,
          value: { name: 'a,b', completion: { words: ['a', 'b'], several: true } },
        },
      ],
    },
    { id: 'top do', text: 'does', operands: { files: true }, flags: [], runs: 'behind-dashes' },
  ],
}
