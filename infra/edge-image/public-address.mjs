/** Where EC2 tells an instance about itself. A container with the network of its host may ask there as well. */
const metadata = 'http://169.254.169.254';
const limitMs = 5_000;

/**
 * The public IPv4 address of the instance (IMDSv2: a token first, then the question).
 *
 * @param {string} [service]
 * @returns {Promise<string>}
 * @throws {Error} when it has none, or this is no instance
 */
export async function publicAddress(service = metadata) {
  const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await ask(`${service}/latest/api/token`, { method: 'PUT', headers: lifetime });
  const headers = { 'x-aws-ec2-metadata-token': token };
  return ask(`${service}/latest/meta-data/public-ipv4`, { headers });
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function ask(url, init) {
  const advice = 'run this on an instance of EC2 that has a public address, or set SYLK_PUBLIC_ADDRESS';
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(limitMs) }).catch((cause) => {
    throw new Error(`${url} does not answer: ${advice}`, { cause });
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${advice}`);
  return (await response.text()).trim();
}
