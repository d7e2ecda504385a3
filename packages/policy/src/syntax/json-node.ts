/** JSON with the place of every value; offsets count UTF-16 units from 0, `end` is just behind the value. */
export type JsonNode = JsonScalar | JsonArray | JsonObject

export interface JsonScalar extends Place {
  readonly type: 'string' | 'number' | 'boolean' | 'null'
  /** The text of a string; the characters of everything else. */
  readonly text: string
}

export interface JsonArray extends Place {
  readonly type: 'array'
  readonly items: readonly JsonNode[]
}

export interface JsonObject extends Place {
  readonly type: 'object'
  readonly members: ReadonlyMap<string, JsonNode>
}

export interface Place {
  readonly start: number
  readonly end: number
}
