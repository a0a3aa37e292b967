/**
 * Requests for a whole picture by INFO, as peers without RTCP feedback know them (RFC 5168):
 *
 *     Content-Type: application/media_control+xml
 *     <media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>
 */
export const pictureInfoType = 'application/media_control+xml';

export const pictureInfo =
  '<?xml version="1.0" encoding="utf-8"?>\r\n' +
  '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>\r\n';

/** Nothing else in these bodies is for us, so nothing else of the XML is read. */
export const asksForPicture = (contentType: string, body: string): boolean =>
  contentType === pictureInfoType && /<\s*picture_fast_update\s*\/?>/i.test(body);
