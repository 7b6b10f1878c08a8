import { HttpService } from '@nestjs/axios';
import { describe, expect, it } from '@jest/globals';
import axios from 'axios';

import { HttpFront, ownAdapter } from '../../../lib/transport/http-front.js';

const own = () => new HttpService(axios.create({ headers: {}, adapter: ownAdapter }));

describe('HttpFront', () => {
  it('is plain as the module makes it', () => {
    expect(new HttpFront(own()).isPlain).toBe(true);
  });

  it('is plain again once the last interceptor is ejected', () => {
    const http = own();
    const front = new HttpFront(http);
    const id = http.axiosRef.interceptors.request.use((config) => config);
    expect(front.isPlain).toBe(false);
    http.axiosRef.interceptors.request.eject(id);
    expect(front.isPlain).toBe(true);
  });

  it.each<[string, (http: HttpService) => void]>([
    ['an interceptor of requests', ({ axiosRef }) => axiosRef.interceptors.request.use((config) => config)],
    ['an interceptor of responses', ({ axiosRef }) => axiosRef.interceptors.response.use((response) => response)],
    [
      'interceptors of another kind',
      ({ axiosRef }) => Object.assign(axiosRef, { interceptors: { request: {}, response: {} } }),
    ],
    ['another request', (http) => Object.assign(http, { request: () => {} })],
    ['another request in axios', ({ axiosRef }) => Object.assign(axiosRef, { request: () => {} })],
    ['another adapter', ({ axiosRef }) => (axiosRef.defaults.adapter = 'http')],
    ['a default baseURL', ({ axiosRef }) => (axiosRef.defaults.baseURL = 'https://elsewhere.example')],
    ['default params', ({ axiosRef }) => (axiosRef.defaults.params = {})],
    ['a default signal', ({ axiosRef }) => (axiosRef.defaults.signal = new AbortController().signal)],
    ['a default token', ({ axiosRef }) => (axiosRef.defaults.cancelToken = axios.CancelToken.source().token)],
    ['a default header', ({ axiosRef }) => (axiosRef.defaults.headers.common['X-Own'] = 'yes')],
    ['a default type of content', ({ axiosRef }) => (axiosRef.defaults.headers.common['Content-Type'] = 'text/plain')],
    ['a header beside the groups', ({ axiosRef }) => Object.assign(axiosRef.defaults.headers, { 'X-Own': 'yes' })],
  ])('is not plain with %s', (_, change) => {
    const http = own();
    const front = new HttpFront(http);
    change(http);
    expect(front.isPlain).toBe(false);
  });

  it.each<[string, unknown]>([
    ['an HttpService of the application', new HttpService(axios.create())],
    ['an object that only has a request', { request: () => {} }],
  ])('is not plain for %s', (_, http) => {
    expect(new HttpFront(http as HttpService).isPlain).toBe(false);
  });
});
