import { XMLParser } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { CREDENTIALS_PROPERTIES, JOLOKIA_ACCESS } from '#engines/activemq/render/static-files.ts'
import { VARIABLES } from '#engines/activemq/run-secrets.ts'

interface Access {
  readonly restrict: {
    readonly cors: { readonly 'strict-checking': unknown }
    readonly commands: { readonly command: readonly string[] }
    readonly allow: { readonly mbean: { readonly name: string } }
    readonly deny: { readonly mbean: readonly { readonly name: string; readonly operation: string }[] }
  }
}
const { restrict } = new XMLParser().parse(JOLOKIA_ACCESS) as Access

test('Jolokia reads everything, and writes and runs only what is the broker’s', () => {
  expect(restrict.commands.command).toEqual(['read', 'list', 'version', 'search'])
  expect(restrict.allow.mbean.name).toBe('org.apache.activemq:*')
})

test('what changes logging or writes files of the machine is refused even to the platform', () => {
  expect(restrict.deny.mbean.map(({ name }) => name)).toEqual([
    'org.apache.logging.log4j2:*',
    'com.sun.management:type=DiagnosticCommand',
    'com.sun.management:type=HotSpotDiagnostic',
    'jdk.management.jfr:type=FlightRecorder',
  ])
  expect(restrict.deny.mbean.every(({ operation }) => operation === '*')).toBe(true)
})

test('a page in a browser cannot send Jolokia anything', () => {
  expect(restrict.cors).toHaveProperty('strict-checking')
})

test('the console’s own login is in the environment, not in its file', () => {
  expect(CREDENTIALS_PROPERTIES).toBe(
    `activemq.username=\${${VARIABLES.platformUsername}}\nactivemq.password=\${${VARIABLES.platformPassword}}\n`,
  )
})
