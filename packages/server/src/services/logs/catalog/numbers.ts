import { GLOBAL_REGION } from '#kernel/ids.ts'
import { type RecordKey, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

/** What is numbered. Streams are numbered across all groups. */
export type Numbered = 'group' | 'stream'

/** Numbers taken from the records at once; those not used when the process ends are skipped. */
const BLOCK = 64
/** The journal holds numbers in 32 bits and keeps the highest ones for itself. */
const HIGHEST_NUMBER = 4_294_000_000

interface Counter {
  readonly next: number
}

/** Gives out numbers that are never given out again, not even after what had them was deleted. */
export interface Numbers {
  next(what: Numbered): Promise<number>
}

export function recordNumbers(records: RecordStore): Numbers {
  const allotments = { group: new Allotment(records, 'group'), stream: new Allotment(records, 'stream') }
  return { next: (what) => allotments[what].next() }
}

class Allotment {
  readonly #records: RecordStore
  readonly #key: RecordKey
  #next = 1
  /** Exclusive. */
  #end = 1
  #reserving: Promise<void> | undefined

  constructor(records: RecordStore, what: Numbered) {
    this.#records = records
    this.#key = { collection: 'logs.number', account: 'platform', region: GLOBAL_REGION, id: what }
  }

  async next(): Promise<number> {
    while (this.#next >= this.#end) {
      this.#reserving ??= this.#reserve().finally(() => {
        this.#reserving = undefined
      })
      await this.#reserving
    }
    const number = this.#next
    this.#next += 1
    return number
  }

  async #reserve(): Promise<void> {
    for (;;) {
      const counter = await this.#records.get<Counter>(this.#key)
      const first = counter?.value.next ?? 1
      const value: Counter = { next: first + BLOCK }
      if (value.next > HIGHEST_NUMBER) throw new Error(`every ${this.#key.id} number has been used`)
      try {
        await this.#records.commit([{ kind: 'put', key: this.#key, value, expect: counter?.revision ?? 0 }])
      } catch (error) {
        if (error instanceof RevisionConflict) continue
        throw error
      }
      this.#next = first
      this.#end = value.next
      return
    }
  }
}
