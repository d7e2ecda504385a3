import { Malformed, type XmlElement, parseXml } from '@sluice/wire'
import type { ConfigurationElement } from '#engines/broker-engine.ts'
import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'
import { type Sanitised, sanitise } from '#services/mq/configuration/sanitise.ts'
import { configurationText } from '#services/mq/configuration/xml-text.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_CONFIGURATION_BYTES } from '#services/mq/limits.ts'

/** A configuration as it is kept. */
export interface ReadConfiguration extends Sanitised {
  /** As it was sent when nothing had to be taken out, comments and order included: whoever compares finds what was sent. */
  readonly text: string
}

/**
 * Reads the base64 of a request.
 * @throws AwsError BadRequestException when it is not base64, not well-formed XML, or no `<broker>`
 */
export function readConfiguration(data: string, strategy: AuthenticationStrategy): ReadConfiguration {
  const bytes = decode(data)
  const sent = parse(bytes)
  const sanitised = sanitise(sent, strategy)
  const text = sanitised.warnings.length === 0 ? bytes.toString('utf8') : configurationText(sanitised.root)
  return { ...sanitised, text }
}

/** The elements of a configuration that was kept; what its strategy does not permit was taken out before. */
export const keptConfiguration = (text: string): ConfigurationElement => sanitise(parse(Buffer.from(text)), 'ldap').root

function decode(data: string): Buffer {
  if (data.length > Math.ceil(MAX_CONFIGURATION_BYTES / 3) * 4) throw tooLong()
  const bytes = Buffer.from(data, 'base64')
  if (bytes.toString('base64').replaceAll('=', '') !== data.replaceAll('=', ''))
    throw invalid('it is not encoded in base64')
  if (bytes.length > MAX_CONFIGURATION_BYTES) throw tooLong()
  return bytes
}

function parse(bytes: Uint8Array): ConfigurationElement {
  const root = parsed(bytes)
  if (root.name !== 'broker') throw invalid('its root element must be <broker>')
  checkText(root)
  return root
}

function parsed(bytes: Uint8Array): XmlElement {
  try {
    return parseXml(bytes)
  } catch (error) {
    if (error instanceof Malformed) throw invalid(error.message)
    throw error
  }
}

// ActiveMQ reads attributes only; a value between tags would be lost without a word.
function checkText({ name, text, children }: XmlElement): void {
  if (text.trim() !== '') throw invalid(`element <${name.slice(0, 100)}> holds text; values stand in attributes`)
  children.forEach(checkText)
}

const invalid = (why: string): Error => mqErrors.badRequest(`Configuration data is invalid: ${why}.`, 'data')
const tooLong = (): Error => invalid(`it has more than ${String(MAX_CONFIGURATION_BYTES)} bytes`)
