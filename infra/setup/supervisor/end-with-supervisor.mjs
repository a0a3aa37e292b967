/**
 * Loaded into each part before its own code: if the supervisor is gone, however it went, the part ends
 * politely instead of keeping its ports for ever.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Waiting for that must not keep a part alive that is done.
process.channel?.unref();
