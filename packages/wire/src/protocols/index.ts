import type { Protocol } from '../request.ts'
import { awsJson } from './aws-json.ts'
import { awsQuery } from './aws-query.ts'
import { ec2Query } from './ec2-query.ts'
import type { ProtocolCodec } from './protocol.ts'
import { restJson } from './rest-json.ts'
import { restXml } from './rest-xml.ts'
import { rpcV2Cbor } from './rpc-v2-cbor.ts'

export const PROTOCOLS: Readonly<Record<Protocol, ProtocolCodec>> = {
  'aws-json-1.0': awsJson('aws-json-1.0', 'application/x-amz-json-1.0'),
  'aws-json-1.1': awsJson('aws-json-1.1', 'application/x-amz-json-1.1'),
  'rest-json-1': restJson,
  'rest-xml': restXml,
  'aws-query': awsQuery,
  'ec2-query': ec2Query,
  'rpc-v2-cbor': rpcV2Cbor,
}
