import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DEFAULT_MERCHANT } from 'nestjs-wechatpay/emulator';

import { type Settings, SETTINGS } from './settings.js';

/** Which WeChat Pay the application talks to. */
export interface Status {
  readonly wechatPay: 'emulator' | 'real';
  /** The merchant that signs. */
  readonly mchid: string;
}

/** Tells the page where it is. */
@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  @Get()
  @ApiOperation({ summary: 'Whether the real WeChat Pay is called, or an emulated one' })
  status(): Status {
    const { merchant } = this.settings;
    return merchant === undefined
      ? { wechatPay: 'emulator', mchid: DEFAULT_MERCHANT.mchid }
      : { wechatPay: 'real', mchid: merchant.mchid };
  }
}
