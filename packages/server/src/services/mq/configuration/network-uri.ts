const OPTIONS = String.raw`(?:\?[\w.=&-]{0,500})?`
const BROKER = new RegExp(`^ssl://[\\w.:[\\]-]{1,255}:\\d{1,5}${OPTIONS}$`)
/** @source Amazon MQ developer guide, networkConnector: `static:(…)`, `masterslave:(…)`, and what the latter stands for */
const LIST = new RegExp(`^(?:static|masterslave):(?:failover:)?\\(([^()]{1,4000})\\)${OPTIONS}$`)
const NESTED = new RegExp(`^static:\\(failover:\\(([^()]{1,4000})\\)${OPTIONS}\\)${OPTIONS}$`)
const MAX_CHARACTERS = 5_000

/**
 * Whether a URI names brokers to connect to over TLS and nothing else: ActiveMQ knows transports that load a configuration
 * from anywhere, which would run whatever it says.
 */
export function isNetworkUri(uri: string): boolean {
  if (uri.length > MAX_CHARACTERS) return false
  const [, brokers] = LIST.exec(uri) ?? NESTED.exec(uri) ?? []
  return brokers?.split(',').every((broker) => BROKER.test(broker.trim())) ?? false
}
