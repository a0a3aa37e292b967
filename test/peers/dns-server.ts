import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { type Dns, servicesBy } from '../../media-edge/src/sip/transport/dns.ts';

/** Records of a zone, by name. */
export interface Zone {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  /** `priority weight port target`. */
  readonly srv?: readonly string[];
  /** `order preference flags service replacement`. */
  readonly naptr?: readonly string[];
}

const types = { a: 1, aaaa: 28, srv: 33, naptr: 35 } as const;

/** A name server on loopback (RFC 1035 s. 4) with the few records that a test wants. */
export class DnsServer {
  /** What was asked, as `srv _sip._udp.example.test`. */
  readonly asked: string[] = [];
  readonly #zones: Map<string, Zone>;
  readonly #socket: Socket;

  private constructor(zones: Readonly<Record<string, Zone>>, socket: Socket) {
    this.#zones = new Map(Object.entries(zones));
    this.#socket = socket;
    socket.on('message', (query, from) => socket.send(this.#answer(query), from.port, from.address));
  }

  static async start(zones: Readonly<Record<string, Zone>> = {}): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, '127.0.0.1', resolve));
    return new DnsServer(zones, socket);
  }

  /** The gateway's questions, asked of this server. */
  get dns(): Dns {
    const resolver = new Resolver({ timeout: 1_000, tries: 2 });
    resolver.setServers([`127.0.0.1:${this.#socket.address().port}`]);
    const none = (): string[] => [];
    return {
      ...servicesBy(resolver),
      addresses: async (host) => [
        ...(await resolver.resolve6(host).catch(none)),
        ...(await resolver.resolve4(host).catch(none)),
      ],
    };
  }

  add(zones: Readonly<Record<string, Zone>>): void {
    for (const [name, zone] of Object.entries(zones)) this.#zones.set(name, zone);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(query: Buffer): Buffer {
    const { name, type, end } = questionOf(query);
    const kind = type === 1 ? 'a' : type === 28 ? 'aaaa' : type === 33 ? 'srv' : type === 35 ? 'naptr' : undefined;
    this.asked.push(`${kind ?? type} ${name}`);
    const zone = this.#zones.get(name);
    const records = kind === undefined ? [] : (zone?.[kind] ?? []);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // An answer with authority; 3 says that there is no such name.
    header.writeUInt16BE(0x8580 | (zone === undefined ? 3 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const answers = records.map((record) => resource(types[kind ?? 'a'], dataOf(kind ?? 'a', record)));
    return Buffer.concat([header, query.subarray(12, end), ...answers]);
  }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The name is that of the question, 12 bytes from the start. */
function resource(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(kind: keyof Zone, record: string): Buffer {
  if (kind === 'a' || kind === 'aaaa') return addressOf(record);
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = record.split(' ');
  if (kind === 'srv') return Buffer.concat([numbers(first, second, third), nameOf(fourth)]);
  return Buffer.concat([numbers(first, second), text(third), text(fourth), text(''), nameOf(fifth)]);
}

const numbers = (...values: readonly string[]): Buffer =>
  Buffer.from(values.flatMap((value) => [Number(value) >> 8, Number(value) & 255]));

const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);

const nameOf = (name: string): Buffer => Buffer.concat([...name.split('.').map(text), Buffer.from([0])]);

function addressOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [
    ...(left ?? []),
    ...Array<string>(8 - (left ?? []).length - (right ?? []).length).fill('0'),
    ...(right ?? []),
  ];
  return Buffer.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}
