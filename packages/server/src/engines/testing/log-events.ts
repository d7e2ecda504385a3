import { readFile } from 'node:fs/promises'
import { logFile, logNumbers } from '#engines/activemq/log-files.ts'
import type { BrokerLogFiles } from '#engines/broker-engine.ts'

/** An event as the broker wrote it. */
export interface LoggedEvent {
  readonly millis: number
  readonly text: string
}

/** Every event of a log so far, in the order of its files. @throws Error when something in them is no event */
export async function loggedEvents({ directory, prefix }: BrokerLogFiles): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for (const number of await logNumbers(directory, prefix)) {
    const text = await readFile(logFile(directory, prefix, number), 'utf8')
    for (const event of text.split('\u001E\n')) if (event !== '') events.push(parse(event))
  }
  return events
}

function parse(event: string): LoggedEvent {
  const [, millis, text] = /^(\d{13}) (.*)$/s.exec(event) ?? []
  if (millis === undefined || text === undefined) throw new Error(`no event: ${JSON.stringify(event.slice(0, 200))}`)
  return { millis: Number(millis), text }
}
