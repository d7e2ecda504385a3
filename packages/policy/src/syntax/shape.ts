import type { PrincipalGroup } from '../evaluate/principal.ts'
import { findOperator } from '../operators/list.ts'
import type { PolicyVersion } from '../policy.ts'
import type {
  ConditionDocument,
  ListDocument,
  PolicyDocument,
  PrincipalDocument,
  StatementDocument,
  TextDocument,
} from './document.ts'
import type { JsonNode, JsonObject, Place } from './json-node.ts'

/** JSON that has not the shape of a policy: AWS's `Syntax errors in policy.` */
export class ShapeError extends Error {
  readonly place: Place

  constructor(message: string, place: Place) {
    super(message)
    this.place = place
  }
}

const POLICY_KEYS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement'])
const STATEMENT_KEYS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])
const GROUPS: ReadonlySet<string> = new Set<PrincipalGroup>(['AWS', 'Service', 'Federated', 'CanonicalUser'])

/** @throws ShapeError */
export function readShape(root: JsonNode): PolicyDocument {
  const policy = objectOf(root, 'a policy')
  refuseUnknownKeys(policy, POLICY_KEYS, 'a policy')
  const version = optional(policy, 'Version', versionOf)
  const id = optional(policy, 'Id', textOf)
  const statements = policy.members.get('Statement')
  if (statements === undefined) throw new ShapeError('a policy needs a Statement', policy)
  const list = statements.type === 'array' ? statements.items : [statements]
  if (list.length === 0) throw new ShapeError('a policy needs at least one statement', statements)
  return {
    ...(version === undefined ? {} : { version }),
    ...(id === undefined ? {} : { id }),
    statements: list.map(readStatement),
  }
}

function readStatement(node: JsonNode): StatementDocument {
  const statement = objectOf(node, 'a statement')
  refuseUnknownKeys(statement, STATEMENT_KEYS, 'a statement')
  const effect = statement.members.get('Effect')
  if (effect === undefined) throw new ShapeError('a statement needs an Effect', statement)
  const sid = optional(statement, 'Sid', textOf)
  const principal = eitherOf(statement, 'Principal', readPrincipal)
  const action = eitherOf(statement, 'Action', readList)
  const resource = eitherOf(statement, 'Resource', readList)
  return {
    place: { start: statement.start, end: statement.end },
    effect: effectOf(effect),
    conditions: optional(statement, 'Condition', readConditions) ?? [],
    ...(sid === undefined || sid === '' ? {} : { sid }),
    ...(principal === undefined ? {} : { principal }),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
  }
}

/** `Name` or `NotName`, never both. */
function eitherOf<T>(
  statement: JsonObject,
  name: string,
  read: (node: JsonNode, negated: boolean) => T,
): T | undefined {
  const plain = statement.members.get(name)
  const negated = statement.members.get(`Not${name}`)
  if (plain !== undefined && negated !== undefined) {
    throw new ShapeError(`a statement cannot have both ${name} and Not${name}`, negated)
  }
  if (plain !== undefined) return read(plain, false)
  return negated === undefined ? undefined : read(negated, true)
}

const readList = (node: JsonNode, negated: boolean): ListDocument => ({ negated, values: textsOf(node) })

function readPrincipal(node: JsonNode, negated: boolean): PrincipalDocument {
  const place = { start: node.start, end: node.end }
  if (node.type === 'string') return { negated, place, values: [{ group: '*', text: node.text, place }] }
  const groups = objectOf(node, 'a principal')
  const values = [...groups.members].flatMap(([group, texts]) => {
    if (!isGroup(group)) throw new ShapeError(`"${group}" is no kind of principal`, texts)
    return textsOf(texts).map((text) => ({ ...text, group }))
  })
  return { negated, place, values }
}

const isGroup = (text: string): text is PrincipalGroup => GROUPS.has(text)

function readConditions(node: JsonNode): readonly ConditionDocument[] {
  return [...objectOf(node, 'a condition').members].flatMap(([operator, keys]) => {
    const entries = [...objectOf(keys, 'the keys of a condition operator').members]
    if (entries.length === 0) return []
    const use = findOperator(operator)
    if (use === undefined) throw new ShapeError(`"${operator}" is no condition operator`, keys)
    return entries.map(([key, values]) => ({ operator, use, key, values: conditionValuesOf(values) }))
  })
}

function conditionValuesOf(node: JsonNode): readonly TextDocument[] {
  return (node.type === 'array' ? node.items : [node]).map((item) => {
    if (item.type === 'string' || item.type === 'number' || item.type === 'boolean')
      return { text: item.text, place: item }
    throw new ShapeError('a condition value is a text, a number or a boolean', item)
  })
}

const textsOf = (node: JsonNode): readonly TextDocument[] =>
  (node.type === 'array' ? node.items : [node]).map((item) => ({ text: textOf(item), place: item }))

function textOf(node: JsonNode): string {
  if (node.type !== 'string') throw new ShapeError('a text is needed here', node)
  return node.text
}

function versionOf(node: JsonNode): PolicyVersion {
  const text = textOf(node)
  if (text === '2012-10-17' || text === '2008-10-17') return text
  throw new ShapeError(`there is no policy version "${text}"`, node)
}

/** Any case gets through here: AWS reports a wrong one with other words than a wrong effect. */
function effectOf(node: JsonNode): string {
  const text = textOf(node)
  if (/^(?:allow|deny)$/i.test(text)) return text
  throw new ShapeError('an Effect is "Allow" or "Deny"', node)
}

function optional<T>(object: JsonObject, key: string, read: (node: JsonNode) => T): T | undefined {
  const node = object.members.get(key)
  return node === undefined ? undefined : read(node)
}

function objectOf(node: JsonNode, what: string): JsonObject {
  if (node.type !== 'object') throw new ShapeError(`${what} is a JSON object`, node)
  return node
}

function refuseUnknownKeys(object: JsonObject, known: ReadonlySet<string>, what: string): void {
  for (const [key, value] of object.members) {
    if (!known.has(key)) throw new ShapeError(`${what} has no element "${key}"`, value)
  }
}
