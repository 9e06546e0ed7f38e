import { Nt as readRegularFile, jt as nonBlockingRead } from "./host-DMpq1bLR.js";
import { r as inListOrder, t as digestOfFiles } from "./file-list-DjTscCpa.js";
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { ExtensionError } from "@plugboard/extension-api";
import { basename, join } from "node:path";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
// core/src/trust/ed25519.ts
const keyBytes = 32;
const signatureBytes = 64;
function verifyEd25519(key, message, signature) {
	if (signature.length !== signatureBytes) return false;
	const x = Buffer.from(key.base64, "base64").toString("base64url");
	try {
		const object = createPublicKey({
			key: {
				kty: "OKP",
				crv: "Ed25519",
				x
			},
			format: "jwk"
		});
		return verify(void 0, message, object, signature);
	} catch {
		return false;
	}
}
function publicKeyOf(base64) {
	const bytes = bytesOf(base64, keyBytes);
	if (bytes === void 0) return void 0;
	return {
		id: `ed25519-${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}`,
		base64
	};
}
function publicHalf(key) {
	if (key.asymmetricKeyType !== "ed25519") return void 0;
	const { x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
	return x === void 0 ? void 0 : publicKeyOf(Buffer.from(x, "base64url").toString("base64"));
}
function signatureOf(base64) {
	return bytesOf(base64, signatureBytes);
}
function bytesOf(base64, length) {
	const bytes = Buffer.from(base64, "base64");
	return bytes.length === length && bytes.toString("base64") === base64 ? bytes : void 0;
}
// core/src/trust/signature.ts
function signatureText(files, key, { signedAt, expires, endorsements = [] }) {
	const digest = digestOfFiles(files);
	const statement = signedStatement({
		key: key.public,
		digest,
		signedAt,
		expires
	});
	const document = {
		version: 1,
		algorithm: "ed25519",
		publicKey: key.public.base64,
		digest,
		signedAt: timeText(signedAt),
		expires: timeText(expires),
		signature: sign(void 0, statement, key.secret).toString("base64"),
		endorsements: endorsements.map((text) => JSON.parse(text)),
		files: inListOrder(files).map(({ path, size, sha256, isExecutable }) => ({
			path,
			size,
			sha256,
			isExecutable
		}))
	};
	return `${JSON.stringify(document, void 0, 1)}\n`;
}
function parseSignature(text) {
	const fields = fieldsOf(text);
	if (fields?.version !== 1 || fields.algorithm !== "ed25519") return void 0;
	const key = keyField(fields.publicKey);
	const signature = typeof fields.signature === "string" ? signatureOf(fields.signature) : void 0;
	const signedAt = timeField(fields.signedAt);
	const expires = timeField(fields.expires);
	const files = filesField(fields.files);
	const { digest } = fields;
	if (key === void 0 || signature === void 0 || files === void 0 || typeof digest !== "string") return;
	if (typeof signedAt !== "number" || expires === "invalid" || digestOfFiles(files) !== digest) return void 0;
	if (!verifyEd25519(key, signedStatement({
		key,
		digest,
		signedAt,
		expires
	}), signature)) return void 0;
	return {
		key,
		digest,
		files,
		signedAt,
		expires,
		endorsements: (Array.isArray(fields.endorsements) ? fields.endorsements : []).map(endorsementOf).filter((one) => one !== void 0)
	};
}
function endorsementText(next, key, expires) {
	const statement = endorsedStatement({
		old: key.public,
		new: next,
		expires
	});
	const document = {
		version: 1,
		old: key.public.base64,
		new: next.base64,
		expires: timeText(expires),
		signature: sign(void 0, statement, key.secret).toString("base64")
	};
	return `${JSON.stringify(document, void 0, 2)}\n`;
}
function parseEndorsement(text) {
	return endorsementOf(fieldsOf(text));
}
function parseTime(text) {
	const time = Date.parse(text);
	return Number.isNaN(time) || new Date(time).toISOString() !== text ? void 0 : time;
}
function endorsementOf(value) {
	if (!isFields(value) || value.version !== 1) return void 0;
	const old = keyField(value.old);
	const next = keyField(value.new);
	const expires = timeField(value.expires);
	const signature = typeof value.signature === "string" ? signatureOf(value.signature) : void 0;
	if (old === void 0 || next === void 0 || expires === "invalid" || signature === void 0) return void 0;
	const endorsement = {
		old,
		new: next,
		expires
	};
	return verifyEd25519(old, endorsedStatement(endorsement), signature) ? endorsement : void 0;
}
function signedStatement({ key, digest, signedAt, expires }) {
	return Buffer.from(`plugboard signature 1\nkey ${key.base64}\ndigest ${digest}\nsigned ${timeText(signedAt)}\nexpires ${timeText(expires) ?? "never"}\n`);
}
function endorsedStatement({ old, new: next, expires }) {
	return Buffer.from(`plugboard endorsement 1\nold ${old.base64}\nnew ${next.base64}\nexpires ${timeText(expires) ?? "never"}\n`);
}
function timeText(time) {
	return time === void 0 ? void 0 : new Date(time).toISOString();
}
function timeField(value) {
	if (value === void 0) return void 0;
	return (typeof value === "string" ? parseTime(value) : void 0) ?? "invalid";
}
function keyField(value) {
	return typeof value === "string" ? publicKeyOf(value) : void 0;
}
function filesField(value) {
	return Array.isArray(value) && value.every(isListedFile) ? value : void 0;
}
function isListedFile(value) {
	return isFields(value) && typeof value.path === "string" && !/[\u0000-\u001f]/.test(value.path) && Number.isSafeInteger(value.size) && typeof value.sha256 === "string" && /^[0-9a-f]{64}$/.test(value.sha256) && typeof value.isExecutable === "boolean";
}
function fieldsOf(text) {
	try {
		const value = JSON.parse(text);
		return isFields(value) ? value : void 0;
	} catch {
		return;
	}
}
function isFields(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/trust/judge.ts
const longestChain = 8;
function judge(content, ring, now) {
	if (content.signature === void 0) return {
		state: "unsigned",
		message: "Nobody has signed it."
	};
	const signature = parseSignature(content.signature);
	if (signature === void 0) return {
		state: "modified",
		message: "The signature does not fit its own words."
	};
	const signer = signerOf(signature);
	if (signature.digest !== content.digest) return {
		state: "modified",
		message: "The files are not those that were signed.",
		signer,
		changes: changesBetween(signature.files, content.files)
	};
	const { id } = signature.key;
	const revoked = ring.revoked.get(id);
	if (revoked !== void 0) return {
		state: "revoked",
		message: `The key ${id} has been revoked${revoked.reason === void 0 ? "" : `: ${revoked.reason}`}.`,
		signer
	};
	const way = wayTo(id, [...ring.endorsements, ...signature.endorsements], ring, now);
	if (way === void 0) return {
		state: "unknown key",
		message: `Nobody here trusts the key ${id}.`,
		signer
	};
	const known = {
		...signer,
		name: ring.trusted.get(way.from),
		...way.from === id ? {} : { endorsedBy: way.from }
	};
	if (way.hasExpired) return {
		state: "expired",
		message: `The endorsement of the key ${id} has expired.`,
		signer: known
	};
	if (signature.expires !== void 0 && signature.expires <= now) return {
		state: "expired",
		message: `The signature has expired.`,
		signer: known
	};
	return {
		state: "verified",
		message: `Signed by ${known.name ?? id}, and as it was signed.`,
		signer: known
	};
}
function wayTo(id, endorsements, ring, now) {
	let expired;
	let reached = new Map([[id, false]]);
	const seen = new Set();
	for (let step = 0; step <= longestChain && reached.size > 0; step++) {
		const next = new Map();
		for (const [key, hasExpired] of reached) {
			const way = ring.trusted.has(key) ? {
				from: key,
				hasExpired
			} : void 0;
			if (way?.hasExpired === false) return way;
			expired ??= way;
			seen.add(`${key} ${hasExpired}`);
			for (const endorsement of endorsements) {
				if (endorsement.new.id !== key || ring.revoked.has(endorsement.old.id)) continue;
				const isOver = hasExpired || endorsement.expires !== void 0 && endorsement.expires <= now;
				if (seen.has(`${endorsement.old.id} ${isOver}`)) continue;
				next.set(endorsement.old.id, isOver && next.get(endorsement.old.id) !== false);
			}
		}
		reached = next;
	}
	return expired;
}
function signerOf({ key, signedAt, expires }) {
	return {
		key: key.id,
		signedAt: new Date(signedAt).toISOString(),
		...expires === void 0 ? {} : { expires: new Date(expires).toISOString() }
	};
}
function changesBetween(signed, found) {
	const before = new Map(signed.map((file) => [file.path, file]));
	const after = new Map(found.map((file) => [file.path, file]));
	const isSame = (one, other) => digestOfFiles([one]) === digestOfFiles([other]);
	return {
		changed: found.flatMap((file) => {
			const old = before.get(file.path);
			return old === void 0 || isSame(old, file) ? [] : [file.path];
		}),
		added: found.filter(({ path }) => !before.has(path)).map(({ path }) => path),
		missing: signed.filter(({ path }) => !after.has(path)).map(({ path }) => path)
	};
}
// core/src/trust/signing-key.ts
const largestKeyFile = 16384;
function createSigningKey(file) {
	const pair = generateKeyPairSync("ed25519");
	const { id } = publicHalf(pair.publicKey);
	const publicFile = `${file}.pub`;
	writeNew(file, pair.privateKey.export({
		type: "pkcs8",
		format: "pem"
	}).toString(), 384);
	writeNew(publicFile, pair.publicKey.export({
		type: "spki",
		format: "pem"
	}).toString(), 420);
	return {
		id,
		secretFile: file,
		publicFile
	};
}
function readSigningKey(file) {
	const text = readSecret(file);
	let secret;
	try {
		secret = createPrivateKey(text);
	} catch {
		throw new ExtensionError("TRUST_KEY_INVALID", `${file} holds no secret key that can be used.`);
	}
	const half = publicHalf(secret);
	if (half === void 0) throw new ExtensionError("TRUST_KEY_INVALID", `The key in ${file} is not an Ed25519 key.`);
	return {
		secret,
		public: half
	};
}
function readPublicKey(file) {
	let text;
	try {
		text = readRegularFile(file, largestKeyFile);
	} catch (cause) {
		throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
	}
	if (text.includes("PRIVATE KEY")) {
		const message = `${file} holds a secret key; only public keys are handed out.`;
		throw new ExtensionError("TRUST_KEY_INVALID", message);
	}
	let half;
	try {
		half = publicHalf(createPublicKey(text));
	} catch {}
	if (half === void 0) throw new ExtensionError("TRUST_KEY_INVALID", `${file} holds no public Ed25519 key.`);
	return half;
}
function readSecret(file) {
	let descriptor;
	try {
		descriptor = openSync(file, nonBlockingRead);
		const stat = fstatSync(descriptor);
		if (!stat.isFile() || stat.size > largestKeyFile) throw new ExtensionError("TRUST_KEY_INVALID", `${file} is not a key file.`);
		if (process.platform !== "win32" && (stat.mode & 63) !== 0) {
			const mode = (stat.mode & 511).toString(8).padStart(4, "0");
			throw new ExtensionError("TRUST_KEY_EXPOSED", `Others can use ${file}: its mode is ${mode}.`);
		}
		return readFileSync(descriptor, "utf8");
	} catch (cause) {
		if (cause instanceof ExtensionError) throw cause;
		throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
	} finally {
		if (descriptor !== void 0) closeSync(descriptor);
	}
}
function writeNew(file, text, mode) {
	try {
		const descriptor = openSync(file, "wx", mode);
		try {
			writeSync(descriptor, text);
			fsyncSync(descriptor);
		} catch (error) {
			rmSync(file, { force: true });
			throw error;
		} finally {
			closeSync(descriptor);
		}
	} catch (cause) {
		const message = cause.code === "EEXIST" ? `${file} is there already.` : `${file} can't be written.`;
		throw new ExtensionError("TRUST_KEY_UNWRITABLE", message, { cause });
	}
}
// core/src/trust/key-ring.ts
const revokedName = "revoked.json";
const endorsementEnding = ".endorsement.json";
const largestFile = 4 * 2 ** 20;
const emptyKeyRing = Object.freeze({
	trusted: new Map(),
	endorsements: [],
	revoked: new Map()
});
function readKeyRing(path) {
	if (!isFolder(path)) {
		const key = readPublicKey(path);
		return {
			...emptyKeyRing,
			trusted: new Map([[key.id, nameOf(path)]])
		};
	}
	const names = readdirSync(path).sort();
	const trusted = new Map();
	for (const name of names.filter((one) => /\.(?:pub|pem)$/.test(one))) {
		const key = readPublicKey(join(path, name));
		trusted.set(key.id, nameOf(name));
	}
	const endorsements = names.filter((name) => name.endsWith(endorsementEnding)).map((name) => readEndorsement(join(path, name)));
	const revoked = names.includes("revoked.json") ? readRevoked(join(path, revokedName)) : [];
	return {
		trusted,
		endorsements,
		revoked: new Map(revoked.map((one) => [one.key, one]))
	};
}
function readRevoked(file) {
	const text = readText(file);
	try {
		const { revoked } = JSON.parse(text);
		if (Array.isArray(revoked) && revoked.every(isRevokedKey)) return revoked;
	} catch {}
	const message = `${file} is not a list of revoked keys: {"revoked": [{"key": "ed25519-…", "reason": "…"}]}.`;
	throw new ExtensionError("TRUST_RING_INVALID", message);
}
function readEndorsement(file) {
	const endorsement = parseEndorsement(readText(file));
	if (endorsement !== void 0) return endorsement;
	throw new ExtensionError("TRUST_RING_INVALID", `${file} is not a genuine endorsement.`);
}
function readText(file) {
	try {
		return readRegularFile(file, largestFile);
	} catch (cause) {
		throw new ExtensionError("TRUST_KEY_UNREADABLE", `${file} can't be read.`, { cause });
	}
}
function isFolder(path) {
	try {
		return statSync(path).isDirectory();
	} catch (cause) {
		throw new ExtensionError("TRUST_KEY_UNREADABLE", `${path} can't be read.`, { cause });
	}
}
function nameOf(file) {
	return basename(file).replace(/\.(?:pub|pem)$/, "");
}
function isRevokedKey(value) {
	if (typeof value !== "object" || value === null) return false;
	const { key, reason } = value;
	return typeof key === "string" && (reason === void 0 || typeof reason === "string");
}
export { verifyEd25519 as _, readRevoked as a, readPublicKey as c, wayTo as d, endorsementText as f, signatureOf as g, publicKeyOf as h, readKeyRing as i, readSigningKey as l, signatureText as m, endorsementEnding as n, revokedName as o, parseSignature as p, readEndorsement as r, createSigningKey as s, emptyKeyRing as t, judge as u };

//# sourceMappingURL=key-ring-COn6jQYO.js.map