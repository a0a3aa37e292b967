/** Every size and time limit of the product, with its unit in the name and its source or reason beside it. */

// --- sylkRTC frames ---
/** Largest text frame in either direction, in bytes (API Gateway WebSocket frame quota). */
export const maxFrameBytes = 32 * 1024;
/** Largest SDP in a request or event, in characters: leaves room for the envelope in one frame. */
export const maxSdpChars = 24 * 1024;
/** Custom SIP headers in one request, and characters in one of their values. */
export const maxHeaders = 32;
export const maxHeaderChars = 1024;
/** Candidates in one `session-trickle`. */
export const maxCandidates = 64;
/** Accounts that one connection may add. */
export const maxAccountsPerConnection = 8;
/** Sessions that one connection may have at a time, those included that are over but whose end the client has not confirmed. */
export const maxSessionsPerConnection = 16;
/** Contacts of phones that one account may have, and characters in one of their URIs. */
export const maxPhonesPerAccount = 10;
export const maxPhoneUriChars = 1024;
/** Devices remembered for one account. */
export const maxDevicesPerAccount = 20;
/** HA1s that one account elsewhere may need: realms times hashes. */
export const maxKeysPerAccount = 8;
/** Registrations at providers that one network may ask for. */
export const elsewherePerNetwork = 60;
export const elsewhereWindowMs = 10 * 60_000;
/** Connections from one address (IPv6: one /64) at a time, and requests that one connection may have waiting. */
export const maxConnectionsPerAddress = 100;
export const maxQueuedRequests = 256;

/** Largest content of one message, in bytes: leaves room for the envelope in one frame, escapes included. */
export const maxMessageContentBytes = 16 * 1024;

// --- life of a session ---
/** How long a call without a socket waits for its client (design, "a call outlives its socket"). */
export const resumeGraceMs = 60_000;
/** How long a device whose socket was lost still counts as there, for calls that begin: its page comes back, or reloads. */
export const returnGraceMs = 15_000;
/** How long a session that is over still answers a resume: its socket may have died just before the last event. */
export const terminatedKeptMs = 20_000;
/** Events of a session that are kept for replay. */
export const maxKeptEvents = 256;
/** Replies of a session that are kept for repeated requests. */
export const maxKeptReplies = 64;
/** How long a trickle or an answer waits for a session that has not arrived yet. */
export const earlyRequestWaitMs = 500;
/** Such requests that one edge keeps at a time, all sessions together. */
export const maxEarlyRequests = 1_000;
/** How long the far side may take to answer added media. */
export const updateAnswerMs = 10_000;
/** How long ICE and DTLS may take after the answer. */
export const mediaSetupMs = 30_000;
/** How long an incoming call rings in the page before it is missed; RFC 3261 s. 13.3.1.1 expects a final answer in 3 min. */
export const ringMs = 120_000;
/** How long a call may ring on the SIP side; RFC 3261 s. 16.6 (11) gives a proxy 3 min (timer C). */
export const dialMs = 180_000;
/** RTP silence that ends a call, unless on hold. */
export const rtpSilenceMs = 60_000;
/** A socket is renewed before API Gateway's limit of 2 h. */
export const socketRenewMs = 110 * 60_000;
/** Ping of our client, idle and in a call (API Gateway closes after 10 min idle). */
export const pingIdleMs = 4 * 60_000;
export const pingInCallMs = 30_000;

// --- the link between signaling and edge ---
/** An edge renews its lease so often; unrenewed for `leaseLostMs` it is declared lost. */
export const leaseRenewMs = 3_000;
export const leaseLostMs = 8_000;
/** Sockets that are remembered for one edge: two that it uses, and those that they replace. */
export const maxEdgeSockets = 4;
/** Life of a link token. */
export const linkTokenMs = 60_000;
/** A report that got no answer is sent again after so long; who is there must be known within `ringAnswerMs`. */
export const reportRetryMs = 2_000;
export const ringAnswerMs = 5_000;
/** Frames that wait for one connection; a client that is so far behind has to come anew. */
export const maxWaitingPosts = 512;
/** How long a command may wait for an edge. */
export const commandTtlMs = 10_000;
/** How long either side remembers the ids it has carried out. */
export const idempotencyMs = 120_000;

// --- addresses ---
/** A temporary address lives so long after its last use. */
export const temporaryAddressMs = 24 * 60 * 60_000;
/** Addresses that one network address may mint in an hour. */
export const addressesPerHour = 20;
/** Times a minute that functions of the cloud try all edges because somebody asks for their health. */
export const probesPerMinute = 30;
/** Calls that one account may start in a minute. */
export const callsPerMinute = 20;

