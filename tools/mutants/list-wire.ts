import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const WIRE = 'packages/wire/src'
const unit = (...names: readonly string[]): TestRun => ({
  project: 'unit',
  files: names.map((name) => `${WIRE}/${name}.test.ts`),
})

/** How strictly each protocol reads, what it answers, and where requests go. */
export const WIRE_MUTANTS: readonly Mutant[] = [
  ...inFile(`${WIRE}/reading/constraints.ts`, unit('read-input', 'reading/constraints', 'strictness'), [
    ['wire: a longest length is not checked', 'length(value, max) > max', 'false'],
    ['wire: a shortest length is not checked', 'length(value, min) < min', 'false'],
    ['wire: a largest number is not checked', 'broken: (value: number) => value > max', 'broken: () => false'],
    ['wire: a smallest number is not checked', 'broken: (value: number) => value < min', 'broken: () => false'],
    ['wire: patterns are not matched', '!expression.test(value)', 'false'],
    [
      'wire: a pattern may match anywhere',
      '`^(?:${all ? pattern.slice(4) : pattern})$`',
      '`${all ? pattern.slice(4) : pattern}`',
    ],
    ['wire: enums are not checked', '!known.has(value)', 'false'],
    ['wire: characters beyond 16 bits count twice', 'count--', ''],
    ['wire: text of any length is matched', 'value.length > cap ? max === undefined : ', ''],
    ['wire: secrets are shown', 'hidden || rule.hidesValue === true', 'rule.hidesValue === true'],
  ]),
  ...inFile(`${WIRE}/reading/patterns.ts`, unit('reading/patterns', 'reading/steps'), [
    [
      'wire: a pattern of blanks takes exponential time',
      String.raw`^\t*[\x20-\x7E][\t\x20-\x7E]*$`,
      String.raw`^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$`,
    ],
    [
      'wire: a header of printable characters may be tabs alone',
      String.raw`^\t*[\x20-\x7E][\t\x20-\x7E]*$`,
      String.raw`^[\t\x20-\x7E]+$`,
    ],
    ['wire: a pattern tries every slash', String.raw`.[^/${'${LINE_ENDS}'}]*\/.+`, String.raw`.+\/.+`],
    ['wire: a pattern tries every :glue:', 'arn:(?:(?!:glue:).)*:glue:', 'arn:.*:glue:'],
  ]),
  ...inFile(`${WIRE}/reading/cursor.ts`, unit('reading/cursor', 'read-input', 'strictness'), [
    ['wire: nesting has no bound', 'if (depth > MAX_DEPTH) this.malformed', 'if (depth > 1e9) this.malformed'],
    ['wire: failures have no bound', 'if (this.failures.length >= MAX_FAILURES) return', ''],
    ['wire: shown values have no bound', 'text.length <= MAX_SHOWN_VALUE ? text', 'true ? text'],
  ]),
  ...inFile(`${WIRE}/reading/values.ts`, unit('reading/values', 'read-input', 'strictness'), [
    ['wire: 32-bit integers have no upper end', 'value <= INT32_MAX', 'true'],
    ['wire: 32-bit integers have no lower end', 'value >= INT32_MIN', 'true'],
    ['wire: 64-bit integers have no end', 'value <= INT64', 'true'],
    ['wire: base64 may be cut short', 'text.length % 4 !== 0 || ', ''],
    ['wire: base64 may hold anything', ' || !BASE64.test(text)', ''],
    [
      'wire: 31 February is a day',
      'check.getUTCDate() === Number(day) && check.getUTCMonth() === Number(month) - 1',
      'true',
    ],
    ['wire: a time beyond all dates', 'Math.abs(millis) <= MAX_TIME', 'true'],
  ]),
  ...inFile(`${WIRE}/json/read.ts`, unit('json/read', 'read-input', 'strictness'), [
    ['wire, JSON: required members may be missing', 'if (seen < required.length)', 'if (false)'],
    ['wire, JSON: null in a list', "if (item === null) cursor.malformed(depth + 1, 'A list can not hold null')", ''],
    ['wire, JSON: null in a map', "if (item === null) cursor.malformed(depth + 1, 'A map can not hold null')", ''],
    [
      'wire, JSON: __proto__ as a key',
      "if (key === '__proto__') cursor.malformed(depth, 'A map can not have the key __proto__')",
      '',
    ],
    ['wire, JSON: unions are not looked at', 'union && present !== 1', 'false'],
    [
      'wire, JSON: anything is an object',
      'if (!isObject(value)) return cursor.malformed(depth, `${kindOf(value)} can not be converted to a structure`)',
      '',
    ],
    ['wire, JSON: unknown members are passed on', 'return clean ? value : copyKnown(fields, value)', 'return value'],
  ]),
  ...inFile(`${WIRE}/json/simple.ts`, unit('json/read', 'read-input', 'strictness'), [
    [
      'wire, JSON: a number is a text',
      "typeof value === 'string' ? value : wrong(value, cursor, depth, 'a String')",
      'value',
    ],
    [
      'wire, JSON: anything is a boolean',
      "typeof value === 'boolean' ? value : wrong(value, cursor, depth, 'a Boolean')",
      'value',
    ],
    ['wire, JSON: an array is an object', ' && !Array.isArray(value)', ''],
  ]),
  ...inFile(`${WIRE}/json/text.ts`, unit('json/text', 'read-input', 'strictness'), [
    ['wire, JSON: the same key twice', 'if (countStrings(parseJson(bytes).value, 0) !== strings)', 'if (false)'],
    [
      'wire, JSON: bytes that are no UTF-8',
      "if (!ascii && !isUtf8(bytes)) throw new Malformed('The request body is not valid UTF-8', '')",
      '',
    ],
    ['wire, JSON: nesting where nobody looks', 'if (depth > MAX_DEPTH) throw', 'if (depth > 1e9) throw'],
  ]),
  ...inFile(`${WIRE}/json/scan.ts`, unit('json/scan', 'json/text'), [
    ['wire, JSON: all is ASCII', 'ascii: (found & 2) === 0', 'ascii: true'],
    ['wire, JSON: only the last part of a large body is ASCII', 'flags |= found', 'flags = found'],
    ['wire, JSON: a backslash at the end of a part escapes nothing', 'found & 1, at)', '0, at)'],
    ['wire, JSON: control characters are like any other', '(found & 4) !== 0 || ', ''],
    ['wire, JSON: places of strings have no bound', 'quotes + more > MAX_PLACES || ', ''],
    ['wire, JSON: places of escapes have no bound', ' || escaped + moreEscaped > quotes + more', ''],
  ]),
  ...inFile(`${WIRE}/json/columns.ts`, unit('json/columns'), [
    ['wire, columns: bytes that are no UTF-8', ' || (!index.ascii && !isUtf8(body))', ''],
    ['wire, columns: what breaks a rule beside the list', 'cursor.failures.length > 0 || ', ''],
    ['wire, columns: the same key twice', ' || cursor.strings !== strings', ''],
  ]),
  ...inFile(`${WIRE}/json/item-scan.ts`, unit('json/columns'), [
    ['wire, columns: a list of the name anywhere', 'depth === 1 && ', ''],
    ['wire, columns: more items than there may be', 'if (length === this.#list.most) return undefined', ''],
    ['wire, columns: an item without its brace', 'if (!isOnly(body, from, nameOpen, OPEN_BRACE)) return NOWHERE', ''],
    [
      'wire, columns: a first member of any name',
      'if (!this.#isMember(quote, nameOpen, this.#textName)) return NOWHERE',
      '',
    ],
    [
      'wire, columns: a number of any name',
      'if (!isText(body, number, quotes[quote + 5] as number, this.#numberName)) return NOWHERE',
      '',
    ],
    ['wire, columns: anything behind a name', ' &&\n      isOnly(this.#body, close + 1, next, COLON)', ''],
    ['wire, columns: a number of any length', 'digits > MAX_DIGITS || ', ''],
    ['wire, columns: a number without digits', 'digits === 0 || ', ''],
    ['wire, columns: a number that begins with a zero', ' || (digits > 1 && body[start] === ZERO)', ''],
    ['wire, columns: a text that is empty', 'end > start && ', ''],
    [
      'wire, columns: escapes are taken as they are',
      'if ((escapes[this.#escape] as number) < end) this.#decode(index, start, end)',
      '',
    ],
    [
      'wire, columns: names of one length are the same',
      'if (body[open + 1 + offset] !== text[offset]) return false',
      '',
    ],
  ]),
  ...inFile(`${WIRE}/json/text-columns.ts`, unit('json/columns'), [
    ['wire, columns: a part begins where all begin', 'this.#first + from, to - from', 'from, to - from'],
    ['wire, columns: an escaped text is as long as its escapes', 'text === undefined ? (ends', 'true ? (ends'],
    ['wire, columns: texts are copied as they are escaped', 'if (decoded?.[place] !== undefined || end', 'if (end'],
    ['wire, columns: half of a character is copied', '!text.isWellFormed() || ', ''],
    ['wire, columns: an escaped text lies in the body', 'if (decoded?.[at] !== undefined) return undefined', ''],
    ['wire, columns: nothing is found that is escaped', 'text?.includes(part) === true', 'false'],
  ]),
  ...inFile(`${WIRE}/cbor/tree.ts`, unit('strictness'), [
    [
      'wire, CBOR: a number is a timestamp',
      'value instanceof CborTimestamp ? parseEpochSeconds(value.seconds) : undefined',
      "typeof value === 'number' ? value : value instanceof CborTimestamp ? parseEpochSeconds(value.seconds) : undefined",
    ],
    ['wire, CBOR: bytes are an object', ' && !isLeaf(value)', ''],
  ]),
  ...inFile(`${WIRE}/cbor/decode.ts`, unit('cbor/decode'), [
    ['wire, CBOR: the same key twice', "if (Object.hasOwn(map, key)) source.fail('a map has the same key twice')", ''],
    ['wire, CBOR: __proto__ as a key', "if (key === '__proto__') source.fail('a map has the key __proto__')", ''],
    ['wire, CBOR: nesting has no bound', 'if (depth > MAX_DEPTH) throw', 'if (depth > 1e9) throw'],
    ['wire, CBOR: items have no bound', 'if (++this.#items > MAX_ITEMS) throw', 'if (++this.#items > 1e12) throw'],
    ['wire, CBOR: more follows', "if (!this.#source.isAtEnd()) this.#source.fail('more follows its first item')", ''],
  ]),
  ...inFile(`${WIRE}/query/read.ts`, unit('read-input', 'strictness'), [
    ['wire, Query: required members may be missing', 'else if (needed) cursor.reject(depth + 1, NOT_NULL, null)', ''],
    [
      'wire, Query: the same key twice',
      "if (Object.hasOwn(value, name)) cursor.malformed(depth + 1, 'A map can not have the same key twice')",
      '',
    ],
    [
      'wire, Query: __proto__ as a key',
      "if (name === '__proto__') cursor.malformed(depth, 'A map can not have the key __proto__')",
      '',
    ],
    [
      'wire, Query: lists are numbered by anything',
      "if (!INDEX.test(index)) cursor.malformed(depth, 'A list is numbered from 1 on')",
      '',
    ],
    [
      'wire, Query: a value where members belong',
      'if (node.children !== undefined || node.value === undefined)',
      'if (node.value === undefined)',
    ],
  ]),
  ...inFile(`${WIRE}/query/form.ts`, unit('query/form', 'read-input', 'strictness'), [
    [
      'wire, Query: a parameter twice',
      "if (node.value !== undefined) throw new Malformed('The parameter was sent twice', name)",
      '',
    ],
    ['wire, Query: parameters have no bound', 'if (++count > MAX_PARAMETERS)', 'if (++count > 1e9)'],
    ['wire, Query: nesting has no bound', 'if (segments.length > MAX_SEGMENTS)', 'if (false)'],
  ]),
  ...inFile(`${WIRE}/xml/read.ts`, unit('strictness'), [
    ['wire, XML: required members may be missing', 'else if (required) cursor.reject(depth + 1, NOT_NULL, null)', ''],
    ['wire, XML: an element twice', 'element === undefined || more.length > 0', 'element === undefined'],
    ['wire, XML: a list twice', 'list === undefined || more.length > 0', 'list === undefined'],
    [
      'wire, XML: text in a structure',
      "if (element.text !== '') cursor.malformed(depth, 'Unexpected text: a structure is expected')",
      '',
    ],
    ['wire, XML: other elements in a list', 'if (item.name !== tag) cursor', 'if (false) cursor'],
  ]),
  ...inFile(`${WIRE}/xml/parse.ts`, unit('xml/parse', 'xml/hostile'), [
    [
      'wire, XML: document types',
      "else source.fail('document types are not accepted')",
      'else source.at = source.find(">", source.at, "a document type") + 1',
    ],
    [
      'wire, XML: nesting has no bound',
      'if (this.#open.push(opened) > MAX_DEPTH)',
      'if (this.#open.push(opened) > 1e9)',
    ],
    ['wire, XML: elements have no bound', 'if (++this.#elements > MAX_ELEMENTS)', 'if (++this.#elements > 1e9)'],
    [
      'wire, XML: end tags are not compared',
      "if (bytes[at] !== bytes[source.at++]) source.fail('an end tag does not match its start tag')",
      'source.at++',
    ],
  ]),
  ...inFile(`${WIRE}/xml/escape.ts`, unit('xml/escape', 'write-fault'), [
    ['wire, XML: ampersands are not escaped', "'&': '&amp;',", "'&': '&',"],
    ['wire, XML: carriage returns are lost', "'\\r': '&#xD;',", "'\\r': '\\r',"],
    [
      'wire, XML: control characters are written',
      '[&<>"]|[^\\t\\n\\u0020-\\ud7ff\\ue000-\\ufffd\\u{10000}-\\u{10ffff}]',
      '[&<>"\\r]',
    ],
  ]),
  ...inFile(`${WIRE}/content-encoding.ts`, unit('read-input', 'strictness'), [
    ['wire: gzip unfolds without a bound', ', { maxOutputLength: MAX_UNFOLDED_BYTES }', ''],
    ['wire: other encodings are read as they are', "if (encoding !== 'gzip') throw", "if (encoding === 'zip') throw"],
  ]),
  ...inFile(`${WIRE}/rest/route.ts`, unit('rest/route', 'identify'), [
    ['wire, REST: literal paths do not win', 'literals * 10_000', 'literals * 0'],
    ['wire, REST: required parameters do not choose', 'route.parameters.every((name) => parameters.has(name)) &&', ''],
    [
      'wire, REST: fixed parameters do not choose',
      "if (!route.fixed.every(([name, value]) => parameters.has(name) && (value === '' || parameters.get(name) === value)))",
      'if (false)',
    ],
    ['wire, REST: an empty label', "if (text === '') return undefined", ''],
  ]),
  ...inFile(`${WIRE}/rest/bound.ts`, unit('read-input', 'strictness'), [
    [
      'wire, REST: a query parameter twice',
      'if (sent.length !== 1) return cursor.malformed',
      'if (false) return cursor.malformed',
    ],
  ]),
  ...inFile(`${WIRE}/s3-address.ts`, unit('identify', 'strictness'), [
    ['wire, S3: buckets in the host are not seen', 'bucket === undefined ? path : `/${bucket}${path}`', 'path'],
    ['wire, S3: a slash after the bucket is a key', 'whole.length > 1 && whole', 'false && whole'],
  ]),
  ...inFile(`${WIRE}/protocols/aws-json.ts`, unit('write-fault', 'strictness'), [
    [
      'wire, JSON: no request id',
      "'content-type': contentType,\n    'x-amzn-requestid': requestId,",
      "'content-type': contentType,",
    ],
    ['wire: no x-amzn-query-error', 'if (target.queryMode !== true) return {}', 'return {}'],
    ['wire: x-amzn-query-error unasked', 'if (target.queryMode !== true) return {}', ''],
  ]),
  ...inFile(`${WIRE}/protocols/rest-json.ts`, unit('write-fault', 'strictness'), [
    ['wire, REST: a code breaks out of its header', ".replace(UNSAFE_IN_HEADER, '')", ''],
    ['wire, REST: no error type', "'x-amzn-errortype': fault", "'x-other': fault"],
  ]),
  ...inFile(`${WIRE}/protocols/rest-xml.ts`, unit('write-fault', 'strictness'), [
    ['wire, S3: no request id', "'x-amz-request-id': requestId,", ''],
    [
      'wire, S3: any root element',
      "if (tree.name !== root) throw new Malformed(`The root element is not ${root}`, '')",
      '',
    ],
  ]),
  ...inFile(`${WIRE}/rest/write.ts`, unit('write-output', 'strictness'), [
    ['wire, REST: a body with status 204', 'status === 204 || ', ''],
  ]),
]
