/** A text is no filter pattern. Without a sentence of its own the API's general one is answered. */
export class PatternError extends Error {
  readonly sentence: string | undefined

  constructor(sentence?: string) {
    super(sentence ?? 'invalid filter pattern')
    this.name = 'PatternError'
    this.sentence = sentence
  }
}
