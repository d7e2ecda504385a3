import { JsonWriters } from './json/write.ts'
import { perOperation } from './model/load.ts'
import { type Model, type Operation, operationOf, structureOf } from './model/model.ts'
import { XmlWriters } from './query/write.ts'
import { element, escapeXml } from './query/xml.ts'
import type { Identified, Reply } from './request.ts'

type OutputWrite = (output: object, requestId: string) => Reply

const compiled = perOperation(compileWriter)

/**
 * Writes a handler's output, given by model names with timestamps in milliseconds and blobs as bytes. Members the model
 * does not have, and undefined ones, are left out.
 * @throws Error when the operation answers with an event stream, which is not one reply.
 */
export function writeOutput(
  operation: Pick<Identified, 'service' | 'operation'>,
  output: object,
  requestId: string,
): Reply {
  return compiled(operation.service, operation.operation)(output, requestId)
}

function compileWriter(model: Model, name: string): OutputWrite {
  const operation = operationOf(model, name)
  switch (model.protocol) {
    case 'aws-json-1.1':
      return jsonWriter(model, operation)
    case 'rest-json-1':
      return restWriter(model, operation)
    case 'aws-query':
      return queryWriter(model, name, operation)
  }
}

function jsonWriter(model: Model, { output }: Operation): OutputWrite {
  const write = output === undefined ? undefined : new JsonWriters(model).writer(output)
  return (value, requestId) => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: write === undefined ? '' : JSON.stringify(write(value)),
  })
}

function restWriter(model: Model, { output, http }: Operation): OutputWrite {
  const write = output === undefined ? undefined : new JsonWriters(model).writer(output)
  const bound =
    output === undefined
      ? undefined
      : Object.values(structureOf(model, output).members).find(({ location }) => location !== undefined)
  if (bound !== undefined)
    throw new Error(`${model.service} binds output to ${bound.location ?? ''}, which write-output.ts does not write`)
  const status = http.responseCode ?? 200
  return (value, requestId) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
    // 204 has no body at all; a browser or proxy takes one for the start of the next answer.
    body: status === 204 ? '' : write === undefined ? '{}' : JSON.stringify(write(value)),
  })
}

function queryWriter(model: Model, name: string, { output, resultWrapper }: Operation): OutputWrite {
  const write = output === undefined ? undefined : new XmlWriters(model).writer(output)
  const open = `<${name}Response xmlns="${escapeXml(model.xmlNamespace ?? '')}">`
  return (value, requestId) => {
    const result = write === undefined ? '' : element(resultWrapper ?? `${name}Result`, write(value))
    const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)))
    return {
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: `${open}${result}${metadata}</${name}Response>`,
    }
  }
}
