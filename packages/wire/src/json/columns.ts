import { isUtf8 } from 'node:buffer'
import type { Family } from '../families.ts'
import { type Model, type StructureShape, shapeOf, structureOf } from '../model/model.ts'
import { type SureValues, sureValues } from '../reading/constraints.ts'
import { Cursor, Malformed } from '../reading/cursor.ts'
import { type ColumnList, ItemScan } from './item-scan.ts'
import type { TreeRead } from './simple.ts'
import { indexJson } from './scan.ts'

/**
 * Reads a body that has a list as columns. `undefined`: there is something unusual about it, which says nothing of whether
 * it is right; it is to be read in the usual way.
 */
export type ColumnsRead = (body: Buffer) => Record<string, unknown> | undefined

/** Of an item: two names and a text. */
const QUOTES_AN_ITEM = 6

/**
 * The reader of a structure that has a list which the family names as columns: `undefined` when it has none.
 * @param read reads the structure in the usual way
 * @throws Error when the list is not one of structures of a number and a text
 */
export function columnsReader(model: Model, family: Family, input: string, read: TreeRead): ColumnsRead | undefined {
  const list = columnList(model, family, structureOf(model, input))
  return list && ((body) => readBody(body, list, read))
}

/**
 * All but the list is read in the usual way, together with the first item of the list: so whatever is wrong elsewhere is
 * found as ever. Every further item must have the same two members, and values that are surely right.
 */
function readBody(body: Buffer, list: ColumnList, read: TreeRead): Record<string, unknown> | undefined {
  const index = indexJson(body)
  if (index === undefined || (!index.ascii && !isUtf8(body))) return undefined
  const cursor = new Cursor()
  try {
    const found = new ItemScan(body, index, list).run()
    if (found === undefined) return undefined
    const encoding = index.ascii ? 'latin1' : 'utf8'
    const rest = body.toString(encoding, 0, found.firstEnd) + body.toString(encoding, found.lastEnd)
    const value = read(JSON.parse(rest), cursor, 0) as Record<string, unknown>
    const strings = (index.quotes.length - QUOTES_AN_ITEM * (found.columns.length - 1)) / 2
    // Otherwise a key came twice, or strings stand in a member that the model does not know.
    if (cursor.failures.length > 0 || cursor.strings !== strings) return undefined
    value[list.name] = found.columns
    return value
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Malformed) return undefined
    throw error
  }
}

function columnList(model: Model, { columns }: Family, shape: StructureShape): ColumnList | undefined {
  const held = Object.entries(shape.members).find(([, member]) => member.shape === columns)
  if (held === undefined) return undefined
  const [name, member] = held
  const list = shapeOf(model, member.shape)
  if (list.type !== 'list') throw new Error(`${member.shape} is no list`)
  const item = structureOf(model, list.member.shape)
  const members = Object.entries(item.members).map(([key, { shape: of }]) => ({ key, shape: shapeOf(model, of) }))
  const number = members.find(({ shape: { type } }) => type === 'long')
  const text = members.find(({ shape: { type } }) => type === 'string')
  if (number === undefined || text === undefined || members.length !== 2 || item.required?.length !== 2)
    throw new Error(`${member.shape} is no list of structures of a number and a text`)
  const { least, most } = sureValues(number.shape)
  const { shortest, longest }: SureValues = sureValues(text.shape)
  if (shortest > 1) throw new Error(`texts of ${member.shape} have rules that bytes do not show`)
  return {
    name,
    most: list.max ?? Infinity,
    number: { name: number.key, least, most },
    text: { name: text.key, longest },
  }
}
