/** A point in time as CBOR tells it from a number: tag 1, seconds since 1970, with fractions. */
export class CborTimestamp {
  readonly seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }
}
