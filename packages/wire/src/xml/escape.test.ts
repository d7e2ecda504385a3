import fc from 'fast-check'
import { expect, test } from 'vitest'
import { element, escapeXml } from './escape.ts'

/** XML 1.0's characters, as the specification lists them. */
const VALID = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

test('whatever the text, what is written are characters that XML may hold, and no markup', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).chain((text) => fc.constantFrom(text, `${text}\ud800`, `\udc00${text}`)),
      (text) => {
        const escaped = escapeXml(text)
        expect(escaped).toMatch(VALID)
        expect(escaped).not.toMatch(/[<>"\r]|&(?!(amp|lt|gt|quot|#xD);)/)
      },
    ),
    { seed: 3, numRuns: 1_000 },
  )
})

test.each([
  ['a & b < c > d "e"', 'a &amp; b &lt; c &gt; d &quot;e&quot;'],
  ['tab\tand\nline', 'tab\tand\nline'],
  ['\r', '&#xD;'],
  ['\u0000\u0001\u001f\uffff', '\ufffd\ufffd\ufffd\ufffd'],
  ['😀 \ud83d', '😀 \ufffd'],
])('%j is written as %j', (text, want) => {
  expect(escapeXml(text)).toBe(want)
})

test('an element without content closes itself', () => {
  expect(element('a', '')).toBe('<a/>')
  expect(element('a', 'b')).toBe('<a>b</a>')
})
