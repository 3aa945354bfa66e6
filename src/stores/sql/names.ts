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

export interface Naming {
  /** Put before every table's name */
  prefix?: string | undefined
  schema?: string | undefined
}

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

/** @throws Error for a name that would need quoting, or make an index's name too long for an engine */
export function checkNaming({ prefix, schema }: Naming): void {
  for (const [option, name] of Object.entries({ prefix, schema })) {
    if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,29}$/.test(name)) {
      throw new Error(`${option}: up to 30 letters, digits and _, not beginning with a digit`)
    }
  }
}
