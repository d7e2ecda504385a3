import { type RenderedElement, element } from '#engines/activemq/render/element.ts'
import type { BrokerUser, ConfigurationElement } from '#engines/broker-engine.ts'

const variableOf = (index: number): string => `SLUICE_NETWORK_PASSWORD_${String(index + 1)}`

const userOf = ({ attributes }: ConfigurationElement): string | undefined =>
  attributes.find(({ name }) => name === 'userName')?.value

/** Connections to other brokers; the password of each one's user comes from the environment, and no configuration holds it. */
export function networkConnectors(
  connectors: readonly ConfigurationElement[],
  users: readonly BrokerUser[],
): readonly RenderedElement[] {
  if (connectors.length === 0) return []
  const rendered = connectors.map((connector, index) => {
    const isKnown = users.some(({ username }) => username === userOf(connector))
    const { attributes } = element('networkConnector', {
      password: isKnown ? { variable: variableOf(index) } : undefined,
    })
    return { ...connector, attributes: [...connector.attributes, ...attributes] }
  })
  return [element('networkConnectors', {}, rendered)]
}

/** The variables that {@link networkConnectors} refers to. */
export function networkPasswords(
  { children }: ConfigurationElement,
  users: readonly BrokerUser[],
): Readonly<Record<string, string>> {
  const connectors = children.filter(({ name }) => name === 'networkConnectors').flatMap((found) => found.children)
  const entries = connectors.flatMap((connector, index) => {
    const user = users.find(({ username }) => username === userOf(connector))
    return user === undefined ? [] : [[variableOf(index), user.password] as const]
  })
  return Object.fromEntries(entries)
}
