import { describe, expect, it } from '@jest/globals'
import { simulate } from '../../src/cli/simulate.ts'

const options = { port: 0, host: '127.0.0.1', speed: 1, scenario: 'now', seed: '1' }

describe('simulate', () => {
  it.each(['nonsense', 'http://user:secret-word@host', 'mqtt://user:secret/word@host'])(
    'begins nothing with a broker that there cannot be, and does not repeat it: %s',
    async mqtt => {
      await expect(simulate({ ...options, mqtt })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        message: expect.stringMatching(/^--mqtt: (?!.*secret)/),
      })
    },
  )
})
