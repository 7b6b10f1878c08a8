import { Controller, Get, Inject, Optional } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DEFAULT_MERCHANT } from 'nestjs-wechatpay/emulator';

import { StandInKms } from './kms/stand-in-kms.js';
import { type Settings, SETTINGS } from './settings.js';

/** Which WeChat Pay the application talks to. */
export interface Status {
  readonly wechatPay: 'emulator' | 'real';
  /** The merchant that signs. */
  readonly mchid: string;
  /** The KMS that holds its private key, if one does. */
  readonly kms?: { readonly url: string; readonly signatures: number };
}

/** Tells the page where it is. */
@ApiTags('status')
@Controller('status')
export class StatusController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Optional() @Inject(StandInKms) private readonly kms?: StandInKms,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Whether the real WeChat Pay is called, or an emulated one' })
  status(): Status {
    const { merchant } = this.settings;
    if (merchant !== undefined) return { wechatPay: 'real', mchid: merchant.mchid };
    const { kms } = this;
    return {
      wechatPay: 'emulator',
      mchid: DEFAULT_MERCHANT.mchid,
      ...(kms && { kms: { url: kms.access.url, signatures: kms.signatures } }),
    };
  }
}
