import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerNetworks } from '../../network/peer-networks.ts';
import type { Dns, NaptrRecord, SrvRecord } from './dns.ts';
import { type Destination, resolveTargets } from './resolver.ts';
import { Unresolvable } from './unresolvable.ts';

interface Zone {
  readonly naptr?: Record<string, readonly NaptrRecord[]>;
  readonly srv?: Record<string, readonly SrvRecord[]>;
  readonly addresses?: Record<string, readonly string[]>;
}

function dnsOf(zone: Zone): Dns {
  return {
    naptr: async (name) => zone.naptr?.[name] ?? [],
    srv: async (name) => zone.srv?.[name] ?? [],
    addresses: async (host) => zone.addresses?.[host] ?? [],
  };
}

const srv = (priority: number, weight: number, name: string, port = 5060): SrvRecord => ({
  priority,
  weight,
  port,
  name,
});

async function targetsOf(destination: Destination, zone: Zone = {}, random = 0.99): Promise<string[]> {
  const targets = await resolveTargets(destination, {
    dns: dnsOf(zone),
    networks: peerNetworks([]),
    isOwn: ({ address, port }) => address === '8.8.8.8' && port === 5060,
    random: () => random,
  });
  return targets.map(
    ({ protocol, address, port, isTransportFixed }) =>
      `${protocol} ${address} ${port}${isTransportFixed ? ' fixed' : ''}`,
  );
}

test('an address needs no DNS; UDP and 5060 unless it says otherwise', async () => {
  assert.deepEqual(await targetsOf({ host: '9.9.9.9' }), ['UDP 9.9.9.9 5060']);
  assert.deepEqual(await targetsOf({ host: '2a00::1', port: 5080, transport: 'TCP' }), ['TCP 2a00::1 5080 fixed']);
});

test('a port means addresses only, whatever else DNS has', async () => {
  const zone = {
    addresses: { 'h.example': ['9.9.9.9', '2a00::1'] },
    srv: { '_sip._udp.h.example': [srv(1, 1, 'other.example')] },
  };
  assert.deepEqual(await targetsOf({ host: 'h.example', port: 5070 }, zone), ['UDP 9.9.9.9 5070', 'UDP 2a00::1 5070']);
});

test('NAPTR chooses the transport, SRV the server', async () => {
  const zone: Zone = {
    naptr: {
      'h.example': [
        { order: 50, preference: 50, flags: 's', service: 'SIPS+D2T', replacement: '_sips._tcp.h.example' },
        { order: 100, preference: 50, flags: 'S', service: 'SIP+D2U', replacement: '_sip._udp.h.example' },
        { order: 90, preference: 50, flags: 's', service: 'sip+d2t', replacement: '_sip._tcp.far.example' },
      ],
    },
    srv: { '_sip._udp.h.example': [srv(1, 1, 'u.example')], '_sip._tcp.far.example': [srv(1, 1, 't.example', 5066)] },
    addresses: { 'u.example': ['9.9.9.1'], 't.example': ['9.9.9.2'] },
  };
  assert.deepEqual(await targetsOf({ host: 'h.example' }, zone), ['TCP 9.9.9.2 5066 fixed', 'UDP 9.9.9.1 5060 fixed']);
});

test('without NAPTR the SRV records of UDP and TCP are asked for, of one alone if the URI names it', async () => {
  const zone: Zone = {
    srv: { '_sip._udp.h.example': [srv(1, 1, 'u.example')], '_sip._tcp.h.example': [srv(1, 1, 't.example')] },
    addresses: { 'u.example': ['9.9.9.1'], 't.example': ['9.9.9.2'] },
  };
  assert.deepEqual(await targetsOf({ host: 'h.example' }, zone), ['UDP 9.9.9.1 5060 fixed', 'TCP 9.9.9.2 5060 fixed']);
  assert.deepEqual(await targetsOf({ host: 'h.example', transport: 'TCP' }, zone), ['TCP 9.9.9.2 5060 fixed']);
});

test('without any of them it is the address itself', async () => {
  assert.deepEqual(await targetsOf({ host: 'h.example' }, { addresses: { 'h.example': ['9.9.9.9'] } }), [
    'UDP 9.9.9.9 5060',
  ]);
});

test('priority goes before weight, and weight draws', async () => {
  const zone = (records: readonly SrvRecord[]): Zone => ({
    srv: { '_sip._udp.h.example': records },
    addresses: { 'a.example': ['9.9.9.1'], 'b.example': ['9.9.9.2'], 'c.example': ['9.9.9.3'] },
  });
  const records = [srv(20, 100, 'a.example'), srv(10, 1, 'b.example'), srv(10, 9, 'c.example')];
  const order = async (random: number) =>
    (await targetsOf({ host: 'h.example' }, zone(records), random)).map((target) => target.split(' ')[1]);
  assert.deepEqual(await order(0), ['9.9.9.2', '9.9.9.3', '9.9.9.1']);
  assert.deepEqual(await order(0.99), ['9.9.9.3', '9.9.9.2', '9.9.9.1']);
});

