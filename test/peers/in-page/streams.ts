/** The browser's fake microphone, and its fake camera if wanted. */
export const devices = (video: boolean): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({ audio: true, video: video && { width: 640, height: 480 } });

/** A picture that changes twenty times a second, in place of a shared screen. */
export function drawnScreen(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 600 });
  const pen = canvas.getContext('2d');
  let step = 0;
  setInterval(() => {
    if (!pen) return;
    pen.fillStyle = `hsl(${step++ % 360} 80% 50%)`;
    pen.fillRect(0, 0, 800, 600);
  }, 50);
  return canvas.captureStream(20);
}
