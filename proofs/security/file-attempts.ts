import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Attempt } from '../access/attempt.ts';
import { outcome, runIngestor } from './run-command.ts';

const MIB = 1024 * 1024;

/** Plans, zones and recordings that a stranger sends, imported and replayed on a real ClickHouse. */
export function fileAttempts(dir: string, env: Readonly<Record<string, string>>): Attempt[] {
  mkdirSync(dir, { recursive: true });
  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(dir, name);
    writeFileSync(file, content);
    return file;
  };
  const map = (name: string, image: string): string =>
    write(`${name}.yaml`, `image: ${image}\nresolution: 0.05\norigin: [0, 0, 0]\n`);
  const importing = (attempt: string, file: () => string, rejection: RegExp, expected = 'rejected'): Attempt => ({
    attempt: `plan import: ${attempt}`,
    expected,
    run: async () => outcome(await runIngestor(['floorplan', 'import', file()], env), rejection),
  });
  const withImage = (name: string, ending: string, content: () => Uint8Array | string) => (): string => {
    write(`${name}.${ending}`, content());
    return map(name, `${name}.${ending}`);
  };
  const square = { width: 4, height: 4 };
  const attempts: Attempt[] = [
    importing('image: /etc/passwd', () => map('passwd', '/etc/passwd'), /is neither a PGM nor a PNG image/),
    importing('image: ../../../../../../etc/shadow', () => map('shadow', '../../../../../../etc/shadow'), /image/),
    importing('image: /dev/zero', () => map('zero', '/dev/zero'), /is not a regular file/),
    importing('image: a pipe that nobody writes to', () => map('pipe', pipe(dir)), /is not a regular file/),
    importing('image: http://127.0.0.1:1/plan.png', () => map('url', 'http://127.0.0.1:1/plan.png'), /no such file/),
    importing('zones from /dev/zero', () => '/dev/zero', /is not a regular file/),
    importing(
      'YAML with aliases that expand to gigabytes',
      () => write('laughs.yaml', billionLaughs()),
      /Excessive alias count/
    ),
    importing('YAML nested 100,000 deep', () => write('deep.yaml', `image: ${'['.repeat(1e5)}`), /is not valid YAML/),
    importing('YAML of 64 MB', () => write('big.yaml', `image: "${'a'.repeat(64 * MIB)}"\n`), /larger than/),
    importing(
      'YAML with a tag that names a class',
      () => write('tag.yaml', 'image: !!js/function "process.exit(0)"\n'),
      /./
    ),
    importing(
      'PGM header of 100,000 × 100,000 pixels',
      withImage('huge', 'pgm', () => 'P5 100000 100000 255\n'),
      /more than the limit/
    ),
    importing(
      'PGM header of 99,999,999 pixels without data',
      withImage('cut', 'pgm', () => 'P5 9999 9999 255\n'),
      /cut short/
    ),
    importing(
      'PNG header of 100,000 × 100,000 pixels',
      withImage('wide', 'png', () => png({ width: 100_000, height: 100_000 }, Buffer.alloc(10))),
      /more than the limit/
    ),
    importing(
      'PNG of 4 × 4 pixels whose data expand to 1 GB',
      withImage('bomb', 'png', () => png(square, zeros(1024))),
      /expand to more than/
    ),
    importing(
      'PNG with a colour profile that expands to 1 GB, which is not read',
      withImage('profile', 'png', () =>
        png(square, Buffer.alloc(20), chunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(zeros(1024))])))
      ),
      /./,
      'accepted'
    ),
    importing(
      'PNG with a comment that expands to 1 GB, which is not read',
      withImage('comment', 'png', () =>
        png(square, Buffer.alloc(20), chunk('zTXt', Buffer.concat([Buffer.from('c\0\0'), deflateSync(zeros(1024))])))
      ),
      /./,
      'accepted'
    ),
    importing(
      'PNG with a wrong checksum',
      withImage('crc', 'png', () => flipped(png(square, Buffer.alloc(20)))),
      /is not a readable PNG/
    ),
    importing(
      'SVG with a script',
      withImage('script', 'svg', () => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      /neither a PGM nor a PNG/
    ),
    importing(
      'SVG named .png',
      withImage('disguised', 'png', () => '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /neither a PGM nor a PNG/
    ),
    importing(
      'GeoJSON nested 1,000,000 deep',
      () => write('deep.geojson', `{"type":"FeatureCollection","features":${'['.repeat(1e6)}`),
      /JSON/
    ),
    importing(
      'GeoJSON with a zone of __proto__',
      () =>
        write('proto.geojson', '{"type":"FeatureCollection","__proto__":{"features":[]},"features":{"__proto__":[]}}'),
      /./
    ),
    importing('GeoJSON of 300 MB', () => write('big.geojson', `{"type":"${'a'.repeat(300 * MIB)}"}`), /larger than/),
    ...['gz', 'zst'].map((ending): Attempt => ({
      attempt: `replay: .${ending} of one line that expands to 1 GB`,
      expected: 'rejected',
      run: async () => {
        const line = ending === 'gz' ? gzipSync(zeros(1024)) : zstdCompressSync(zeros(1024));
        const file = write(`line.jsonl.${ending}`, line);
        return outcome(await runIngestor(['replay', '--file', file, '--dry-run'], env), /a line is longer than/);
      },
    })),
    {
      attempt: 'replay: /etc/passwd',
      expected: 'no content in the output',
      run: async () => {
        const { output } = await runIngestor(['replay', '--file', '/etc/passwd', '--dry-run'], env);
        return /root:x:0:0|\/root:\//.test(output) ? 'prints the file' : 'no content in the output';
      },
    },
  ];
  // Each starts a process. The ones that once took all memory, or had no end, are always tried.
  return attempts.map((one) => (/dev\/zero|pipe|expand/.test(one.attempt) ? one : { ...one, isSlow: true as const }));
}

function zeros(megabytes: number): Buffer {
  return Buffer.alloc(megabytes * MIB);
}

function pipe(dir: string): string {
  const file = join(dir, 'pipe');
  execFileSync('mkfifo', [file]);
  return file;
}

function billionLaughs(): string {
  const names = 'abcdefghi';
  const lines = names.split('').map((name, i) => {
    const of = i === 0 ? '"lol"' : `*${names[i - 1] ?? ''}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => of).join(', ')}]`;
  });
  return `${lines.join('\n')}\nimage: *i\nresolution: 0.05\norigin: [0, 0, 0]\n`;
}

/** A grey image of 8 bits with the given pixel data (one filter byte before each row). */
function png(
  { width, height }: { width: number; height: number },
  data: Uint8Array,
  extra: Uint8Array = Buffer.alloc(0)
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    extra,
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function flipped(image: Buffer): Buffer {
  const copy = Buffer.from(image);
  const last = copy.length - 20;
  copy[last] = (copy[last] ?? 0) ^ 0xff;
  return copy;
}
