/**
 * @typedef {object} NamedEdges what the records are made of
 * @property {string} domain    whose callers look for an edge
 * @property {number} sipPort
 * @property {readonly string[]} hosts public names of the edges that take new calls
 */

/** Callers look again after this time, in seconds: an edge that is gone should not be tried for long. */
const lifetimeS = 60;

/**
 * The changes that lead callers of a domain to its edges (RFC 3263 s. 4.1), each edge alike.
 * Without any edge the records say so: what stood there before may be somebody else's machine by then.
 *
 * @param {NamedEdges} edges
 */
export function recordChanges({ domain, sipPort, hosts }) {
  const values = hosts.length > 0 ? [...hosts].sort().map((host) => `10 10 ${sipPort} ${host}.`) : ['0 0 0 .'];
  return ['_sip._udp', '_sip._tcp'].map((service) => ({
    Action: 'UPSERT',
    ResourceRecordSet: {
      Name: `${service}.${domain}.`,
      Type: 'SRV',
      TTL: lifetimeS,
      ResourceRecords: values.map((Value) => ({ Value })),
    },
  }));
}
