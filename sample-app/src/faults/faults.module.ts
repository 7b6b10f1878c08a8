import { Module } from '@nestjs/common';

import { TimelineModule } from '../timeline/timeline.module.js';
import { OrderFaults } from './order-faults.js';

/** Has what goes wrong on purpose. */
@Module({ imports: [TimelineModule], providers: [OrderFaults], exports: [OrderFaults, TimelineModule] })
export class FaultsModule {}
