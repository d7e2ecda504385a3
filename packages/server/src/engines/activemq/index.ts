export { activemqEngine } from '#engines/activemq/engine.ts'
export { INSTANCE_TYPES, instanceTypes } from '#engines/activemq/instance-types.ts'
export { activemqVersions } from '#engines/activemq/versions.ts'
