import { At as readJson5, Nt as readRegularFile, Z as maximumManifestBytes, ft as isExtensionId, jt as nonBlockingRead, mt as manifestName, pt as isExtensionVersion, vt as thrownText } from "./host-DMpq1bLR.js";
import { c as EntryPaths, d as bytesFreeOfRatio, f as defaultArchiveLimits, i as maximumPackageFileBytes, l as faultOfEntryPath, o as packageFileName, r as listFolder, u as archiveError } from "./folder-files-Ci2NavIK.js";
import { a as signatureName, i as maximumSignatureBytes, r as inListOrder, t as digestOfFiles } from "./file-list-DjTscCpa.js";
import { open, stat } from "node:fs/promises";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { createGunzip } from "node:zlib";
// core/src/archive/extension-identity.ts
function identityOf(text) {
	const { value, failure } = readJson5(text.charCodeAt(0) === 65279 ? text.slice(1) : text);
	if (failure !== void 0) throw new ExtensionError("MANIFEST_SYNTAX", `${manifestName} is not JSON5: ${failure.message}`);
	const { id, version } = value ?? {};
	if (!isExtensionId(id)) throw new ExtensionError("MANIFEST_INVALID", `${manifestName} has no id, or none of the right form.`);
	if (!isExtensionVersion(version)) throw new ExtensionError("MANIFEST_INVALID", `${manifestName} has no version, or none of the right form.`);
	return {
		id,
		version
	};
}
function manifestTextIn(folder) {
	const file = join(folder, manifestName);
	try {
		return readRegularFile(file, maximumManifestBytes);
	} catch (cause) {
		if (cause.code === "ENOENT") throw new ExtensionError("MANIFEST_MISSING", `${folder} holds no ${manifestName}.`);
		throw new ExtensionError("MANIFEST_UNREADABLE", `${file} can't be read.`, { cause });
	}
}
function identityInFolder(folder) {
	return identityOf(manifestTextIn(folder));
}
// core/src/archive/read-archive.ts
const block = 512;
const chunkBytes = 65536;
async function readArchive(file, options = {}) {
	const { Parser } = await import("./index.min-DYdS6tiN.js");
	const handle = await openArchive(file);
	const reading = new Reading(new Parser({
		strict: true,
		maxMetaEntrySize: chunkBytes
	}), options);
	const gunzip = createGunzip({ chunkSize: chunkBytes });
	try {
		const source = handle.createReadStream({
			highWaterMark: chunkBytes,
			autoClose: false
		});
		let compressed = 0;
		source.on("data", (chunk) => {
			compressed += chunk.length;
			reading.compressed = compressed;
		});
		source.on("error", (error) => gunzip.destroy(error));
		source.pipe(gunzip);
		for await (const chunk of gunzip) {
			options.signal?.throwIfAborted();
			reading.take(chunk);
		}
		if (gunzip.bytesWritten < compressed || !source.readableEnded) throw trailing();
		return reading.finish();
	} catch (error) {
		throw asArchiveError(error, file);
	} finally {
		gunzip.destroy();
		await handle.close();
	}
}
var Reading = class {
	compressed = 0;
	#parser;
	#options;
	#limits;
	#paths = new EntryPaths();
	#files = [];
	#entries = 0;
	#expanded = 0;
	#announced = 0;
	#root;
	#entry;
	#incomplete = Buffer.alloc(0);
	#isFirst = true;
	#hasEnded = false;
	#failure;
	constructor(parser, options) {
		this.#parser = parser;
		this.#options = options;
		this.#limits = options.limits ?? defaultArchiveLimits;
		parser.on("error", (error) => this.#fail(archiveError("ARCHIVE_DAMAGED", damagedText(error))));
		parser.on("ignoredEntry", (entry) => this.#fail(unsupported(entry)));
		parser.on("entry", (entry) => this.#guarded(() => this.#begin(entry)));
		parser.on("eof", () => {
			this.#hasEnded = true;
		});
	}
	take(chunk) {
		this.#expanded += chunk.length;
		this.#checkSize(this.#expanded);
		const { ratio } = this.#limits;
		if (this.#expanded > bytesFreeOfRatio && this.#expanded > ratio * this.compressed) throw archiveError("ARCHIVE_RATIO", `More than ${ratio} bytes come out of each that goes in.`);
		const bytes = Buffer.concat([this.#incomplete, chunk]);
		const whole = bytes.length - bytes.length % block;
		this.#incomplete = bytes.subarray(whole);
		this.#takeBlocks(bytes.subarray(0, whole));
	}
	#takeBlocks(bytes) {
		let position = 0;
		while (position < bytes.length) {
			const rest = bytes.subarray(position);
			if (this.#hasEnded) {
				if (rest.some((byte) => byte !== 0)) throw trailing();
				return;
			}
			position += this.#feed(rest);
			if (this.#failure !== void 0) throw this.#failure;
		}
	}
	finish() {
		if (!this.#hasEnded) throw truncated();
		if (this.#incomplete.some((byte) => byte !== 0)) throw trailing();
		return inListOrder(this.#files);
	}
	#feed(bytes) {
		const { blockRemain = 0 } = this.#entry ?? {};
		if (blockRemain > 0) {
			const part = bytes.subarray(0, blockRemain);
			this.#parser.write(part);
			return part.length;
		}
		const header = bytes.subarray(0, block);
		if (this.#isFirst) refuseInnerCompression(header);
		this.#isFirst = false;
		this.#parser.write(header);
		return block;
	}
	#begin(entry) {
		this.#entry = entry;
		this.#entries += 1;
		if (this.#entries > this.#limits.entries) throw archiveError("ARCHIVE_TOO_MANY_ENTRIES", `It has more than ${this.#limits.entries} entries.`);
		if (entry.type === "Directory") {
			this.#place(entry.path.replace(/\/$/, ""), "folder");
			entry.resume();
			return;
		}
		if (entry.type !== "File" && entry.type !== "OldFile" && entry.type !== "ContiguousFile") throw unsupported(entry);
		this.#announced += entry.size;
		this.#checkSize(this.#announced);
		const path = this.#place(entry.path, "file");
		if (path === void 0) throw archiveError("ARCHIVE_LAYOUT", "A file lies beside the folder of the extension.");
		this.#follow(entry, {
			path,
			size: entry.size,
			isExecutable: ((entry.mode ?? 0) & 64) !== 0
		});
	}
	#follow(entry, file) {
		const hash = createHash("sha256");
		const sink = this.#options.onFile?.(file);
		entry.on("data", (bytes) => this.#guarded(() => {
			hash.update(bytes);
			sink?.write(bytes);
		}));
		entry.on("end", () => this.#guarded(() => {
			sink?.end();
			this.#files.push({
				...file,
				sha256: hash.digest("hex")
			});
			this.#options.onProgress?.({
				files: this.#files.length,
				bytes: this.#announced
			});
		}));
	}
	#place(full, kind) {
		const fault = faultOfEntryPath(full);
		if (fault !== void 0) throw fault;
		const slash = full.indexOf("/");
		const root = slash === -1 ? full : full.slice(0, slash);
		this.#root ??= root;
		if (root !== this.#root) {
			const message = `It holds two folders, ${JSON.stringify(this.#root)} and ${JSON.stringify(root)}.`;
			throw archiveError("ARCHIVE_LAYOUT", message, { entry: full });
		}
		if (slash === -1) return void 0;
		const path = full.slice(slash + 1);
		this.#paths.add(path, kind);
		return path;
	}
	#checkSize(bytes) {
		if (bytes <= this.#limits.bytes) return;
		const limit = Math.round(this.#limits.bytes / 2 ** 20);
		throw archiveError("ARCHIVE_TOO_LARGE", `It holds more than ${limit} MB.`);
	}
	#guarded(deed) {
		if (this.#failure !== void 0) return;
		try {
			deed();
		} catch (error) {
			this.#fail(error);
		}
	}
	#fail(error) {
		this.#failure ??= error instanceof Error ? error : new Error(thrownText(error));
	}
};
async function openArchive(file) {
	try {
		const handle = await open(file, nonBlockingRead);
		if ((await handle.stat()).isFile()) return handle;
		await handle.close();
	} catch (cause) {
		throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause });
	}
	throw archiveError("ARCHIVE_UNREADABLE", `${file} is not a regular file.`);
}
function refuseInnerCompression(header) {
	if (header.readUInt16BE(0) === 8075 || header.readUInt32BE(0) === 682962941) throw archiveError("ARCHIVE_DAMAGED", "It holds something compressed once more.");
}
function unsupported(entry) {
	const { path, type } = entry;
	if (type === "Link" || type === "SymbolicLink") return archiveError("ARCHIVE_LINK", `${JSON.stringify(path)} is a link.`, { entry: path });
	return archiveError("ARCHIVE_SPECIAL_FILE", `${JSON.stringify(path)} is a ${type}, not a file.`, { entry: path });
}
function truncated(cause) {
	return archiveError("ARCHIVE_TRUNCATED", "The archive ends before its content does.", { cause });
}
function trailing() {
	return archiveError("ARCHIVE_TRAILING", "Something follows the end of the archive.");
}
function damagedText(error) {
	return `It is not a sound archive: ${thrownText(error)}.`;
}
function asArchiveError(error, file) {
	if (isExtensionError(error)) return error;
	const { code, syscall } = error;
	if (code === "Z_BUF_ERROR") return truncated(error);
	if (code?.startsWith("Z_") === true) return archiveError("ARCHIVE_DAMAGED", damagedText(error), { cause: error });
	if (syscall === "read") return archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { cause: error });
	return error;
}
// core/src/archive/extension-content.ts
const keptFiles = new Map([
	[manifestName, maximumManifestBytes],
	[packageFileName, maximumPackageFileBytes],
	[signatureName, maximumSignatureBytes]
]);
async function contentOf(path, options = {}) {
	const isFolder = await stat(path).then((found) => found.isDirectory(), (cause) => {
		throw archiveError("ARCHIVE_UNREADABLE", `${path} can't be read.`, { cause });
	});
	const kept = isFolder ? textsOfFolder(path) : new Map();
	const all = isFolder ? await listFolder(path, options.onProgress) : await readArchive(path, {
		...options,
		onFile: (file) => keeping(file, kept)
	});
	const manifest = kept.get(manifestName);
	if (manifest === void 0) throw archiveError("ARCHIVE_LAYOUT", `${path} holds no ${manifestName}.`);
	const files = all.filter((file) => file.path !== signatureName);
	return {
		...identityOf(manifest),
		kind: isFolder ? "folder" : "archive",
		files,
		digest: digestOfFiles(files),
		signature: kept.get(signatureName),
		manifest,
		packageFile: kept.get(packageFileName)
	};
}
function textsOfFolder(folder) {
	const texts = new Map();
	for (const [name, limit] of keptFiles) try {
		texts.set(name, readRegularFile(join(folder, name), limit));
	} catch (cause) {
		if (cause.code === "ENOENT") continue;
		throw archiveError("ARCHIVE_UNREADABLE", `${join(folder, name)} can't be read.`, {
			entry: name,
			cause
		});
	}
	return texts;
}
function keeping({ path, size }, kept) {
	const limit = keptFiles.get(path);
	if (limit === void 0) return void 0;
	if (size > limit) throw archiveError("ARCHIVE_TOO_LARGE", `${path} is too large.`, { entry: path });
	const parts = [];
	return {
		write: (bytes) => void parts.push(Buffer.from(bytes)),
		end: () => void kept.set(path, Buffer.concat(parts).toString("utf8"))
	};
}
export { manifestTextIn as a, identityOf as i, readArchive as n, identityInFolder as r, contentOf as t };

//# sourceMappingURL=extension-content-S_bZsnUy.js.map