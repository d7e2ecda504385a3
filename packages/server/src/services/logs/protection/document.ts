import { logsErrors } from '#services/logs/errors.ts'
import { MAX_CUSTOM_IDENTIFIERS, MAX_CUSTOM_REGEX_CHARS, MAX_PROTECTION_POLICY_CHARS } from '#services/logs/limits.ts'
import { patternRegex } from '#services/logs/patterns/regex.ts'
import { type DataIdentifier, MANAGED_IDENTIFIERS, managedIdentifier } from '#services/logs/protection/identifiers.ts'

/** What a data protection policy says. */
export interface ProtectionPolicy {
  readonly identifiers: readonly DataIdentifier[]
  /** The log group that hears of what was found. Left out: nobody does. */
  readonly findingsGroup?: string
}

const ARN_PREFIX = /^arn:aws[a-z-]*:dataprotection::aws:data-identifier\//
const VERSION = '2021-06-01'
const CUSTOM_NAME = /^[A-Za-z0-9_-]{1,128}$/

type Json = Readonly<Record<string, unknown>>

/**
 * Reads a data protection policy: one statement that audits and one that masks, both of the same data.
 * @throws AwsError InvalidParameterException when it is none, or asks for what is not there
 */
export function readProtectionPolicy(document: string): ProtectionPolicy {
  if (document.length > MAX_PROTECTION_POLICY_CHARS) {
    throw invalid(`it is longer than ${String(MAX_PROTECTION_POLICY_CHARS)} characters`)
  }
  const policy = object(parse(document), 'the document')
  if (typeof policy['Name'] !== 'string' || policy['Name'] === '') throw invalid('Name is missing')
  if (policy['Version'] !== VERSION) throw invalid(`Version must be ${VERSION}`)
  const custom = readCustom(policy['Configuration'])
  const statements = policy['Statement']
  if (!Array.isArray(statements) || statements.length !== 2) {
    throw invalid('it must have two statements, one with Audit and one with Deidentify')
  }
  const [audit, mask] = statements.map((statement) => object(statement, 'a statement'))
  const audited = readIdentifiers(audit, custom)
  const findingsGroup = readFindingsGroup(operationOf(audit, 'Audit'))
  const deidentify = operationOf(mask, 'Deidentify')
  if (Object.keys(object(deidentify['MaskConfig'], 'MaskConfig')).length > 0) throw invalid('MaskConfig must be empty')
  const hidden = readIdentifiers(mask, custom)
  const names = (identifiers: readonly DataIdentifier[]): string =>
    identifiers
      .map(({ name }) => name)
      .toSorted()
      .join('\n')
  if (names(audited) !== names(hidden)) throw invalid('both statements must have the same DataIdentifier')
  return { identifiers: hidden, ...(findingsGroup === undefined ? {} : { findingsGroup }) }
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document)
  } catch {
    throw invalid('it is not JSON')
  }
}

function readCustom(configuration: unknown): ReadonlyMap<string, DataIdentifier> {
  if (configuration === undefined) return new Map()
  const list = object(configuration, 'Configuration')['CustomDataIdentifier'] ?? []
  if (!Array.isArray(list) || list.length > MAX_CUSTOM_IDENTIFIERS) {
    throw invalid(`CustomDataIdentifier must be a list of at most ${String(MAX_CUSTOM_IDENTIFIERS)}`)
  }
  const custom = new Map<string, DataIdentifier>()
  for (const each of list) {
    const { Name: name, Regex: expression } = object(each, 'a custom data identifier')
    if (typeof name !== 'string' || !CUSTOM_NAME.test(name)) throw invalid('a custom data identifier has no valid Name')
    if (custom.has(name)) throw invalid(`the custom data identifier ${name} is there twice`)
    const regex = typeof expression === 'string' && expression.length <= MAX_CUSTOM_REGEX_CHARS
    const compiled = regex ? patternRegex(expression) : undefined
    if (compiled === undefined) throw invalid(`the Regex of the custom data identifier ${name} is not valid`)
    custom.set(name, { name, regex: compiled.regex })
  }
  return custom
}

function readIdentifiers(
  statement: Json | undefined,
  custom: ReadonlyMap<string, DataIdentifier>,
): readonly DataIdentifier[] {
  const list = statement?.['DataIdentifier']
  if (!Array.isArray(list) || list.length === 0) throw invalid('DataIdentifier is missing')
  const identifiers = new Map<string, DataIdentifier>()
  for (const each of list) {
    const identifier = identifierOf(each, custom)
    identifiers.set(identifier.name, identifier)
  }
  return [...identifiers.values()]
}

function identifierOf(written: unknown, custom: ReadonlyMap<string, DataIdentifier>): DataIdentifier {
  if (typeof written !== 'string') throw invalid('a DataIdentifier must be a text')
  if (!ARN_PREFIX.test(written)) {
    const own = custom.get(written)
    if (own === undefined) throw invalid(`there is no data identifier ${written}`)
    return own
  }
  const name = written.replace(ARN_PREFIX, '')
  const managed = managedIdentifier(name)
  if (managed !== undefined) return managed
  throw logsErrors.invalidParameter(
    `The managed data identifier ${name} is not supported by this version of Sluice. It supports ${MANAGED_IDENTIFIERS.join(', ')}.`,
  )
}

function operationOf(statement: Json | undefined, name: string): Json {
  const operation = object(statement?.['Operation'], 'Operation')
  const names = Object.keys(operation)
  if (names.length !== 1 || names[0] !== name) throw invalid(`the operation must be ${name}`)
  return object(operation[name], name)
}

function readFindingsGroup(audit: Json): string | undefined {
  const destination = object(audit['FindingsDestination'], 'FindingsDestination')
  const foreign = Object.keys(destination).find((name) => name !== 'CloudWatchLogs')
  if (foreign !== undefined) {
    throw logsErrors.invalidParameter(
      `Audit findings cannot be sent to ${foreign} by this version of Sluice. Use CloudWatchLogs, or leave FindingsDestination empty.`,
    )
  }
  if (destination['CloudWatchLogs'] === undefined) return undefined
  const { LogGroup: name } = object(destination['CloudWatchLogs'], 'CloudWatchLogs')
  if (typeof name === 'string' && name !== '') return name
  throw invalid('CloudWatchLogs must name a LogGroup')
}

function object(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw invalid(`${what} must be a JSON object`)
}

/** AWS's words are not known. */
const invalid = (reason: string): Error => logsErrors.invalidParameter(`Invalid data protection policy: ${reason}.`)
