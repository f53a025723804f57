import type { Command } from '../command.ts'

export const command: Command = { usage: '', options: {}, run: () => ({ report: {}, text: '' }) }
