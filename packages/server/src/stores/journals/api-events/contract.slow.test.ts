import { apiJournalContract, settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { journalBench } from '../../../../../testkit/src/journal-bench.ts'

const inMemory = journalBench(settableClock(TODAY))
apiJournalContract('everything waits in segments', inMemory.apiHome({ sealAfterMillis: 3_600_000, settles: false }))

const inserted = journalBench(settableClock(TODAY))
apiJournalContract('everything settles in the column store', inserted.apiHome({ sealAfterMillis: 10, settles: true }))
