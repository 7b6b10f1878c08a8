import { type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** Makes the application on Express. */
export function createApp(module: Type): Promise<INestApplication> {
  return NestFactory.create(module, { logger: false, abortOnError: false });
}
