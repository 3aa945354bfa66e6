// Every table, index and constraint of ours begins with `support_`: so a prefix and a schema can be put before them in one place,
// in what Kysely builds and in SQL by hand (`sql.table`) alike.
import {
  IdentifierNode,
  OperationNodeTransformer,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type SchemableIdentifierNode,
  type UnknownRow,
} from 'kysely'
import type { Naming } from './naming.ts'

const isOurs = (name: string): boolean => name.startsWith('support_')

class NameTransformer extends OperationNodeTransformer {
  readonly #naming: Naming

  constructor(naming: Naming) {
    super()
    this.#naming = naming
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    return isOurs(node.name) ? IdentifierNode.create(`${this.#naming.prefix ?? ''}${node.name}`) : node
  }

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode): SchemableIdentifierNode {
    const { schema } = this.#naming
    const identifier = this.transformIdentifier(node.identifier)
    if (schema === undefined || !isOurs(node.identifier.name)) return { ...node, identifier }
    return { ...node, identifier, schema: IdentifierNode.create(schema) }
  }
}

export class NamesPlugin implements KyselyPlugin {
  readonly #transformer: NameTransformer

  constructor(naming: Naming) {
    this.#transformer = new NameTransformer(naming)
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node, queryId)
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result)
  }
}
