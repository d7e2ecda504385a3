import { describe, expect, test } from 'vitest'
import { type XmlElement, parseXml } from './parse.ts'

const parse = (text: string): XmlElement => parseXml(Buffer.from(text))
const leaf = (name: string, text = ''): XmlElement => ({ name, attributes: [], children: [], text })

test('a body of S3 becomes a tree; layout between elements is left out', () => {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Object>
    <Key>a</Key>
  </Object>
  <Object><Key>b</Key><VersionId>1</VersionId></Object>
  <Quiet>true</Quiet>
</Delete>
`
  expect(parse(body)).toEqual({
    name: 'Delete',
    attributes: [],
    text: '',
    children: [
      { ...leaf('Object'), children: [leaf('Key', 'a')] },
      { ...leaf('Object'), children: [leaf('Key', 'b'), leaf('VersionId', '1')] },
      leaf('Quiet', 'true'),
    ],
  })
})

describe('text is kept as it was meant', () => {
  test.each([
    ['white space', ' \t\n ', ' \t\n '],
    ['line feeds', 'a\n\nb\n', 'a\n\nb\n'],
    ['carriage returns are line ends', 'a\r\nb\rc\r\r\nd', 'a\nb\nc\n\nd'],
    ['carriage returns as references are themselves', 'a&#13;&#10;b&#xD;', 'a\r\nb\r'],
    ['the five entities', '&lt;&amp;&gt;&apos;&quot;', '<&>\'"'],
    ['references, once', '&amp;lt;&#38;amp;', '&lt;&amp;'],
    ['numbers with zeros', '&#0000000065;&#x00000042;', 'AB'],
    ['the last character', '&#1114111;&#x10FFFF;', '\u{10FFFF}\u{10FFFF}'],
    ['beyond ASCII', 'é€😀&#x1F600;\u007f\u0085', 'é€😀😀\u007f\u0085'],
    ['CDATA', 'a<![CDATA[<b>&amp;]]]]>c', 'a<b>&amp;]]c'],
    ['CDATA with line ends', '<![CDATA[\r\n]]>', '\n'],
    ['empty CDATA', '<![CDATA[]]>', ''],
    ['comments part no text', 'a<!-- <b> & - -->b', 'ab'],
    ['white space around a comment', ' <!----> ', '  '],
    ['brackets', ']] >', ']] >'],
    ['a greater-than sign', 'a>b', 'a>b'],
  ])('%s', (_what, content, want) => {
    expect(parse(`<a>${content}</a>`)).toEqual(leaf('a', want))
  })

  test('beside elements text stays, white space does not', () => {
    expect(parse('<a> \n<b/>\t<b> </b> x <b/> </a>')).toEqual({
      ...leaf('a', ' x '),
      children: [leaf('b'), leaf('b', ' '), leaf('b')],
    })
  })
})

describe('names', () => {
  test('lose their prefixes, wherever these are declared', () => {
    const want = { ...leaf('Delete'), children: [leaf('Quiet', 'true')] }
    expect(parse('<s3:Delete xmlns:s3="urn:s3"><s3:Quiet>true</s3:Quiet></s3:Delete>')).toEqual(want)
    expect(parse('<Delete><q:Quiet xmlns:q="urn:q">true</q:Quiet></Delete>')).toEqual(want)
    expect(parse('<p:Delete a:b="" xmlns:p="urn:p" xmlns:a="urn:a"><Quiet>true</Quiet></p:Delete >').name).toBe(
      'Delete',
    )
  })

  test('of an object are names like others', () => {
    const tree = parse('<__proto__><constructor toString="1" __proto__="2">x</constructor></__proto__>')
    expect(tree.name).toBe('__proto__')
    expect(tree.children[0]?.attributes).toEqual([
      { name: 'toString', value: '1' },
      { name: '__proto__', value: '2' },
    ])
    expect(({} as Record<string, unknown>)['toString']).toBe(Object.prototype.toString)
  })

  test.each(['_', 'a.b-c_9', 'é', '名前', 'a·', '\u{10000}'])('%s is a name', (name) => {
    expect(parse(`<${name}></${name}>`).name).toBe(name)
  })

  test.each(['9', '-a', '.a', '×', 'a×', '\u0300', 'a:b:c', ':a', 'a:', 'a:9', '', ' a'])('%j is no name', (name) => {
    expect(() => parse(`<${name} xmlns:a="u"/>`)).toThrow('a name')
  })
})

describe('attributes', () => {
  test('have local names, and those of XML Schema instances are told apart, whatever their prefix', () => {
    const instance = 'http://www.w3.org/2001/XMLSchema-instance'
    const want = [{ name: 'xsi:type', value: 'CanonicalUser' }]
    expect(parse(`<Grantee xmlns:xsi="${instance}" xsi:type="CanonicalUser"/>`).attributes).toEqual(want)
    expect(parse(`<Grantee i:type = 'CanonicalUser' xmlns:i = '${instance}'></Grantee>`).attributes).toEqual(want)
    expect(parse('<Grantee xmlns:xsi="urn:other" xsi:type="CanonicalUser"/>').attributes).toEqual([
      { name: 'type', value: 'CanonicalUser' },
    ])
    expect(parse('<a xml:space="preserve"/>').attributes).toEqual([{ name: 'space', value: 'preserve' }])
  })

  test('have white space as spaces and references as their characters', () => {
    expect(parse(`<a b="\r\n\t&#10;&quot;'" c='"&#x9;>'/>`).attributes).toEqual([
      { name: 'b', value: '  \n"\'' },
      { name: 'c', value: '"\t>' },
    ])
  })

  test('a declaration ends with its element', () => {
    expect(() => parse('<a><b xmlns:p="u"/><p:c/></a>')).toThrow('prefix is not declared')
    expect(() => parse('<a><b xmlns:p="u"></b><p:c/></a>')).toThrow('prefix is not declared')
    expect(parse('<a xmlns:p="u"><b xmlns:p="v"/><p:c/></a>').children).toHaveLength(2)
  })
})

describe('the XML declaration', () => {
  test.each([
    '<?xml version="1.0"?><a/>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a/>",
    '<?xml\tversion = "1.0"\nencoding="Utf-8"?><!-- c --><a/><!-- d -->\n',
    '\ufeff<?xml version="1.0" encoding="UTF-8"?><a/>',
    '\ufeff<a/>',
    '\n <a/> \n',
  ])('%j is read', (text) => {
    expect(parse(text)).toEqual(leaf('a'))
  })

  test.each([
    ['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'encoding is not UTF-8'],
    ['<?xml version="1.0" encoding="UTF-16"?><a/>', 'encoding is not UTF-8'],
    ['<?xml version="1.0" encoding="xutf-8"?><a/>', 'encoding is not UTF-8'],
    ['<?xml version="1.1"?><a/>', 'XML declaration can not be read'],
    ['<?xml encoding="UTF-8"?><a/>', 'XML declaration can not be read'],
    ['<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>', 'XML declaration can not be read'],
    [`<?xml version="1.0"${' '.repeat(300)}?><a/>`, 'XML declaration can not be read'],
    ['<?xml version="1.0"', 'the XML declaration has no end'],
    [' <?xml version="1.0"?><a/>', 'processing instructions'],
    ['<a/><?xml version="1.0"?>', 'processing instructions'],
  ])('%j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})

describe('what is not well-formed is refused', () => {
  test.each([
    ['', 'there is no element'],
    [' <!-- nothing --> ', 'there is no element'],
    ['text', 'text outside of the root'],
    ['<a/>text', 'text outside of the root'],
    ['&#32;<a/>', 'text outside of the root'],
    ['<![CDATA[]]><a/>', 'text outside of the root'],
    ['<a/><b/>', 'more than one root'],
    ['<a>', 'an element is not closed'],
    ['<a><b></a></b>', 'an end tag does not match'],
    ['<a></ab>', 'an end tag does not match'],
    ['<ab></a>', 'an end tag does not match'],
    ['<p:a xmlns:p="u" xmlns:q="u"></q:a>', 'an end tag does not match'],
    ['<a></a', 'an end tag does not match'],
    ['</a>', 'an end tag has no start tag'],
    ['<a/></a>', 'an end tag has no start tag'],
    ['<', 'a name is missing'],
    ['<a', 'attributes must be parted'],
    ['<a ', 'a name is missing'],
    ['<a/', 'a start tag has no end'],
    ['<a / >', 'a start tag has no end'],
    ['<a b>', 'an attribute has no value'],
    ['<a b=c>', 'has no quotes'],
    ['<a b="c>', 'the value of an attribute has no end'],
    ['<a b="<"/>', 'the value of an attribute holds <'],
    ['<a b="1"c="2"/>', 'attributes must be parted'],
    ['<a b="1" b="2"/>', 'same attribute twice'],
    ['<a p:b="1" q:b="2" xmlns:p="u" xmlns:q="u"/>', 'same attribute twice'],
    ['<a xmlns="u" xmlns="v"/>', 'same attribute twice'],
    ['<a xmlns:p="u" xmlns:p="u"/>', 'same attribute twice'],
    ['<a xmlns:p=""/>', 'stands for nothing'],
    ['<p:a/>', 'prefix is not declared'],
    ['<a p:b=""/>', 'prefix is not declared'],
    ['<a>]]></a>', 'text holds ]]>'],
    ['<a><!-- -- --></a>', 'a comment holds --'],
    ['<a><!-- x </a>', 'a comment has no end'],
    ['<a><![CDATA[ x </a>', 'a CDATA section has no end'],
    ['<a><?php x ?></a>', 'processing instructions'],
    ['<a>&</a>', 'an ampersand starts no reference'],
    ['<a>& ;</a>', 'none of the five'],
    ['<a>&nbsp;</a>', 'none of the five'],
    ['<a>&AMP;</a>', 'none of the five'],
    ['<a>&#;</a>', 'none of the five'],
    ['<a>&#x;</a>', 'none of the five'],
    ['<a>&#X41;</a>', 'none of the five'],
    ['<a>&#0;</a>', 'names no character'],
    ['<a>&#x1b;</a>', 'names no character'],
    ['<a>&#xD800;</a>', 'names no character'],
    ['<a>&#xFFFE;</a>', 'names no character'],
    ['<a>&#x110000;</a>', 'names no character'],
    ['<a>&#9999999999;</a>', 'names no character'],
    ['<a>\u0000</a>', 'a character that XML does not allow'],
    ['<a>\u001b</a>', 'a character that XML does not allow'],
    ['<a b="\u0001"/>', 'a character that XML does not allow'],
    ['<a><!-- \uffff --></a>', 'a character that XML does not allow'],
    ['<a>\ufffe</a>', 'a character that XML does not allow'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(message)
    expect(() => parse(text)).toThrow(expect.objectContaining({ name: 'Malformed', path: '' }))
  })

  test('bytes that are no UTF-8', () => {
    expect(() => parseXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e))).toThrow('not valid UTF-8')
    expect(() => parseXml(Buffer.from('\ufeff<a/>', 'utf16le'))).toThrow('not valid UTF-8')
  })
})
