import { journalBench } from '../../../../../testkit/src/journal-bench.ts'
import { metricJournalContract, settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'

const inMemory = journalBench(settableClock(TODAY))
metricJournalContract(
  'everything waits in segments',
  inMemory.metricHome({ sealAfterMillis: 3_600_000, settles: false }),
)

const inserted = journalBench(settableClock(TODAY))
metricJournalContract(
  'everything settles in the column store',
  inserted.metricHome({ sealAfterMillis: 10, settles: true }),
)
