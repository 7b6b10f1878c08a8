import { HttpService } from '@nestjs/axios';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import axios from 'axios';
import { from, map } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'OVERRIDE01';

let shop: TestShop;
const open = async (own?: unknown) => {
  shop = await openShop({}, {}, own === undefined ? [] : [[HttpService, own]]);
  shop.emulator.place({ out_trade_no });
};
const http = (): HttpService => shop.app.get(HttpService, { strict: false });
const close = () => ending(shop.service.direct({ out_trade_no }));
const sent = (name: string) => shop.emulator.requests[0]?.headers.find(([each]) => each === name)?.[1];
afterEach(() => shop.close());

describe('an HttpService of the application', () => {
  it('in place of ours is used, with its own axios instance', async () => {
    const own = new HttpService(axios.create({ headers: { 'X-Own': 'yes' } }));
    await open(own);
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(sent('X-Own')).toBe('yes');
  });

  it('that is a subclass is asked for each request', async () => {
    let asked = 0;
    class CountingHttpService extends HttpService {
      override request: HttpService['request'] = (config) => {
        asked++;
        return super.request(config);
      };
    }
    await open(new CountingHttpService(axios.create()));
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(asked).toBe(1);
  });

  it('that knows no cancelling does not keep the socket of a caller who leaves', async () => {
    const instance = axios.create();
    await open({ request: (config: object) => from(instance.request(config)) });
    shop.emulator.afterSigning(() => new Promise<undefined>(() => {}));
    const subscription = shop.service.direct({ out_trade_no }).subscribe();
    await until(() => shop.emulator.requests.length === 1);
    subscription.unsubscribe();
    await until(() => shop.emulator.requests[0]?.aborted === true);
  });

  it('whose axios instance was replaced before is used with it', async () => {
    const instance = axios.create();
    const request = jest.spyOn(instance, 'request');
    await open(new HttpService(instance));
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(request).toHaveBeenCalledTimes(1);
  });
});

describe("the module's own HttpService", () => {
  beforeEach(() => open());

  it('whose request is watched is asked', async () => {
    const request = jest.spyOn(http(), 'request');
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(request).toHaveBeenCalledTimes(1);
  });

  it('whose class is watched is asked', async () => {
    const request = jest.spyOn(HttpService.prototype, 'request');
    const closed = await close();
    const { length } = request.mock.calls;
    request.mockRestore();
    expect(closed).toMatchObject({ state: 'CLOSED' });
    expect(length).toBe(1);
  });

  it('whose axios instance has another request is asked', async () => {
    const request = jest.spyOn(http().axiosRef, 'request');
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(request).toHaveBeenCalledTimes(1);
  });

  it('may answer by itself', async () => {
    const own = http();
    const request = own.request.bind(own);
    own.request = (config) => request(config).pipe(map((response) => ({ ...response, status: 500 }))) as never;
    expect(await close()).toMatchObject({ name: 'OutcomeUnknownError', status: 500 });
  });

  it.each([
    ['common', () => (http().axiosRef.defaults.headers.common['X-Own'] = 'yes')],
    ['post', () => (http().axiosRef.defaults.headers.post['X-Own'] = 'yes')],
    ['every method', () => Object.assign(http().axiosRef.defaults.headers, { 'X-Own': 'yes' })],
  ])('sends the headers that are the default of %s', async (_, change) => {
    change();
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(sent('X-Own')).toBe('yes');
  });

  it.each([
    ['baseURL', 'https://elsewhere.example'],
    ['params', { a: '1' }],
  ])('refuses a default %s, which changes what was signed', async (name, value) => {
    Object.assign(http().axiosRef.defaults, { [name]: value });
    expect(await close()).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'interceptor' });
    expect(shop.emulator.requests).toHaveLength(0);
  });

  it('heeds a default signal', async () => {
    http().axiosRef.defaults.signal = AbortSignal.abort();
    expect(await close()).toMatchObject({ name: 'OutcomeUnknownError' });
    expect(shop.emulator.requests).toHaveLength(0);
  });
});

describe('defaults of axios itself', () => {
  it('that stand before the application starts are sent', async () => {
    axios.defaults.headers.common['X-Global'] = 'yes';
    await open();
    delete axios.defaults.headers.common['X-Global'];
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    expect(sent('X-Global')).toBe('yes');
  });
});
