/** A plot as SVG text: axes, lines, points, words. No library; the colours are readable on light and on dark. Pure. */

/** Where a value lies on the page. */
export type Scale = (value: number) => number

export const linear =
  (from: number, to: number, start: number, end: number): Scale =>
  value =>
    start + ((value - from) / (to - from)) * (end - start)

/** Each doubling takes the same room. */
export function logarithmic(from: number, to: number, start: number, end: number): Scale {
  const scale = linear(Math.log(from), Math.log(to), start, end)
  return value => scale(Math.log(value))
}

export type XY = readonly [x: number, y: number]

export interface Panel {
  readonly x: Scale
  readonly y: Scale
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const number = (value: number): string => String(Number(value.toFixed(1)))
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export const words = (text: string, x: number, y: number, kind = '', anchor = 'start'): string =>
  `<text x="${number(x)}" y="${number(y)}" class="${kind}" text-anchor="${anchor}">${escaped(text)}</text>`

/** The frame, a line of the grid at each tick, and what the axes are. */
export function axes(
  panel: Panel,
  ticks: { x: readonly number[]; y: readonly number[] },
  names: { x: string; y: string },
): string {
  const { x, y, left, right, top, bottom } = panel
  const across = ticks.y.map(
    value =>
      `<path class="grid" d="M${number(left)} ${number(y(value))}H${number(right)}"/>${words(String(value), left - 6, y(value) + 4, '', 'end')}`,
  )
  const up = ticks.x.map(
    value =>
      `<path class="grid" d="M${number(x(value))} ${number(top)}V${number(bottom)}"/>${words(String(value), x(value), bottom + 16, '', 'middle')}`,
  )
  return [
    ...across,
    ...up,
    words(names.x, (left + right) / 2, bottom + 34, '', 'middle'),
    words(names.y, left - 34, top - 12),
  ].join('\n')
}

export function line({ x, y }: Panel, points: readonly XY[], kind: string): string {
  const path = points.map(([a, b], index) => `${index === 0 ? 'M' : 'L'}${number(x(a))} ${number(y(b))}`).join('')
  return `<path class="line ${kind}" d="${path}"/>`
}

export const dot = ({ x, y }: Panel, [a, b]: XY, kind: string, radius: number): string =>
  `<circle class="dot ${kind}" cx="${number(x(a))}" cy="${number(y(b))}" r="${radius}"/>`

/** The whole document; `data` is what it was drawn from, for whoever wants to read the numbers. */
export function svg(
  size: { width: number; height: number },
  about: { title: string; description: string; data: unknown },
  colours: Readonly<Record<string, string>>,
  body: readonly string[],
): string {
  const series = Object.entries(colours).map(
    ([kind, colour]) => `.line.${kind}{stroke:${colour}}.dot.${kind},text.${kind}{fill:${colour}}`,
  )
  const style = [
    'text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:14px}',
    '.grid{stroke:#8b949e;stroke-opacity:.3}.line{fill:none;stroke-width:2;stroke-linejoin:round}',
    '.mark{fill:none;stroke:#24292f;stroke-dasharray:5 4}.page{fill:#fff}',
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.mark{stroke:#e6edf3}.page{fill:#0d1117}}',
    ...series,
  ].join('')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    `<title>${escaped(about.title)}</title>`,
    `<desc>${escaped(about.description)}</desc>`,
    `<metadata>${escaped(JSON.stringify(about.data))}</metadata>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${size.width}" height="${size.height}"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

/** What `svg` put in. */
export function dataIn(text: string): unknown {
  const [, json] = /<metadata>(.*)<\/metadata>/.exec(text) ?? []
  if (json === undefined) throw new RangeError('The picture carries no data')
  return JSON.parse(json.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
}
