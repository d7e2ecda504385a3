import { expect, test } from 'vitest'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { readConfiguration } from '#services/mq/configuration/read-configuration.ts'
import { MAX_CONFIGURATION_BYTES } from '#services/mq/limits.ts'

const read = (data: string) => readConfiguration(data, 'simple')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

test('what needs no cleaning is kept to the byte, comments and order of attributes included', () => {
  expect(read(base64(DEFAULT_CONFIGURATION)).text).toBe(DEFAULT_CONFIGURATION)
  const text = '<broker  persistent="true"\n advisorySupport="false"><!-- why -->\n</broker>'
  expect(read(base64(text)).text).toBe(text)
})

test('what was cleaned is written anew, with its namespace', () => {
  const { text, warnings } = read(
    base64('<broker persistent="true" useJmx="false"><plugins><evil/><statisticsBrokerPlugin/></plugins></broker>'),
  )
  expect(warnings).toHaveLength(2)
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker xmlns="http://activemq.apache.org/schema/core" persistent="true">
  <plugins>
    <statisticsBrokerPlugin/>
  </plugins>
</broker>
`)
})

test.each([
  ['no base64', '<broker/>', /base64/],
  ['base64 with something behind it', `${base64('<broker/>')}!`, /base64/],
  ['nothing', '', /no element/],
  ['no XML', base64('broker: yes'), /outside of the root/],
  ['two roots', base64('<broker/><broker/>'), /more than one root/],
  ['another root', base64('<beans><broker/></beans>'), /root element must be <broker>/],
  ['a document type', base64('<!DOCTYPE broker [<!ENTITY a "b">]><broker/>'), /document types are not accepted/],
  ['an unknown entity', base64('<broker persistent="&file;"/>'), /entity/],
  ['a processing instruction', base64('<broker><?php echo 1 ?></broker>'), /processing instructions/],
  ['a value between tags', base64('<broker><destinations>Q</destinations></broker>'), /<destinations> holds text/],
  ['bytes that are no UTF-8', Buffer.from([0x3c, 0x61, 0xff, 0x3e]).toString('base64'), /./],
  ['more than the limit', base64(`<broker>${' '.repeat(MAX_CONFIGURATION_BYTES)}</broker>`), /more than 262144 bytes/],
  ['base64 beyond any limit', 'A'.repeat(MAX_CONFIGURATION_BYTES * 3), /more than 262144 bytes/],
])('%s is refused', (_what, data, says) => {
  expect(() => read(data)).toThrow(says)
  expect(() => read(data)).toThrow(
    expect.objectContaining({ code: 'BadRequestException', members: { ErrorAttribute: 'data' } }) as Error,
  )
})
