import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerLogFiles } from '#engines/broker-engine.ts'

/** An event as the broker wrote it. */
export interface LoggedEvent {
  readonly millis: number
  readonly text: string
}

/** Every event of a log so far, in the order of its files. @throws Error when something in them is no event */
export async function loggedEvents({ directory, prefix }: BrokerLogFiles): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = []
  for (const number of await fileNumbers({ directory, prefix })) {
    const text = await readFile(join(directory, `${prefix}-${String(number)}.log`), 'utf8')
    for (const event of text.split('\u001E\n')) if (event !== '') events.push(parse(event))
  }
  return events
}

/** The numbers of a log's files, ascending. */
export async function fileNumbers({ directory, prefix }: BrokerLogFiles): Promise<readonly number[]> {
  const pattern = new RegExp(`^${prefix}-(\\d+)\\.log$`)
  const names = await readdir(directory)
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((left, right) => left - right)
}

function parse(event: string): LoggedEvent {
  const [, millis, text] = /^(\d{13}) (.*)$/s.exec(event) ?? []
  if (millis === undefined || text === undefined) throw new Error(`no event: ${JSON.stringify(event.slice(0, 200))}`)
  return { millis: Number(millis), text }
}
