import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

import { HandlerFinder } from './closing/handler.finder.js';
import { SettlementWorker } from './closing/settlement.worker.js';
import { Observations } from './observations.js';
import { CloseScheduler } from './scheduling/close-scheduler.js';
import { AutoCloseSettings } from './configuration/auto-close-settings.js';

/** Starts the worker with the application, and ends it before what it needs is gone. */
@Injectable()
export class AutoCloseLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(CloseScheduler) private readonly scheduler: CloseScheduler,
    @Inject(SettlementWorker) private readonly worker: SettlementWorker,
    @Inject(HandlerFinder) private readonly handlers: HandlerFinder,
    @Inject(Observations) private readonly observations: Observations,
    @Inject(AutoCloseSettings) private readonly settings: AutoCloseSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.isWorker) return;
    this.handlers.find();
    await this.scheduler.start(this.worker, this.settings.concurrency);
  }

  /**
   * Orders that are being closed need the HTTP client, and their handler needs the application's database: both end in
   * `onApplicationShutdown`. HTTP is still served here, so scheduling goes on until it has stopped.
   */
  async beforeApplicationShutdown(): Promise<void> {
    await this.scheduler.stop(this.settings.drainMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.scheduler.close();
    this.observations.end();
  }
}
