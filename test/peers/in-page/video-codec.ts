let wanted: string | undefined;

const createOffer = RTCPeerConnection.prototype.createOffer;

// A caller of the library has no say in codecs, so the browser itself is told.
Reflect.set(RTCPeerConnection.prototype, 'createOffer', function (this: RTCPeerConnection, ...args: unknown[]) {
  for (const transceiver of this.getTransceivers())
    if (transceiver.receiver.track.kind === 'video') transceiver.setCodecPreferences(preferences());
  return Reflect.apply(createOffer, this, args);
});

/** @param mimeType of the only video codec that offers have from now on; undefined: all */
export function sendVideoIn(mimeType: string | undefined): void {
  wanted = mimeType;
}

function preferences(): RTCRtpCodec[] {
  const all = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  return wanted === undefined ? [] : all.filter(({ mimeType }) => [wanted, 'video/rtx'].includes(mimeType));
}
