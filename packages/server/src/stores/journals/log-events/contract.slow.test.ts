import { logJournalContract, settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { journalBench } from '../../../../../testkit/src/journal-bench.ts'

const inMemory = journalBench(settableClock(TODAY))
logJournalContract(
  'everything waits in segments',
  inMemory.logHome({ sealAfterMillis: 3_600_000, settles: false }),
  inMemory.clock,
)

const inFiles = journalBench(settableClock(TODAY))
logJournalContract(
  'segments are read from their files',
  inFiles.logHome({ sealAfterMillis: 10, memoryBytes: 0, settles: true }),
  inFiles.clock,
)

const inserted = journalBench(settableClock(TODAY))
logJournalContract(
  'everything settles in the column store',
  inserted.logHome({ sealAfterMillis: 10, settles: true }),
  inserted.clock,
)
