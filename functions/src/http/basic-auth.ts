import { decodeBase64Url } from '@sylk/protocol/base64url.ts';
import type { Account } from '../ports/accounts.ts';
import { signIn } from '../signaling/account/sign-in.ts';
import { ownAor } from '../signaling/own-domain.ts';
import type { Services } from '../signaling/services.ts';
import { HttpError, type HttpRequest, tooMany } from './message.ts';

/**
 * The account that a request comes from, by Basic authentication (RFC 7617) with address and password or HA1.
 *
 * @throws HttpError 401 when address or password is wrong, 429 when that was tried too often
 */
export const requireAccount = async (services: Services, request: HttpRequest): Promise<Account> => {
  const given = credentialsOf(request.headers.authorization);
  const aor = given && ownAor(services.domain, given.address);
  if (given === undefined || aor === undefined) throw unauthorized(services, request);
  const result = await signIn(services, { aor, password: given.password, network: request.network });
  if (result.status === 'refused') throw tooMany(result.retryAfterMs, 'sign-ins');
  if (result.status === 'wrong') throw unauthorized(services, request);
  return result.account;
};

const credentialsOf = (header: string | undefined): { address: string; password: string } | undefined => {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  const decoded = encoded && decodeBase64Url(encoded.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''));
  const colon = decoded?.indexOf(':') ?? -1;
  if (!decoded || colon < 0) return undefined;
  return { address: decoded.slice(0, colon), password: fromUtf8(decoded.slice(colon + 1)) };
};

/** Text whose characters are the bytes of UTF-8; text that is not valid stays as it is, and is no password then. */
const fromUtf8 = (bytes: string): string => {
  try {
    return decodeURIComponent(bytes.replace(/[^!-$&-~]/g, percentEncode));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return bytes;
  }
};

const percentEncode = (byte: string): string => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;

// A browser would ask its user for a password if it were offered this scheme for a script's request.
const unauthorized = ({ domain }: Services, { headers }: HttpRequest): HttpError => {
  const isScript = headers['sec-fetch-dest'] === 'empty';
  const challenge = { 'www-authenticate': `Basic realm="${domain.name}", charset="UTF-8"` };
  return new HttpError(401, 'address or password is wrong', {}, isScript ? {} : challenge);
};
