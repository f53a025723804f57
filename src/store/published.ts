/** What stands retained on the broker because of us, so that it can be taken back: by `remove`, or when it is gone. */
import { jsonIn } from './json-in.ts'
import type { ResilientDatabase } from './resilient.ts'

export interface Published {
  /** The discovery document last published under this id, as JSON's value; null where there is none. */
  document(id: string): unknown
  documents(): Map<string, unknown>
  setDocument(id: string, document: unknown): void
  removeDocument(id: string): void
  /** Every retained topic of ours, in order. */
  topics(): string[]
  addTopics(topics: Iterable<string>): void
  removeTopics(topics: Iterable<string>): void
}

export class SqlitePublished implements Published {
  readonly #database: ResilientDatabase

  constructor(database: ResilientDatabase) {
    this.#database = database
  }

  document(id: string): unknown {
    const row = this.#database.read(database => database.get('SELECT json FROM published_documents WHERE id = ?', id))
    return row === null ? null : (jsonIn(row.json) ?? null)
  }

  documents(): Map<string, unknown> {
    const rows = this.#database.read(database => database.all('SELECT id, json FROM published_documents ORDER BY id'))
    return new Map(rows.map(row => [String(row.id), jsonIn(row.json) ?? null]))
  }

  setDocument(id: string, document: unknown): void {
    const json = JSON.stringify(document)
    this.#database.write(database => {
      database.run(
        'INSERT INTO published_documents (id, json) VALUES (?, ?) ON CONFLICT DO UPDATE SET json = excluded.json',
        id,
        json,
      )
    })
  }

  removeDocument(id: string): void {
    this.#database.write(database => {
      database.run('DELETE FROM published_documents WHERE id = ?', id)
    })
  }

  topics(): string[] {
    return this.#database
      .read(database => database.all('SELECT topic FROM published_topics ORDER BY topic'))
      .map(row => String(row.topic))
  }

  addTopics(topics: Iterable<string>): void {
    this.#database.write(database => {
      for (const topic of topics) database.run('INSERT OR IGNORE INTO published_topics (topic) VALUES (?)', topic)
    })
  }

  removeTopics(topics: Iterable<string>): void {
    this.#database.write(database => {
      for (const topic of topics) database.run('DELETE FROM published_topics WHERE topic = ?', topic)
    })
  }
}
