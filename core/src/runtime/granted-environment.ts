/** The environment that an extension of its own process or thread starts with. */
import type { GrantedCapabilities } from "@plugboard/extension-api";

/** Steers Node itself, its permissions included: the host's is not the extension's. */
const reserved: ReadonlySet<string> = new Set(["NODE_OPTIONS"]);

/**
 * The variables that the extension may see, as they are in `environment`: those named, or all. Never
 * `NODE_OPTIONS`.
 *
 * @internal
 */
export function grantedEnvironment(
  { env }: Pick<GrantedCapabilities, "env">,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const isGranted = (name: string) =>
    !reserved.has(name.toUpperCase()) && (env === true || env.includes(name));
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && isGranted(name) ? [[name, value] as const] : [],
    ),
  );
}
