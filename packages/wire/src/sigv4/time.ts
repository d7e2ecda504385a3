const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Many requests are signed within the same second, and its text is asked for several times in each: the last one is kept. */
let last = { text: '', millis: Number.NaN }

/** Milliseconds of `20261121T100000Z` or, as older clients send in `Date`, of an HTTP date; `undefined` otherwise. */
export function parseRequestTime(text: string): number | undefined {
  if (text === last.text) return last.millis
  const basic = BASIC.exec(text)
  if (basic === null) return /^[A-Z][a-z]{2}, /.test(text) ? finite(Date.parse(text)) : undefined
  const millis = finite(Date.parse(text.replace(BASIC, '$1-$2-$3T$4:$5:$6Z')))
  // A day that is none, such as 31 February, is read as another one: its text is not the one that was sent.
  if (millis !== undefined && written(millis) === text) last = { text, millis }
  return millis
}

/** `20261121T100000Z`. */
export function basicTime(millis: number): string {
  if (millis === last.millis) return last.text
  const text = written(millis)
  // Only of whole seconds does the text say all.
  if (millis % 1_000 === 0) last = { text, millis }
  return text
}

/** `2026-11-21T10:00:00Z`. */
export const isoSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d{3}/, '')

const written = (millis: number): string => new Date(millis).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
const finite = (millis: number): number | undefined => (Number.isFinite(millis) ? millis : undefined)
