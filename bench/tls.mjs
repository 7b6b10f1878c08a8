import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { selfSignedCertificate } from '../dist/emulator/keys/self-signed-certificate.js';

/** A certificate for `localhost`, and the file that Node is told to trust. */
export async function selfSigned() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = selfSignedCertificate({
    privateKey,
    serialNo: randomBytes(19).toString('hex').toUpperCase().padStart(40, '4'),
    commonName: 'localhost',
    organization: 'bench',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  const file = join(await mkdtemp(join(tmpdir(), 'bench-')), 'ca.pem');
  await writeFile(file, cert);
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, file };
}
