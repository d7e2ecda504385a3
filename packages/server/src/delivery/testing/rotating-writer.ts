import { closeSync, openSync, readdirSync, fstatSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A process that writes a log as log4j2's DirectWriteRolloverStrategy does: in place, from the highest file on, a new
 * number when a file is full. Says on standard output how far it is. Usage: directory, prefix, run, bytes of a file.
 */
const [directory = '.', prefix = 'activemq', run = '1', fileBytes = '20000'] = process.argv.slice(2)
const pattern = new RegExp(`^${prefix}-(\\d+)\\.log$`)
const numbers = readdirSync(directory).flatMap((name) => pattern.exec(name)?.[1] ?? [])
let number = Math.max(1, ...numbers.map(Number))
let file = openSync(join(directory, `${prefix}-${String(number)}.log`), 'a')

function writeRecord(text: string, torn: boolean): void {
  const bytes = Buffer.from(text)
  // A buffer that is flushed in the middle of an event: a kill between the two leaves half of it.
  const first = torn ? Math.ceil(bytes.length / 2) : bytes.length
  writeSync(file, bytes.subarray(0, first))
  if (torn) writeSync(file, bytes.subarray(first))
  if (fstatSync(file).size < Number(fileBytes)) return
  closeSync(file)
  number += 1
  file = openSync(join(directory, `${prefix}-${String(number)}.log`), 'a')
}

let line = 0
setInterval(() => {
  for (let count = 0; count < 20; count += 1) {
    const jitter = (line * 7) % 5
    writeRecord(
      `${String(Date.now() - jitter)} run ${run} line ${String(line)} ${'x'.repeat((line * 37) % 300)} end\u001e\n`,
      line % 3 === 0,
    )
    line += 1
  }
  process.stdout.write(`${String(line)}\n`)
}, 2)
