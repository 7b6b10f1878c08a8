import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { type ClosedOrder, OrderPaidError } from 'nestjs-wechatpay';
import { catchError, concatMap, from, map, type Observable, throwError } from 'rxjs';

import { Bookkeeper } from './bookkeeper.js';

/** Has the shop's book follow what the routes that close orders find out. The answer waits until it is written. */
@Injectable()
export class KeepBookInterceptor implements NestInterceptor<ClosedOrder, ClosedOrder> {
  // With the real WeChat Pay nothing is placed here, so there is no book.
  constructor(@Optional() @Inject(Bookkeeper) private readonly bookkeeper?: Bookkeeper) {}

  intercept(_context: ExecutionContext, next: CallHandler<ClosedOrder>): Observable<ClosedOrder> {
    const { bookkeeper } = this;
    if (bookkeeper === undefined) return next.handle();
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof OrderPaidError)) return throwError(() => error);
        return from(bookkeeper.ended(error.order, 'PAID')).pipe(concatMap(() => throwError(() => error)));
      }),
      concatMap((closed) => from(bookkeeper.ended(closed.order, 'CLOSED')).pipe(map(() => closed))),
    );
  }
}
