// Lets a child process of a test run TypeScript: `node --import <this file> child.ts`.
import { register } from 'node:module'

register(new URL('./typescript-hooks.mjs', import.meta.url))
