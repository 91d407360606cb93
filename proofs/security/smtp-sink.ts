import { createServer, type AddressInfo } from 'node:net';

export interface Mail {
  recipients: string[];
  /** Header names in lower case. A line that begins with a space continues the one before. */
  headers: Map<string, string>;
  /** The parts that a reader shows, as text. */
  body: string;
}

/** A mail server on loopback that keeps what it gets. */
export async function startSmtpSink(): Promise<{ port: number; mails: Mail[]; stop: () => void }> {
  const mails: Mail[] = [];
  const server = createServer((socket) => {
    let received = '';
    let recipients: string[] = [];
    let isData = false;
    const say = (line: string): void => {
      socket.write(`${line}\r\n`);
    };
    say('220 sink');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      for (;;) {
        const end = isData ? '\r\n.\r\n' : '\r\n';
        const at = received.indexOf(end);
        if (at < 0) return;
        const text = received.slice(0, at);
        received = received.slice(at + end.length);
        if (isData) {
          mails.push(parse(text, recipients));
          [isData, recipients] = [false, []];
          say('250 kept');
        } else if (/^DATA/i.test(text)) {
          isData = true;
          say('354 send it');
        } else {
          recipients.push(...(/^RCPT TO:<(.*)>/i.exec(text)?.slice(1, 2) ?? []));
          say(/^QUIT/i.test(text) ? '221 bye' : '250 ok');
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    stop: () => {
      server.close();
    },
  };
}

function parse(text: string, recipients: string[]): Mail {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  // Quoted-printable: =3D is a byte, and = at the end of a line continues it.
  const bytes = rest
    .join('\r\n\r\n')
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { recipients, headers: new Map(headers), body: Buffer.from(bytes, 'latin1').toString() };
}
