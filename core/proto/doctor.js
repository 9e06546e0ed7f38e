import { Ft as isSupportedNode, It as oldestNode, Nt as readRegularFile, b as nearestExisting, dt as saysMissing, it as isFolder, lt as lookInto, ot as lookAt, vt as thrownText } from "./chunks/host-DMpq1bLR.js";
import { d as installers, f as installedContent, i as installedVersion, l as installedIds, t as heldExtension, u as VersionStore } from "./chunks/held-extensions-DOnsXly3.js";
import { i as readKeyRing, t as emptyKeyRing, u as judge } from "./chunks/key-ring-COn6jQYO.js";
import { n as transformerAdvice, t as findTypeScriptTransformer } from "./chunks/transform-typescript-2yierdCa.js";
import { n as trySandboxTools } from "./chunks/network-sandbox-BUEAv5Nl.js";
import { accessSync, constants, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
// core/src/doctor/check.ts
function checkNamed(name) {
	const finding = (outcome) => (message, advice) => ({
		name,
		outcome,
		message,
		...advice !== void 0 && { advice }
	});
	return {
		ok: finding("ok"),
		warning: finding("warning"),
		problem: finding("problem")
	};
}
// core/src/doctor/folder-checks.ts
const everyone = 2;
const onlyOwnersRemove = 512;
const mostNamed = 3;
function checkFolders(folders) {
	return folders.map(checkFolder);
}
async function checkInstallLocks(folders) {
	const { ok, warning } = checkNamed("locks");
	const all = (await Promise.all(folders.map(async (folder) => (await installers(folder)).map(({ processId, file, isGone }) => isGone ? warning(`${file} was left by a process that is gone.`, "Remove it, or let the next install do so.") : warning(`Process ${processId} installs into ${folder}.`, "Wait until it is done."))))).flat();
	return all.length > 0 ? all : [ok("No installation is under way, and none was left behind.")];
}
function checkFolder(folder) {
	const { ok, warning, problem } = checkNamed("folders");
	const { found: stat, code } = lookAt(folder);
	if (stat === void 0 && saysMissing(code)) return warning(`${folder} does not exist; a host waits for it.`, "Create it, or name another folder.");
	if (stat?.isDirectory() === false) return problem(`${folder} is not a folder.`, "Name a folder of extensions.");
	const { found: entries } = lookInto(folder);
	if (stat === void 0 || entries === void 0 || !allows(folder, constants.X_OK)) return problem(`${folder} can't be read.`, "Give the user that runs the host the right to read it.");
	const unreadable = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => join(folder, name)).filter((path) => !allows(path, constants.R_OK | constants.X_OK));
	if (unreadable.length > 0) return problem(`${listed(unreadable)} can't be read.`, "Give the user that runs the host the right to read them.");
	if (process.platform !== "win32" && (stat.mode & everyone) !== 0) return warning(`Every user of this machine may ${(stat.mode & onlyOwnersRemove) === 0 ? "put code into it and replace what is there" : "put code into it"}: ${folder}.`, `chmod o-w ${folder}`);
	return ok(allows(folder, constants.W_OK) ? `${folder} can be read and installed into.` : `${folder} can be read; it is read-only, so nothing can be installed into it.`);
}
function allows(path, mode) {
	try {
		accessSync(path, mode);
		return true;
	} catch {
		return false;
	}
}
function listed(paths) {
	const named = paths.slice(0, mostNamed).join(", ");
	return paths.length > mostNamed ? `${named} and ${paths.length - mostNamed} more` : named;
}
// core/src/doctor/installed-checks.ts
async function checkInstalled(folders, keys) {
	const { ok } = checkNamed("installed");
	const ring = ringOf(keys);
	const checks = [];
	let count = 0;
	for (const folder of folders) for (const id of await installedIds(folder)) {
		checks.push(...await checkOne(new VersionStore(folder, id), id, ring));
		count++;
	}
	if (checks.some(({ outcome }) => outcome !== "ok")) return checks;
	const what = count === 1 ? "1 extension is" : `${count} extensions are`;
	return [ok(count === 0 ? "plugboard has installed nothing here." : `${what} as installed.`), ...checks];
}
async function checkOne(store, id, ring) {
	const { ok, warning, problem } = checkNamed("installed");
	const stored = await installedVersion(store, id);
	const { content, damage } = await installedContent(store, {
		id,
		stored
	});
	const found = [];
	if (damage !== void 0) {
		const advice = `Install ${id} again from where it came, which repairs it; or plugboard uninstall ${id}.`;
		const finding = content?.id === id ? warning : problem;
		found.push(finding(`${damage} (${store.link})`, advice));
	}
	const verdict = content === void 0 ? void 0 : judge(content, ring, Date.now());
	if (verdict?.state === "revoked") found.push(problem(`${id} ${stored.label}: ${verdict.message}`, `Install a version that is signed by another key, or plugboard uninstall ${id}.`));
	const held = await heldExtension(store, id);
	return [...found, ...(held?.sentences ?? []).map((sentence) => ok(sentence))];
}
function ringOf(keys) {
	try {
		if (keys !== void 0 && lookAt(keys).found !== void 0) return readKeyRing(keys);
	} catch {}
	return emptyKeyRing;
}
// core/src/doctor/machine-checks.ts
function checkNode(version) {
	const { ok, problem } = checkNamed("node");
	return [isSupportedNode(version) ? ok(`Node ${version} is new enough.`) : problem(`Node ${version} is too old.`, `Install Node ${oldestNode} or newer.`)];
}
function checkTypeScript() {
	const { ok, warning } = checkNamed("typescript");
	return [findTypeScriptTransformer().isComplete ? ok("oxc-transform loads; all of TypeScript can be run.") : warning("oxc-transform does not load; only TypeScript whose types can be erased is run.", transformerAdvice)];
}
function checkTemporaryFolder(folder) {
	const { ok, warning } = checkNamed("temporary");
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		return [ok(`Temporary files can be made in ${folder}.`)];
	} catch (error) {
		return [warning(`No temporary files can be made in ${folder} (${error.code ?? String(error)}): extensions in Go can't start, and nothing can be fetched.`, "Let TMPDIR name a folder that can be written; in a container with --read-only, mount one with --tmpfs /tmp.")];
	}
}
const newerNode = "the host on Node 26 or newer";
async function checkSandbox() {
	const { platform, versions } = process;
	return sandboxChecks({
		platform,
		nodeVersion: versions.node,
		tools: await trySandboxTools()
	});
}
function sandboxChecks({ platform, nodeVersion, tools }) {
	const { ok, warning } = checkNamed("sandbox");
	if (Number(nodeVersion.split(".")[0]) >= 25) return [ok(`Node ${nodeVersion} itself cuts process extensions off from the network.`)];
	if (platform !== "linux") return [warning("Nothing here cuts process extensions off from the network.", `Run ${newerNode}.`)];
	if (tools.bubblewrap === "works") return [ok("bubblewrap works: process extensions are cut off from the network and from local sockets.")];
	const why = tools.bubblewrap === "missing" ? "bubblewrap is not installed" : "bubblewrap may not make a sandbox here";
	const help = tools.bubblewrap === "missing" ? `Install bubblewrap, or run ${newerNode}.` : `Allow user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), or run ${newerNode}.`;
	return [warning(`${why}; ${tools.unshare === "works" ? "an empty network namespace works, but leaves the sockets of other programs within reach" : tools.unshare === "missing" ? "unshare is not installed either: nothing cuts process extensions off from the network" : "a network namespace can't be made either: nothing cuts process extensions off from the network"}.`, help)];
}
// core/src/trust/exposed-files.ts
const largestKeyFile = 16384;
const othersRead = 36;
const othersWrite$1 = 18;
function exposedKeys(path) {
	const { found: stat } = lookAt(path);
	if (stat === void 0 || process.platform === "win32") return [];
	const found = (stat.isDirectory() ? (lookInto(path).found ?? []).map(({ name }) => join(path, name)) : [path]).flatMap(exposureOf);
	return stat.isDirectory() && (stat.mode & othersWrite$1) !== 0 ? [{
		file: path,
		exposure: "can be changed"
	}, ...found] : found;
}
function exposureOf(file) {
	const { found: stat } = lookAt(file);
	if (stat === void 0 || !stat.isFile()) return [];
	if ((stat.mode & othersWrite$1) !== 0) return [{
		file,
		exposure: "can be changed"
	}];
	if ((stat.mode & othersRead) === 0 || stat.size > largestKeyFile) return [];
	return holdsSecretKey(file) ? [{
		file,
		exposure: "secret key can be read"
	}] : [];
}
function holdsSecretKey(file) {
	try {
		return readRegularFile(file, largestKeyFile).includes("PRIVATE KEY");
	} catch {
		return false;
	}
}
// core/src/doctor/private-checks.ts
const others = 63;
const othersWrite = 18;
const secretsName = "secrets";
const keyName = "secrets.key";
function checkState(folder) {
	const { ok, warning, problem } = checkNamed("state");
	const { found: stat } = lookAt(folder);
	if (stat !== void 0 && !stat.isDirectory()) return [problem(`${folder} is not a folder.`, "Remove it; the host makes its own.")];
	if (!canWrite(stat === void 0 ? nearestExisting(folder) : folder)) return [problem(`${folder} can't be written.`, "Give the user that runs the host the right to write it.")];
	if (stat === void 0) return [ok(`${folder} does not exist yet; the host can create it.`)];
	const secrets = join(folder, secretsName);
	const key = join(folder, keyName);
	if (filesIn(secrets).length > 0 && saysMissing(lookAt(key).code)) {
		const advice = `Put it back from a backup; if it is lost, remove ${secrets} and store the secrets anew.`;
		return [problem(`${key} is missing; nobody can read the secrets of extensions without it.`, advice)];
	}
	if (process.platform === "win32") return [ok(`${folder} can be written.`)];
	const found = [key, ...filesIn(secrets)].filter((file) => (modeOf(file) & others) !== 0).map((file) => problem(`Others may get at the secrets in ${file}.`, `chmod 600 ${file}`));
	if ((stat.mode & othersWrite) !== 0) return [...found, problem(`Others may change what the host remembers in ${folder}.`, `chmod 700 ${folder}`)];
	if ((stat.mode & others) !== 0) return [...found, warning(`Others may read what the host remembers in ${folder}.`, `chmod 700 ${folder}`)];
	return found.length > 0 ? found : [ok(`${folder} can be written, and is private.`)];
}
function checkKeys(path) {
	const { ok, problem } = checkNamed("keys");
	if (saysMissing(lookAt(path).code)) return [ok("No keys are trusted yet: every signature counts as one of somebody unknown.")];
	const found = exposedKeys(path).map(({ file, exposure }) => exposure === "can be changed" ? problem(`Others may change whom ${file} makes trusted.`, `chmod go-w ${file}`) : problem(`Others may read the secret key in ${file}.`, `chmod 600 ${file}, and revoke the key if they did`));
	try {
		const { trusted } = readKeyRing(path);
		const keys = trusted.size === 1 ? "1 key is" : `${trusted.size} keys are`;
		return found.length > 0 ? found : [ok(`${keys} trusted, and nobody else can change that.`)];
	} catch (error) {
		const advice = "Correct or remove what is named; until then nothing is verified.";
		return [...found, problem(error instanceof Error ? error.message : `${path} can't be read.`, advice)];
	}
}
function filesIn(folder) {
	return (lookInto(folder).found ?? []).map(({ name }) => join(folder, name));
}
function modeOf(path) {
	return lookAt(path).found?.mode ?? 0;
}
function canWrite(folder) {
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
// core/src/discovery/watch-needs.ts
const watchesOfRoot = 2;
function watchesNeeded(folder, { isSingle }) {
	const names = lookInto(folder).found?.map(({ name }) => name);
	if (names === void 0) return 0;
	return (isSingle ? names : names.filter((name) => isFolder(join(folder, name)))).length + watchesOfRoot;
}
function watchSupply(proc = "/proc") {
	const limit = (name) => Number(readFileSync(join(proc, "sys/fs/inotify", name), "utf8"));
	try {
		const [watches, instances] = [limit("max_user_watches"), limit("max_user_instances")];
		return {
			watches,
			instances,
			...inUse(proc)
		};
	} catch {
		return;
	}
}
function inUse(proc) {
	const user = process.getuid?.();
	let usedWatches = 0;
	let usedInstances = 0;
	for (const name of readdirSync(proc)) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const program = join(proc, name);
			if (statSync(program).uid !== user) continue;
			for (const descriptor of readdirSync(join(program, "fd"))) {
				if (readlinkSync(join(program, "fd", descriptor)) !== "anon_inode:inotify") continue;
				const facts = readFileSync(join(program, "fdinfo", descriptor), "utf8");
				usedInstances += 1;
				usedWatches += facts.split("\n").filter((line) => line.startsWith("inotify ")).length;
			}
		} catch {}
	}
	return {
		usedWatches,
		usedInstances
	};
}
// core/src/doctor/watch-checks.ts
const instead = "the host looks at its folders once a second instead";
const sensibleWatches = 524288;
const sensibleInstances = 512;
function checkWatches({ extensionFolders, developmentFolders }) {
	return watchChecks(sum(extensionFolders.map((folder) => watchesNeeded(folder, { isSingle: false }))) + sum(developmentFolders.map((folder) => watchesNeeded(folder, { isSingle: true }))), watchSupply());
}
function watchChecks(needed, supply) {
	const { ok, warning, problem } = checkNamed("watches");
	if (supply === void 0) return [ok("This system does not count watches.")];
	const { watches, instances, usedWatches, usedInstances } = supply;
	const moreWatches = `sysctl -w fs.inotify.max_user_watches=${Math.max(sensibleWatches, 4 * needed)}`;
	const found = [];
	if (needed > watches) found.push(problem(`Following the folders takes ${needed} watches and the limit is ${watches}; ${instead}.`, moreWatches));
	else if (needed > watches - usedWatches) {
		const left = Math.max(0, watches - usedWatches);
		found.push(warning(`Following the folders takes ${needed} watches and ${left} of ${watches} are left, unless the host runs already; without them ${instead}.`, moreWatches));
	}
	if (usedInstances >= instances) found.push(warning(`All ${instances} inotify instances of this user are taken, unless the host runs already; without one ${instead}.`, `sysctl -w fs.inotify.max_user_instances=${Math.max(sensibleInstances, 2 * instances)}`));
	if (found.length > 0) return found;
	return [ok(`Following the folders takes ${needed} watches of ${watches} (${usedWatches} in use), and an instance of ${instances} (${usedInstances} in use).`)];
}
function sum(numbers) {
	return numbers.reduce((total, number) => total + number, 0);
}
// core/src/doctor/diagnose.ts
async function diagnose(options = {}) {
	const { extensionFolders = [], developmentFolders = [], stateFolder, keys } = options;
	const folders = [...developmentFolders, ...extensionFolders];
	const checks = [
		["node", () => checkNode(process.versions.node)],
		["typescript", checkTypeScript],
		["sandbox", checkSandbox],
		["temporary", () => checkTemporaryFolder(tmpdir())],
		["folders", () => checkFolders(folders)],
		["watches", () => checkWatches({
			extensionFolders,
			developmentFolders
		})],
		["state", () => stateFolder === void 0 ? [] : checkState(stateFolder)],
		["locks", () => checkInstallLocks(extensionFolders)],
		["installed", () => checkInstalled(extensionFolders, keys)],
		["keys", () => keys === void 0 ? [] : checkKeys(keys)]
	];
	return (await Promise.all(checks.map(([name, look]) => outcomeOf(name, look)))).flat();
}
async function outcomeOf(name, look) {
	try {
		return await look();
	} catch (error) {
		const message = `This could not be looked at: ${thrownText(error)}`;
		return [checkNamed(name).problem(message, "Run it as the user that runs the host.")];
	}
}
export { diagnose };

//# sourceMappingURL=doctor.js.map