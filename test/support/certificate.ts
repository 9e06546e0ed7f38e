/** Makes a certificate for `localhost` that vouches for itself. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "./packed-extension.js";

/** A certificate and its secret key, as PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly certificate: string;
}

/** Makes one with openssl, good for two days. */
export async function makeCertificate(): Promise<ServerIdentity> {
  const folder = await temporaryFolder();
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const words = ["req", "-x509", "-days", "2", "-out", certificate, ...newKey, ...name];
  await promisify(execFile)("openssl", words, { timeout: 10_000 });
  return { key: await readFile(key, "utf8"), certificate: await readFile(certificate, "utf8") };
}
