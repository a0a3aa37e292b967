/** How often somebody may do something: so many times at once, and so many more each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What is left of it at a time, ms since 1970. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

export const full = ({ burst }: Rate, now: number): Bucket => ({ left: burst, at: now });

export const leftIn = ({ left, at }: Bucket, now: number, rate: Rate): number =>
  Math.min(rate.burst, left + ((now - at) / 1000) * rate.perSecond);

/** One time more. What is refused takes nothing: during a flood others would else be shut out for good. */
export const take = (
  bucket: Bucket,
  now: number,
  rate: Rate,
): { readonly isGranted: boolean; readonly bucket: Bucket } => {
  const left = leftIn(bucket, now, rate);
  return { isGranted: left >= 1, bucket: { left: left >= 1 ? left - 1 : left, at: now } };
};
