import { type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Makes the application on Fastify. */
export function createApp(module: Type): Promise<INestApplication> {
  return NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false });
}
