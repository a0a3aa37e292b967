export type Protocol = 'UDP' | 'TCP' | 'TLS';

/** Where a message goes, or came from: an IP literal (IPv6 without brackets) and a port. */
export interface Endpoint {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

/** A way to one peer: a UDP address, or a connection. */
export interface Flow {
  /** Names it for as long as it is open (RFC 5626 s. 5.2 calls that a flow token); see `Flows.find`. */
  readonly id: string;
  readonly peer: Endpoint;
  /** False once a connection is closed; a UDP flow is always open. */
  readonly isOpen: boolean;
  /** The SIP domains that the peer has proven to be by its certificate (RFC 5922), in lower case; none without TLS. */
  readonly identities: readonly string[];
  /** @throws Error when the message certainly did not leave */
  send(message: Buffer): Promise<void>;
  /** True for a connection that messages of ours went by before: it may be dead without our knowing. */
  readonly isUsed?: boolean;
  /** Calls back when a connection closes; absent for UDP. @returns what calls that off */
  onceClosed?(callback: () => void): () => void;
}

/** Takes in what a socket received. */
export type Receiver = (bytes: Buffer, flow: Flow) => void;

/** `192.0.2.1:5060`, `[2001:db8::1]:5060`: as in Via and URIs. */
export const hostPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** `udp 192.0.2.1:5060`: as in logs and in the words of a failure. */
export const describe = (peer: Endpoint): string =>
  `${peer.protocol.toLowerCase()} ${hostPort(peer.address, peer.port)}`;

/** The port where a transport is served unless something else is said (RFC 3261 s. 19.1.2). */
export const defaultPort = (protocol: Protocol): number => (protocol === 'TLS' ? 5061 : 5060);
