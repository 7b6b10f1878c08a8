import { createApp } from './create-app.js';
import { readSettings } from './settings.js';

try {
  const settings = readSettings(process.env);
  const app = await createApp(settings);
  // Anyone who reaches these routes can close orders, so only this machine can.
  await app.listen(settings.port, '127.0.0.1');

  const address = `http://localhost:${new URL(await app.getUrl()).port}`;
  const wechatPay = settings.merchant === undefined ? 'an emulated WeChat Pay' : 'the REAL WeChat Pay';
  console.log(`Sample shop on ${wechatPay}: ${address}`);
  if (settings.kms) console.log(`The private key is in a KMS; ${address}/status counts its signatures`);
  console.log(`API documentation: ${address}/docs`);
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(1);
}