// --- calls from outside, for one edge ---
/** Requests that all strangers together may send: so many at once, and so many more each second; what is over is dropped. */
export const strangerRequestsBurst = 400;
export const strangerRequestsPerSecond = 200;
/** Requests that one source may send, whoever it is not: so many at once, and so many more each second. */
export const sourceRequestsBurst = 60;
export const sourceRequestsPerSecond = 10;
/** The same for a peer that is registered or in a call. */
export const knownRequestsBurst = 600;
export const knownRequestsPerSecond = 100;
/** Failures of one source within a window that ban it. */
export const strikesPerWindow = 30;
export const strikeWindowMs = 60_000;
/** How long it is not heard; twice as long each time, up to the longest: by UDP, where sources may be forged, and else. */
export const firstBanMs = 60_000;
export const longestForgeableBanMs = 60 * 60_000;
export const longestBanMs = 24 * 60 * 60_000;
/** How often an answer to INVITE is repeated to a stranger by UDP who never acknowledged anything. */
export const maxStrangerRepeats = 4;
/** Calls of strangers that wait for their answer or its ACK, and all of their calls; more get 503. */
export const maxStrangerSetUps = 100;
export const maxStrangerCalls = 500;
/** Calls of one edge from which on none are taken from SIP, whoever calls; pages call on. */
export const maxCallsPerEdge = 1_000;
/** Calls that one account may have at a time at one edge, and those that one source may have that is none of our phones. */
export const maxCallsPerAccount = 20;
export const maxCallsPerSource = 50;
/** Messages that a phone may write in one call: so many at once, and so many more each second; more get 503. */
export const callTextsBurst = 20;
export const callTextsPerSecond = 2;
/** How long a call may last after its answer, in min: one that nobody ends costs until somebody looks. */
export const maxCallMinutes = 24 * 60;
/** When a caller that was refused for one of these may try again, in s. */
export const busyRetryAfterS = 10;

// --- calls into the operator's own networks, for one edge ---
/** Calls that reach nobody within a window, of one account and of all; more are refused. */
export const unreachedPerAccount = 20;
export const unreachedPerEdge = 200;
export const unreachedWindowMs = 60 * 60_000;
/** When such a call is told that nobody answers, whether the port is closed, filtered, or speaks something else. */
export const unreachedAnswerMs = 6_000;

// --- sylkRTC fields ---
/** Longest id, address, name or other one-line text in a message, in characters. */
export const maxIdChars = 255;
/** Longest message that is read at all, in bytes (API Gateway WebSocket message quota); over `maxFrameBytes` it gets an error. */
export const maxMessageBytes = 128 * 1024;
/** Accounts in one `videoroom-invite`. */
export const maxInvitees = 32;
/** Deepest JSON that is read: far above any message, far below what exhausts a stack. */
export const maxJsonDepth = 32;
/** Longest value repeated in an error text, in characters. */
export const maxShownChars = 512;

// --- what signaling keeps ---
/** How long a session may last before its record is forgotten, in ms; one that rings is forgotten sooner. */
export const sessionRecordMs = 7 * 24 * 60 * 60_000;
export const ringingRecordMs = 5 * 60_000;
/** Wrong passwords that one network (IPv6: one /64) may try within a window: for one account, and for all together. */
export const wrongPasswordsPerWindow = 30;
export const wrongPasswordsPerNetwork = 100;
export const wrongPasswordsWindowMs = 10 * 60_000;
/** Missed calls kept for an account, their age when they are told to nobody any more, and for how long a device that stays away is remembered. */
export const maxMissedCalls = 100;
export const maxMissedCallAgeMs = 30 * 24 * 60 * 60_000;
export const missedCallMarkMs = 90 * 24 * 60 * 60_000;
/**
 * Contacts that an account may block, and as many that it may allow. Both lists lie in the account's item: with the
 * longest addresses they take 260,000 of the 400,000 bytes that DynamoDB gives an item.
 */
export const maxListedContacts = 500;
/** Contacts told in one frame: the longest ones fit. */
export const contactsPerFrame = 100;

// --- the WebSocket host ---
/** API Gateway closes a connection of this age, and one without a message for this long. */
export const maxConnectionAgeMs = 2 * 60 * 60_000;
export const maxIdleMs = 10 * 60_000;
/** WebSocket ping of the server; half of it without a pong ends the connection. */
export const serverPingMs = 120_000;
/** Text that one connection may have waiting to be handled, and waiting to be sent, in bytes. */
export const maxQueuedBytes = 1024 * 1024;
export const maxUnsentBytes = 1024 * 1024;
