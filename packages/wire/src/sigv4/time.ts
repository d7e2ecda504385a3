const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Milliseconds of `20261121T100000Z` or, as older clients send in `Date`, of an HTTP date; `undefined` otherwise. */
export function parseRequestTime(text: string): number | undefined {
  const basic = BASIC.exec(text)
  if (basic === null && !/^[A-Z][a-z]{2}, /.test(text)) return undefined
  const millis = Date.parse(basic === null ? text : text.replace(BASIC, '$1-$2-$3T$4:$5:$6Z'))
  return Number.isFinite(millis) ? millis : undefined
}

/** `20261121T100000Z`. */
export const basicTime = (millis: number): string => new Date(millis).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')

/** `2026-11-21T10:00:00Z`. */
export const isoSeconds = (millis: number): string => new Date(millis).toISOString().replace(/\.\d{3}/, '')
