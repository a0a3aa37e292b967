import { parseSipAddress, toAor } from '@sylk/protocol/sip-address.ts';
import { parseNameAddr, quoteDisplayName } from '../../../media-edge/src/sip/message/name-addr.ts';
import { parseParameters, splitOutsideQuotes } from '../../../media-edge/src/sip/message/parameters.ts';
import { parseVia, stampVia } from '../../../media-edge/src/sip/message/via.ts';
import { parseUri } from '../../../media-edge/src/sip/message/wire-uri.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';
import { words } from './sip-texts.ts';

/** Values of single headers: addresses, parameters, Via. */
export const sipValuesTarget: Target = {
  name: 'sip-values',
  seeds: [
    '"Bob \\"B\\" Builder" <sip:bob;x=y:pw@example.org:5060;transport=tcp?subject=a>;tag=1;q=0.5',
    'Bob Builder<sip:%62ob@[2001:db8::1]:5070;lr>;expires=60',
    'sip:bob@example.org;tag=x',
    'SIP / 2.0 / UDP [2001:db8::9:1] : 6050 ; branch = z9hG4bK1 ; rport ; received = 192.0.2.1',
    'SIP/2.0/TLS host.example.org;branch=z9hG4bK1;ttl=16;maddr=224.0.0.1',
    '<sip:a;lr>, "x, y" <sip:b?c=d,e>;f="g,h", *',
    ';a=b;c="d;e";f',
    'tel:+15550100;ext=5',
  ].map((text) => Buffer.from(text)),
  dictionary: words,
  maxBytes: 4096,
  run(input) {
    const text = Buffer.from(input)
      .toString('utf8')
      .replace(/[\r\n]/g, ' ');
    checkSplit(text);
    checkVia(text);
    checkNameAddr(text);
    checkUri(text);
  },
};

function checkSplit(text: string): void {
  for (const separator of [',', ';'])
    must(splitOutsideQuotes(text, separator).join(separator) === text, 'a list loses characters when it is split');
  parseParameters(text);
}

function checkVia(text: string): void {
  const via = parseVia(text);
  if (via === undefined) return;
  const stamped = stampVia(text, via, { address: '198.51.100.1', port: 4444 });
  const again = parseVia(stamped);
  must(again !== undefined, 'a Via cannot be read with the source that we add');
  must(again.host === via.host && again.port === via.port, 'a Via has another sender with the source that we add');
  must(again.parameters.branch === via.parameters.branch, 'a Via has another branch with the source that we add');
  must(again.parameters.received === '198.51.100.1' || via.host === '198.51.100.1', 'a Via keeps a forged source');
}

function checkNameAddr(text: string): void {
  const read = parseNameAddr(text);
  if (read === undefined) return;
  const written = `"${quoteDisplayName(read.displayName)}" <${read.uri.toString()}>`;
  const again = parseNameAddr(written);
  must(again !== undefined, 'a name and address cannot be read as we write them');
  must(again.uri.toString() === read.uri.toString(), 'an address is another one as we write it');
}

function checkUri(text: string): void {
  const uri = parseUri(text);
  if (uri !== undefined) must(uri.clone().toString() === text, 'a URI changes when it is copied');
  const address = parseSipAddress(text);
  if (address === undefined) return;
  must(address.host !== '' && (address.port === undefined || address.port <= 65535), 'an address without place');
  const aor = toAor(text);
  must(toAor(aor) === aor, 'an account has two names');
}
