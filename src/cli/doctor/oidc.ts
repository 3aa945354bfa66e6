import { OidcProvider, redirectUri } from '../../standalone/accounts/oidc/provider.ts'
import type { Settings } from '../../standalone/settings.ts'
import { ok, reasonOf, wrong, type Finding } from './finding.ts'

const CHECK = 'OIDC_ISSUER'

/** Whether the OpenID provider says where it is */
export async function checkOidc({ oidc, publicUrl }: Settings): Promise<Finding[]> {
  if (oidc === null) return []
  try {
    await new OidcProvider(oidc, publicUrl).reach()
    return [ok(CHECK, `${oidc.issuer} answers. The redirect URI to register there is ${redirectUri(publicUrl)}`)]
  } catch (error) {
    const reason = reasonOf((error as Error).cause)
    return [
      wrong(
        CHECK,
        `${oidc.issuer} cannot be used: ${reason}. Check the issuer in its /.well-known/openid-configuration`,
      ),
    ]
  }
}
