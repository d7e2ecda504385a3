import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * How far memory may grow beyond what is alive, in percent, before the collector marks everything anew. Bodies and slabs lie
 * outside the heap and count as well: by V8's own measure a dozen large requests are enough each time.
 */
const HEAP_GROWING_PERCENT = 400
/** After `Ready.`, so that nobody waits for it to be said. */
const SETTLE_MILLIS = 500

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

/** Lets the heap grow; to be called before the platform is built. */
export const roomForBodies = (): void => setFlagsFromString(`--heap-growing-percent=${String(HEAP_GROWING_PERCENT)}`)

/**
 * Gives back, once, what loading the program took: two thirds of the heap are garbage then, strewn over pages that V8 keeps as long
 * as there is room to grow. Takes some tens of milliseconds.
 */
export function settleMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as Collect
    setFlagsFromString('--no-expose-gc')
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, SETTLE_MILLIS).unref()
}
