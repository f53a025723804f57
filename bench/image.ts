/** What the image's own layers would hold, counted file by file, since no container engine is needed for that. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface ImageSize {
  readonly librariesMb: number
  readonly programMb: number
  readonly totalMb: number
  readonly files: number
}

interface Sum {
  bytes: number
  files: number
}

const MB = 2 ** 20

function add(sum: Sum, path: string, counts: (entry: Dirent) => boolean): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name)
    if (!counts(entry)) continue
    if (entry.isDirectory()) add(sum, inside, counts)
    else if (entry.isFile()) {
      sum.bytes += statSync(inside).size
      sum.files += 1
    }
  }
}

/** `npm ci --omit=dev`: every installed package that is not there for development alone. */
function libraries(root: string): Sum {
  const lock = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const sum = { bytes: 0, files: 0 }
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    if (dev) continue
    // Packages inside a package are entries of their own.
    add(sum, join(root, path), entry => entry.name !== 'node_modules')
  }
  return sum
}

/** The base image, `node:lts-alpine`, is not in it. */
export function imageSize(root: string): ImageSize {
  const packages = libraries(root)
  const program = { bytes: 0, files: 0 }
  // The image is built without source maps.
  add(program, join(root, 'dist'), entry => !entry.name.endsWith('.map') && entry.name !== '.built')
  for (const name of ['package.json', 'LICENSE']) program.bytes += statSync(join(root, name)).size
  const mb = (bytes: number) => Number((bytes / MB).toFixed(1))
  return {
    librariesMb: mb(packages.bytes),
    programMb: mb(program.bytes),
    totalMb: mb(packages.bytes + program.bytes),
    files: packages.files + program.files + 2,
  }
}
