import { publicAddress } from './public-address.mjs';

/** Starts the edge in a container: it has to know under which address the Internet sees its instance. */
process.env.SYLK_PUBLIC_ADDRESS ||= await publicAddress();
await import(new URL('../../media-edge/src/main.ts', import.meta.url).href);
