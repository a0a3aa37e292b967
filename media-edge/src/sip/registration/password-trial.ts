import { randomBytes } from 'node:crypto';
import type { Core } from 'sip.js';
import type { DigestClient, WantedKey } from '../digest/digest-client.ts';
import { safePhrase } from '../headers/reason-header.ts';
import type { ElsewhereAccount } from './account.ts';
import { registerRequest } from './register-request.ts';
import { authenticationFailed, type RegistrationParts, type RegistrationState } from './registration.ts';

/** Asks a registrar what is bound, which it tells only to whom knows the password (RFC 3261 s. 10.2.3). Nothing changes there. */
export class PasswordTrial {
  readonly #parts: RegistrationParts;
  readonly #account: ElsewhereAccount;
  readonly #digest: DigestClient;

  constructor(parts: RegistrationParts, account: ElsewhereAccount, digest: DigestClient) {
    this.#parts = parts;
    this.#account = account;
    this.#digest = digest;
  }

  ask(onKnown: (state: RegistrationState) => void): void {
    const { gateway, openPath } = this.#parts;
    const callId = randomBytes(16).toString('hex');
    let wanted: readonly WantedKey[] | undefined;
    let isProved = false;
    const takeBack = gateway.proofs.give(callId, (challenges, request, tries) => {
      const answer = this.#digest.answer(challenges, request, tries);
      isProved ||= answer.kind === 'proof';
      wanted = answer.kind === 'unknown' ? answer.wanted : undefined;
      return answer.kind === 'proof' ? answer.headers : undefined;
    });
    const tell = (state: RegistrationState) => {
      takeBack();
      onKnown(state);
    };
    const request = registerRequest(gateway.core, this.#account, { callId, cseq: 1, expiresS: undefined });
    const path = openPath({ callId, contactUser: this.#account.contact });
    gateway.within(path, () =>
      gateway.core.register(request, {
        // A registrar that asks nobody for a password shows nothing about this one.
        onAccept: () => tell(isProved ? { state: 'registered' } : { state: 'failed', reason: authenticationFailed }),
        onReject: ({ message }) => tell(failure(message, wanted)),
        onRedirect: ({ message }) => tell(failure(message, wanted)),
      }),
    );
  }
}

function failure(response: Core.IncomingResponseMessage, wanted: readonly WantedKey[] | undefined): RegistrationState {
  const code = response.statusCode ?? 500;
  const isForPassword = code === 401 || code === 407;
  const reason = isForPassword ? authenticationFailed : `${code} ${safePhrase(response.reasonPhrase ?? '')}`;
  return { state: 'failed', reason, ...(wanted === undefined ? {} : { wanted }) };
}
