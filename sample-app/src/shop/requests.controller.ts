import { Controller, Get, Inject, NotFoundException, Param, ParseIntPipe } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { type RequestView, requestView } from './request-view.js';

/** Shows what the emulated WeChat Pay has seen and answered. */
@ApiTags('shop')
@Controller('shop/requests')
export class RequestsController {
  constructor(@Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator) {}

  @Get()
  @ApiOperation({ summary: 'Every request that the emulated WeChat Pay has seen, and its answer, oldest first' })
  all(): RequestView[] {
    return this.emulator.requests.map(requestView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them' })
  one(@Param('id', ParseIntPipe) id: number): RequestView {
    const request = this.emulator.requests.find((candidate) => candidate.id === id);
    if (request === undefined) throw new NotFoundException(`There is no request ${id}.`);
    return requestView(request);
  }
}
