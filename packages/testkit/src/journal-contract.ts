import { afterAll, beforeAll, describe } from 'vitest'
import type { LogJournal } from '../../server/src/stores/journals/log-journal.ts'
import { type JournalHome, type SettableClock, TODAY } from './journal-home.ts'
import { LogJournalDesk } from './log-journal-desk.ts'
import { logKeepingRules } from './log-keeping-rules.ts'
import { logModelRule } from './log-model-rule.ts'
import { logReadingRules } from './log-reading-rules.ts'

export { apiJournalContract } from './api-journal-contract.ts'
export { metricJournalContract } from './metric-journal-contract.ts'
export { type JournalHome, type SettableClock, settableClock, TODAY } from './journal-home.ts'

/** What every log journal must do. `clock` is the one the journal was opened with. */
export function logJournalContract(name: string, home: JournalHome<LogJournal>, clock: SettableClock): void {
  describe(`log journal: ${name}`, () => {
    const desk = new LogJournalDesk(name, home, clock)
    beforeAll(async () => {
      clock.set(TODAY)
      await desk.open()
    })
    afterAll(() => home.close(desk.journal))
    logReadingRules(desk)
    logKeepingRules(desk)
    logModelRule(desk)
  })
}
