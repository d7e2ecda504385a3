export { rabbitmqEngine } from '#engines/rabbitmq/engine.ts'
export { installedRabbitmq, rabbitmqInstanceTypes } from '#engines/rabbitmq/installed.ts'
