import type { ConfigurationElement } from '#engines/broker-engine.ts'
import { isNetworkUri } from '#services/mq/configuration/network-uri.ts'
import type { AuthenticationStrategy } from '#services/mq/rules/authentication.ts'
import { type AttributeKind, type PermittedElement, permittedFor } from '#services/mq/configuration/permitted.ts'

/** What was taken out of a configuration, by AWS's names. */
export interface SanitizationWarning {
  readonly reason: 'DISALLOWED_ELEMENT_REMOVED' | 'DISALLOWED_ATTRIBUTE_REMOVED' | 'INVALID_ATTRIBUTE_VALUE_REMOVED'
  readonly elementName: string
  readonly attributeName?: string
}

/** A configuration that holds only what is permitted. */
export interface Sanitised {
  readonly root: ConfigurationElement
  /** In the order of the document; empty when it was taken as it came. */
  readonly warnings: readonly SanitizationWarning[]
}

/** What is permitted, and what was not. */
interface Cleaning {
  readonly permitted: ReadonlyMap<string, PermittedElement>
  readonly warnings: SanitizationWarning[]
}

/** Takes out of a `<broker>` whatever is not permitted under a strategy. */
export function sanitise(root: ConfigurationElement, strategy: AuthenticationStrategy): Sanitised {
  const warnings: SanitizationWarning[] = []
  return { root: elementOf(root, { permitted: permittedFor(strategy), warnings }), warnings }
}

/** An element that may stand here; which collections it has, and what they hold, follows from its name. */
function elementOf(element: ConfigurationElement, cleaning: Cleaning): ConfigurationElement {
  const { warnings } = cleaning
  const { name, attributes, children } = element
  const permitted = cleaning.permitted.get(name)
  const kept = attributes.filter((attribute) => {
    const kind = permitted?.attributes.get(attribute.name)
    if (kind !== undefined && isValid(name, attribute, kind)) return true
    const reason = kind === undefined ? 'DISALLOWED_ATTRIBUTE_REMOVED' : 'INVALID_ATTRIBUTE_VALUE_REMOVED'
    warnings.push({ reason, elementName: name, attributeName: attribute.name })
    return false
  })
  return {
    name,
    attributes: kept,
    children: children.flatMap((child) => collectionOf(child, permitted?.collections.get(child.name), cleaning)),
  }
}

/** A collection such as `<plugins>`: it has no attributes, and elements of certain names only. */
function collectionOf(
  { name, attributes, children }: ConfigurationElement,
  elements: ReadonlySet<string> | undefined,
  cleaning: Cleaning,
): readonly ConfigurationElement[] {
  const { warnings } = cleaning
  if (elements === undefined) {
    warnings.push({ reason: 'DISALLOWED_ELEMENT_REMOVED', elementName: name })
    return []
  }
  for (const attribute of attributes)
    warnings.push({ reason: 'DISALLOWED_ATTRIBUTE_REMOVED', elementName: name, attributeName: attribute.name })
  const kept = children.flatMap((child) => {
    if (elements.has(child.name)) return [elementOf(child, cleaning)]
    warnings.push({ reason: 'DISALLOWED_ELEMENT_REMOVED', elementName: child.name })
    return []
  })
  return [{ name, attributes: [], children: kept }]
}

const NUMBER = /^-?\d{1,19}(\.\d{1,19})?$/
/** Spring replaces `${…}` and evaluates `#{…}`; `#name` refers to a bean. */
const REFERENCE = /[$#]\{|^\s*#/
/** What XML cannot hold, and line breaks, which attributes cannot either. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u
/** @source Amazon MQ developer guide, memoryUsage */
const MOST_PERCENT_OF_HEAP = 70

function isValid(
  element: string,
  { name, value }: { readonly name: string; readonly value: string },
  kind: AttributeKind,
): boolean {
  if (kind === 'flag') return value === 'true' || value === 'false'
  if (kind === 'uri') return isNetworkUri(value)
  if (kind === 'text') return !REFERENCE.test(value) && !UNWRITABLE.test(value)
  if (!NUMBER.test(value)) return false
  if (element !== 'memoryUsage' || name !== 'percentOfJvmHeap') return true
  return Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) <= MOST_PERCENT_OF_HEAP
}
