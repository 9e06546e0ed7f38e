import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { platform } from "node:os";
import { connect, createServer } from "node:net";
// core/src/cli/status-socket.ts
const connectionMs = 3e3;
const longestStatus = 65536;
const usualLookAgainMs = 1e3;
const longestPath = 103;
async function openStatusSocket(stateFolder, source) {
	const socket = new StatusSocket(stateFolder, source);
	await socket.attempt();
	return socket;
}
var StatusSocket = class {
	#stateFolder;
	#address;
	#source;
	#timer;
	#server;
	#inode;
	#isTrying = false;
	#isTold = false;
	#isClosed = false;
	constructor(stateFolder, source) {
		this.#stateFolder = stateFolder;
		this.#address = addressIn(stateFolder);
		this.#source = source;
		this.#timer = setInterval(() => void this.attempt(), source.lookAgainMs ?? usualLookAgainMs).unref();
	}
	async attempt() {
		if (this.#isTrying) return;
		this.#isTrying = true;
		try {
			if (await this.#isOurs()) return;
			this.#server?.close();
			this.#server = void 0;
			await this.#open();
			this.#isTold = false;
		} catch (error) {
			if (!this.#isTold && !this.#isClosed) this.#source.onTrouble(error);
			this.#isTold = true;
		} finally {
			this.#isTrying = false;
			if (this.#isClosed) this.#server?.close();
		}
	}
	dispose() {
		this.#isClosed = true;
		clearInterval(this.#timer);
		if (!this.#isTrying) this.#server?.close();
	}
	async #isOurs() {
		if (this.#server === void 0 || this.#inode === void 0) return this.#server !== void 0;
		return await inodeOf(this.#address) === this.#inode;
	}
	async #open() {
		const length = Buffer.byteLength(this.#address);
		if (length > longestPath) throw new Error(`${this.#address} has ${length} bytes; a socket's path may have ${longestPath}`);
		await mkdir(this.#stateFolder, {
			recursive: true,
			mode: 448
		});
		try {
			this.#server = await listening(this.#address, this.#source.status);
		} catch (error) {
			if (error.code !== "EADDRINUSE") throw error;
			if (await askStatus(this.#stateFolder) !== void 0) throw new Error(`another host keeps its state in ${this.#stateFolder}`, { cause: error });
			await rm(this.#address, { force: true });
			this.#server = await listening(this.#address, this.#source.status);
		}
		this.#inode = await inodeOf(this.#address);
	}
};
function askStatus(stateFolder) {
	return new Promise((resolve) => {
		const connection = connect(addressIn(stateFolder)).setEncoding("utf8");
		let text = "";
		const settle = () => {
			clearTimeout(limit);
			connection.destroy();
			resolve(statusIn(text));
		};
		const limit = setTimeout(settle, connectionMs);
		connection.once("error", settle).once("close", settle);
		connection.on("data", (piece) => {
			text += String(piece);
			if (text.length > longestStatus) settle();
		});
	});
}
function addressIn(stateFolder) {
	if (platform() !== "win32") return join(stateFolder, "host.sock");
	return `\\\\.\\pipe\\plugboard-${createHash("sha256").update(stateFolder.toLowerCase()).digest("hex").slice(0, 32)}`;
}
async function inodeOf(address) {
	if (platform() === "win32") return void 0;
	return stat(address, { bigint: true }).then(({ ino }) => ino, () => void 0);
}
function listening(address, status) {
	const server = createServer((connection) => {
		connection.setTimeout(connectionMs, () => connection.destroy());
		connection.on("error", () => connection.destroy());
		connection.end(`${JSON.stringify(status())}\n`);
	});
	server.unref();
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(address, () => {
			server.off("error", reject);
			server.on("error", () => void 0);
			resolve(server);
		});
	});
}
function statusIn(text) {
	try {
		const status = JSON.parse(text);
		return typeof status?.phase === "string" && typeof status.extensions === "object" ? status : void 0;
	} catch {
		return;
	}
}
export { openStatusSocket as n, askStatus as t };

//# sourceMappingURL=status-socket-a8ELgriu.js.map