import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import * as esbuild from 'esbuild';

/** One file of the web page, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
  readonly etag: string;
  /** Its name changes with its content, so it may be kept for ever. */
  readonly isImmutable: boolean;
  /** Other sites may embed it. */
  readonly isShared: boolean;
}

/** By path: `/index.html`, `/main-1f3a....js`, `/sylk-phone.js`, `/sylkrtc.js`, `/messages-de.js`. */
export type WebAssets = ReadonlyMap<string, Asset>;

const target = ['chrome120', 'firefox121', 'safari17'];

/**
 * Bundles the page, the element and the client library from their sources, in memory.
 *
 * @param web folder of the web sources
 */
export const buildWebAssets = async (web: string): Promise<WebAssets> => {
  const [page, shared] = await Promise.all([buildPage(web), buildShared(web)]);
  await esbuild.stop();
  const index = { path: '/index.html', content: indexPage(web, page), isImmutable: false, isShared: false };
  const files = [
    index,
    ...page.map(({ path, content }) => ({ path, content, isImmutable: true, isShared: false })),
    ...shared,
  ];
  return new Map(await Promise.all(files.map(async (file) => [file.path, await toAsset(file)] as const)));
};

interface BuiltFile {
  readonly path: string;
  /** Name of the source without its extension. */
  readonly name: string;
  readonly content: Uint8Array;
}

const buildPage = async (web: string): Promise<readonly BuiltFile[]> => {
  const styles = join(web, 'page/page.css');
  const entryPoints = [join(web, 'page/main.ts'), ...(existsSync(styles) ? [styles] : [])];
  return build({ entryPoints, entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', splitting: true });
};

const buildShared = async (web: string) => {
  const entryPoints = {
    'sylk-phone': join(web, 'elements/sylk-phone.ts'),
    sylkrtc: join(web, 'client/index.ts'),
    ...languageFiles(join(web, 'elements/messages')),
  };
  const files = await build({ entryPoints, entryNames: '[name]' });
  return files.map(({ path, content }) => ({ path, content, isImmutable: false, isShared: true }));
};

/** `messages-de.js` and so on, for pages that embed the phone in another language than English. */
const languageFiles = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /^[a-z]{2}\.ts$/.test(name))
      .map((name) => [`messages-${name.slice(0, 2)}`, join(folder, name)]),
  );

const build = async (options: esbuild.BuildOptions): Promise<readonly BuiltFile[]> => {
  const { outputFiles = [] } = await esbuild.build({
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target,
    legalComments: 'none',
    logLevel: 'silent',
    outdir: '/',
    write: false,
    ...options,
  });
  return outputFiles.map(({ path, contents }) => ({
    path: `/${basename(path)}`,
    name: basename(path).replace(/-[A-Z0-9]{8}(?=\.)/, ''),
    content: contents,
  }));
};

/** The page's HTML with the names that its script and styles have now. */
const indexPage = (web: string, files: readonly BuiltFile[]): Uint8Array => {
  let html = readFileSync(join(web, 'page/index.html'), 'utf8');
  for (const { path, name } of files) html = html.replaceAll(`"/${name}"`, `"${path}"`);
  return Buffer.from(html);
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const toAsset = async (
  file: Pick<Asset, 'isImmutable' | 'isShared'> & Pick<BuiltFile, 'path' | 'content'>,
): Promise<Asset> => {
  const { path, content, isImmutable, isShared } = file;
  const identity = Buffer.from(content);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } };
  const [zipped, brotli] = await Promise.all([promisify(gzip)(identity), promisify(brotliCompress)(identity, quality)]);
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`;
  return {
    type: types[extname(path)] ?? 'application/octet-stream',
    identity,
    gzip: zipped,
    brotli,
    etag,
    isImmutable,
    isShared,
  };
};
