/**
 * All that a server says without being asked, one type a message, united by `sylkrtc`, `event` and `state`:
 *
 *     {"sylkrtc":"session-event","session":"d2...","event":"state","state":"ringing"}
 */
import * as z from 'zod';
import { accountEvent } from './events/account.ts';
import { lookupPublicKeyEvent, readyEvent } from './events/connection.ts';
import { sessionEvent } from './events/session.ts';
import { videoroomEvent } from './events/videoroom.ts';
import { ack, errorReply } from './replies.ts';

export type * from './events/account.ts';
export type * from './events/connection.ts';
export type * from './events/session.ts';
export type * from './events/videoroom.ts';

const events = [readyEvent, lookupPublicKeyEvent, accountEvent, sessionEvent, videoroomEvent] as const;

export const event = z.discriminatedUnion('sylkrtc', events);
export type Event = z.infer<typeof event>;

export const serverMessage = z.discriminatedUnion('sylkrtc', [ack, errorReply, ...events]);
export type ServerMessage = z.infer<typeof serverMessage>;
