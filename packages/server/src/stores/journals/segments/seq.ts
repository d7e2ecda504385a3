/** Events of one request share a counter; the low 14 bits are the index in its batch, and a batch has at most 10,000. */
const INDEX_BITS = 14
const INDEXES = 2 ** INDEX_BITS

/** The seq of a request's first event. */
export const firstSeqOf = (counter: number): number => counter * INDEXES
/** The request counter within a seq. */
export const seqCounter = (seq: number): number => Math.floor(seq / INDEXES)
/** The smallest counter whose seqs are all at or beyond `seq`. */
export const counterFrom = (seq: number): number => Math.ceil(seq / INDEXES)
