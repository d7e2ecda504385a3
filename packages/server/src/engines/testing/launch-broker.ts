import { testBroker, testEngine } from '#engines/testing/test-broker.ts'

/** A platform that is about to be killed: starts a broker, prints its pid, and waits: `launch-broker.ts <data directory> <broker id>`. */
const [, , dataDirectory = '', brokerId = ''] = process.argv
const { engine } = await testEngine(dataDirectory)
const { pid } = await engine.start(testBroker(brokerId), new AbortController().signal)
process.stdout.write(`${String(pid)}\n`)
setInterval(() => {}, 60_000)