test('a service that is said not to exist falls back to the address', async () => {
  const zone: Zone = { srv: { '_sip._udp.h.example': [srv(0, 0, '.')] }, addresses: { 'h.example': ['9.9.9.9'] } };
  assert.deepEqual(await targetsOf({ host: 'h.example' }, zone), ['UDP 9.9.9.9 5060']);
});

test('a domain with hundreds of servers is cut short', async () => {
  const zone: Zone = {
    srv: { '_sip._udp.h.example': Array.from({ length: 300 }, (_, index) => srv(1, 1, `s${index}.example`)) },
    addresses: Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`s${index}.example`, ['9.9.9.1', '9.9.9.2', '9.9.9.3']]),
    ),
  };
  assert.equal((await targetsOf({ host: 'h.example' }, zone)).length, 10);
});

const failures: [string, Destination, Zone, number, RegExp][] = [
  ['a name that nobody has', { host: 'no.example' }, {}, 404, /no such host: no\.example/],
  ['a private address', { host: '10.0.0.1' }, {}, 403, /private/],
  [
    'a name that leads to loopback',
    { host: 'l.example' },
    { addresses: { 'l.example': ['127.0.0.1', '::1'] } },
    403,
    /loopback/,
  ],
  [
    'a server name that is an address inside',
    { host: 's.example' },
    { srv: { '_sip._udp.s.example': [srv(1, 1, '169.254.169.254')] } },
    403,
    /metadata/,
  ],
  ['our own port', { host: '8.8.8.8' }, {}, 403, /this gateway itself/],
];
for (const [name, destination, zone, code, words] of failures) {
  test(`${name}: ${code}`, async () => {
    await assert.rejects(
      targetsOf(destination, zone),
      (error: unknown) => error instanceof Unresolvable && error.code === code && words.test(error.message),
    );
  });
}

test('of several addresses only those that may be called are left', async () => {
  const zone: Zone = { addresses: { 'm.example': ['10.0.0.1', '9.9.9.9', '127.0.0.1'] } };
  assert.deepEqual(await targetsOf({ host: 'm.example' }, zone), ['UDP 9.9.9.9 5060']);
});

test('TLS is what NAPTR or SRV say where it is spoken, and proves the name that was called', async () => {
  const zone: Zone = {
    naptr: {
      'h.example': [
        { order: 1, preference: 1, flags: 's', service: 'SIPS+D2T', replacement: '_sips._tcp.far.example' },
        { order: 2, preference: 1, flags: 's', service: 'SIP+D2U', replacement: '_sip._udp.h.example' },
      ],
    },
    srv: {
      '_sips._tcp.far.example': [srv(1, 1, 't.example', 5071)],
      '_sip._udp.h.example': [srv(1, 1, 't.example')],
      '_sips._tcp.h.example': [srv(1, 1, 't.example', 5081)],
    },
    addresses: { 't.example': ['9.9.9.1'] },
  };
  const find = async (destination: Destination) => {
    const shared = { dns: dnsOf(zone), networks: peerNetworks([]), isOwn: () => false, random: () => 0 };
    const targets = await resolveTargets(destination, { ...shared, hasTls: true });
    return targets.map(({ protocol, address, port, domain }) => `${protocol} ${address} ${port} ${domain ?? '-'}`);
  };
  assert.deepEqual(await find({ host: 'h.example' }), ['TLS 9.9.9.1 5071 h.example', 'UDP 9.9.9.1 5060 -']);
  assert.deepEqual(await find({ host: 'h.example', transport: 'TLS' }), ['TLS 9.9.9.1 5071 h.example']);
  assert.deepEqual(await find({ host: 't.example', transport: 'TLS' }), ['TLS 9.9.9.1 5061 t.example']);
  assert.deepEqual(await find({ host: '9.9.9.9', transport: 'TLS' }), ['TLS 9.9.9.9 5061 9.9.9.9']);
});

test('servers are put in order, and those of an IP version that is not bound are left out', async () => {
  const zone: Zone = { addresses: { 'h.example': ['2a00::1', '9.9.9.1', '9.9.9.2'] } };
  const targets = await resolveTargets(
    { host: 'h.example' },
    {
      dns: dnsOf(zone),
      networks: peerNetworks([]),
      isOwn: () => false,
      random: () => 0,
      reaches: (address) => !address.includes(':'),
      order: (found) => found.toReversed(),
    },
  );
  assert.deepEqual(
    targets.map(({ address }) => address),
    ['9.9.9.2', '9.9.9.1'],
  );
});
