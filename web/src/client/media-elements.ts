export interface AttachOptions {
  readonly autoplay?: boolean;
  readonly mirror?: boolean;
  readonly muted?: boolean;
  /** Makes an audio element where none is given. */
  readonly audio?: boolean;
  readonly disableContextMenu?: boolean;
}

/**
 * Shows (or plays) a stream in an element.
 *
 * @param element a new one is made when left out
 */
export function attachMediaStream(
  stream: MediaStream,
  element?: HTMLMediaElement | null,
  options: AttachOptions = {},
): HTMLMediaElement {
  const target = element ?? document.createElement(options.audio ? 'audio' : 'video');
  target.autoplay = options.autoplay !== false;
  target.muted = options.muted === true;
  if (options.mirror) target.style.transform = 'scaleX(-1)';
  if (options.disableContextMenu) target.addEventListener('contextmenu', (event) => event.preventDefault());
  target.srcObject = stream;
  return target;
}

/** Releases the microphone, the camera or the screen behind a stream. */
export function closeMediaStream(stream: MediaStream | null | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
