/**
 * Every setting of the gateway, by the name it has in the environment. Both processes get the same environment,
 * so each of them knows the names of all, and refuses others as misspelt.
 */
export const settingNames = [
  'SYLK_DOMAIN',
  'SYLK_PUBLIC_ADDRESS',
  'SYLK_HTTP_ADDRESS',
  'SYLK_HTTP_PORT',
  'SYLK_HTTPS_PORT',
  'SYLK_SIP_ADDRESS',
  'SYLK_SIP_PORT',
  'SYLK_SIPS_PORT',
  'SYLK_SIP_TLS_TRUST',
  'SYLK_SIP_PROXY',
  'SYLK_SIP_SRTP',
  'SYLK_SIP_CODECS',
  'SYLK_MEDIA_PORTS',
  'SYLK_PEER_NETWORKS',
  'SYLK_DATA_DIR',
  'SYLK_EDGE_URL',
  'SYLK_EDGE_TOKEN',
  'SYLK_EDGE_METRICS_PORT',
  'SYLK_BROWSER_API',
  'SYLK_DRAIN_SECONDS',
  'SYLK_WORKER_BIN',
  'SYLK_WEB_ORIGINS',
  'SYLK_TLS_CERT',
  'SYLK_TLS_KEY',
  'SYLK_ACME_EMAIL',
  'SYLK_ADDRESSES_PER_HOUR',
  'SYLK_CALLS_PER_MINUTE',
  'SYLK_CONNECTIONS_PER_ADDRESS',
  'SYLK_LOG_LEVEL',
] as const;

export type SettingName = (typeof settingNames)[number];
