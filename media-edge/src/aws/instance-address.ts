import { isIP } from 'node:net';

/** Where an instance of EC2 is told about itself. */
const metadataService = 'http://169.254.169.254';
const answerMs = 2_000;

/**
 * The public IPv4 address of the instance that this runs on, which none of its interfaces has: AWS translates it.
 *
 * @throws Error when the instance has none, or nobody tells
 */
export const instanceAddress = async (service = metadataService): Promise<string> => {
  const token = await ask(`${service}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
  });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const address = await ask(`${service}/latest/meta-data/public-ipv4`, { headers });
  if (isIP(address) === 4) return address;
  throw new Error(`the instance's public address is '${address}', expected IPv4; set SYLK_PUBLIC_ADDRESS`);
};

const ask = async (url: string, request: RequestInit): Promise<string> => {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(answerMs) });
  const text = await response.text();
  if (response.ok) return text.trim();
  throw new Error(`${url} answered ${response.status}: an instance without a public address needs SYLK_PUBLIC_ADDRESS`);
};
