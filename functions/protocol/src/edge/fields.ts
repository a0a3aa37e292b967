/** The kinds of field that edge.v1 messages are made of. */
import * as z from 'zod';
import { aor, connectionId, deviceId, edgeId, sessionId } from '../ids.ts';
import { maxIdChars } from '../limits.ts';

export const text = z.string().max(maxIdChars);
/** A count or a time in ms: whole and not negative. */
export const count = z.int().min(0);

export const aorField = text.transform(aor);
export const connectionField = text.transform(connectionId);
export const deviceField = text.transform(deviceId);
export const edgeField = text.transform(edgeId);
export const sessionField = text.transform(sessionId);

export const sessionKey = z.object({ aor: aorField, device: deviceField, session: sessionField });
