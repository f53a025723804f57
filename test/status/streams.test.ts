import { PassThrough } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { afterSending } from '../../src/clock.ts'
import { Streams } from '../../src/status/streams.ts'
import { ManualClock } from '../mqtt/manual-clock.ts'

const sent = () => new Promise<void>(resolve => afterSending(() => afterSending(resolve)))

function watched() {
  const clock = new ManualClock()
  const state = { value: 1 }
  let made = 0
  const streams = new Streams(clock, () => {
    made += 1
    return { at: clock.now(), ...state }
  })
  const open = () => {
    const pipe = new PassThrough()
    let text = ''
    pipe.on('data', data => {
      text += data
    })
    streams.add(pipe)
    return {
      pipe,
      events: () => [...text.matchAll(/(?<!event: beat\n)^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json)),
      beats: () => [...text.matchAll(/^event: beat\ndata: (.*)$/gm)].map(([, at = '']) => Number(at)),
    }
  }
  return { clock, state, streams, open, made: () => made }
}

describe('those who look', () => {
  it('see the model at once, and then what changes, at most once a second, the newest last', async () => {
    const { clock, state, streams, open } = watched()
    const one = open()
    for (let value = 2; value <= 5; value += 1) {
      state.value = value
      streams.changed()
      await sent()
    }
    expect(one.events().map(({ value }) => value)).toEqual([1, 2])
    clock.advance(999)
    await sent()
    expect(one.events()).toHaveLength(2)
    clock.advance(1)
    await sent()
    expect(one.events().map(({ value }) => value)).toEqual([1, 2, 5])
    streams.close()
  })

  it('are not told again what they know, but that we are there, and what the time is', async () => {
    const { clock, streams, open } = watched()
    const one = open()
    streams.changed()
    await sent()
    clock.advance(15_000)
    await sent()
    expect(one.events()).toHaveLength(1)
    expect(one.beats()).toEqual([clock.now()])
    streams.close()
  })

  it('are told by the next beat what changed without a word', async () => {
    const { clock, state, streams, open } = watched()
    const one = open()
    state.value = 2
    clock.advance(15_000)
    await sent()
    expect(one.events().map(({ value }) => value)).toEqual([1, 2])
    streams.close()
  })

  it('are told what changed also where somebody who came in between knows it already', async () => {
    const { state, streams, open } = watched()
    const one = open()
    state.value = 2
    streams.changed()
    const two = open()
    await sent()
    expect(one.events().map(({ value }) => value)).toEqual([1, 2])
    expect(two.events().at(-1)?.value).toBe(2)
    streams.close()
  })

  it('cost nothing once they are gone', async () => {
    const { clock, streams, open, made } = watched()
    const one = open()
    one.pipe.destroy()
    await new Promise(resolve => one.pipe.once('close', resolve))
    expect(streams.size).toBe(0)
    const before = made()
    streams.changed()
    await sent()
    clock.advance(60_000)
    expect(made()).toBe(before)
    expect(clock.waits).toEqual([])
  })

  it('are so many and no more', () => {
    const { streams, open } = watched()
    while (!streams.isFull) open()
    expect(streams.size).toBe(16)
    streams.close()
    expect(streams.size).toBe(0)
  })
})
