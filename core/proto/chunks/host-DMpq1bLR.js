import { i as __toESM, n as __exportAll, r as __reExport, t as __commonJSMin } from "./rolldown-runtime-D4w-N4S9.js";
import { createRequire } from "node:module";
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, opendirSync, readFileSync, readSync, readdirSync, readlinkSync, realpathSync, statSync, watch } from "node:fs";
import * as realDisk from "node:fs/promises";
import { mkdir, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { ExtensionError, commands, configuration, contributionPoint, errorTable, greeters, isExtensionError, runtimes, transformers } from "@plugboard/extension-api";
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import apiPackage from "@plugboard/extension-api/package.json" with { type: "json" };
import { inspect, types } from "node:util";
import { Script, createContext } from "node:vm";
import { setImmediate as setImmediate$1, setTimeout as setTimeout$1 } from "node:timers/promises";
import { createCipheriv, createDecipheriv, createHash, hash, randomBytes } from "node:crypto";
import { availableParallelism, hostname } from "node:os";
import { isUtf8 } from "node:buffer";
import { fileURLToPath } from "node:url";
// core/src/common/node-version.ts
const oldestNode = "22.22";
function isSupportedNode(version) {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
	return major > oldestMajor || major === oldestMajor && minor >= oldestMinor;
}
// core/src/common/require-node.ts
if (!isSupportedNode(process.versions.node)) throw new Error(`@plugboard/core needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.`);
// schemas/dist/frame-fault.js
function frameFault(frame) {
	if (!isObject$6(frame)) return "is no object";
	switch (frame.type) {
		case "hello": return helloFrameFault(frame);
		case "ready": return readyFrameFault(frame);
		case "call": return callFrameFault(frame);
		case "ok": return okFrameFault(frame);
		case "err": return errFrameFault(frame);
		case "cancel": return cancelFrameFault(frame);
		case "emit": return emitFrameFault(frame);
		case "log": return logFrameFault(frame);
		case "bye": return byeFrameFault(frame);
		case "gone": return goneFrameFault(frame);
		default: return "/type is no kind of frame";
	}
}
function frameMethodsFault(value) {
	if (!isObject$6(value)) return ` has to be an object`;
	for (const key of Object.keys(value)) if (!(isWhole$1(value[key]) || value[key] === "variadic")) return `/${shown$3(key)} has to be a whole number, not negative or "variadic"`;
}
function encodedErrorFault(value) {
	if (!isObject$6(value)) return ` has to be an object`;
	if (!(typeof value.name === "string")) return `/name has to be text`;
	if (!(typeof value.message === "string")) return `/message has to be text`;
	if (value.code !== void 0) {
		if (!(typeof value.code === "string" || Number.isFinite(value.code))) return `/code has to be text or a number`;
	}
	if (value.isExtensionError !== void 0) {
		if (!(typeof value.isExtensionError === "boolean")) return `/isExtensionError has to be true or false`;
	}
	if (value.extensionId !== void 0) {
		if (!(typeof value.extensionId === "string")) return `/extensionId has to be text`;
	}
	if (value.details !== void 0) {
		if (!isObject$6(value.details)) return `/details has to be an object`;
	}
	if (value.stack !== void 0) {
		if (!(typeof value.stack === "string")) return `/stack has to be text`;
	}
	if (value.cause !== void 0) {
		if (!isObject$6(value.cause)) return `/cause has to be an object`;
	}
	if (value.errors !== void 0) {
		if (!Array.isArray(value.errors)) return `/errors has to be a list`;
	}
}
function encodedThrownFault(value) {
	if (!isObject$6(value)) return ` has to be an object`;
	if (value.error !== void 0) {
		const fault = encodedErrorFault(value.error);
		if (fault !== void 0) return `/error${fault}`;
	}
}
function exportDescriptorFault(value) {
	if (!isObject$6(value)) return ` has to be an object`;
	if (!Array.isArray(value.functions)) return `/functions has to be a list`;
	for (let index = 0; index < value.functions.length; index++) if (!(typeof value.functions[index] === "string")) return `/functions/${index} has to be text`;
	if (!isObject$6(value.values)) return `/values has to be an object`;
}
function collectionLineFault(value) {
	if (!isObject$6(value)) return ` has to be an object`;
	if (!(typeof value.id === "string")) return `/id has to be text`;
	if (!(typeof value.extensionId === "string")) return `/extensionId has to be text`;
	if (!isWhole$1(value.generation)) return `/generation has to be a whole number, not negative`;
	if (!isObject$6(value.item)) return `/item has to be an object`;
}
function helloFrameFault(value) {
	if (!(value.type === "hello")) return `/type has to be "hello"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!(value.protocol === 1)) return `/protocol has to be 1`;
	if (!isObject$6(value.extension)) return `/extension has to be an object`;
	if (!(typeof value.extension.id === "string")) return `/extension/id has to be text`;
	if (!(typeof value.extension.version === "string")) return `/extension/version has to be text`;
	if (!(typeof value.extension.path === "string")) return `/extension/path has to be text`;
	if (!isWhole$1(value.generation)) return `/generation has to be a whole number, not negative`;
	if (!(typeof value.main === "string")) return `/main has to be text`;
	if (value.trusted !== void 0) {
		if (!Array.isArray(value.trusted)) return `/trusted has to be a list`;
		for (let index = 0; index < value.trusted.length; index++) {
			const item = value.trusted[index];
			if (!isObject$6(item)) return `/trusted/${index} has to be an object`;
			if (!(typeof item.path === "string")) return `/trusted/${index}/path has to be text`;
			if (!(typeof item.sha256 === "string")) return `/trusted/${index}/sha256 has to be text`;
		}
	}
	if (!isObject$6(value.runtime)) return `/runtime has to be an object`;
	if (!Array.isArray(value.contributions)) return `/contributions has to be a list`;
	for (let index = 0; index < value.contributions.length; index++) {
		const item = value.contributions[index];
		if (!isObject$6(item)) return `/contributions/${index} has to be an object`;
		if (!(typeof item.point === "string")) return `/contributions/${index}/point has to be text`;
		if (!(typeof item.id === "string")) return `/contributions/${index}/id has to be text`;
		{
			const fault = frameMethodsFault(item.methods);
			if (fault !== void 0) return `/contributions/${index}/methods${fault}`;
		}
	}
	if (!Array.isArray(value.services)) return `/services has to be a list`;
	for (let index = 0; index < value.services.length; index++) {
		const item = value.services[index];
		if (!isObject$6(item)) return `/services/${index} has to be an object`;
		if (!(typeof item.id === "string")) return `/services/${index}/id has to be text`;
		{
			const fault = frameMethodsFault(item.methods);
			if (fault !== void 0) return `/services/${index}/methods${fault}`;
		}
	}
	if (!Array.isArray(value.undeclaredServices)) return `/undeclaredServices has to be a list`;
	for (let index = 0; index < value.undeclaredServices.length; index++) if (!(typeof value.undeclaredServices[index] === "string")) return `/undeclaredServices/${index} has to be text`;
	if (!Array.isArray(value.dependencies)) return `/dependencies has to be a list`;
	for (let index = 0; index < value.dependencies.length; index++) {
		const item = value.dependencies[index];
		if (!isObject$6(item)) return `/dependencies/${index} has to be an object`;
		if (!(typeof item.id === "string")) return `/dependencies/${index}/id has to be text`;
		if (!(item.kind === "required" || item.kind === "optional")) return `/dependencies/${index}/kind has to be "required" or "optional"`;
		if (item.exports !== void 0) {
			const fault = exportDescriptorFault(item.exports);
			if (fault !== void 0) return `/dependencies/${index}/exports${fault}`;
		}
	}
	if (!Array.isArray(value.points)) return `/points has to be a list`;
	for (let index = 0; index < value.points.length; index++) {
		const item = value.points[index];
		if (!isObject$6(item)) return `/points/${index} has to be an object`;
		if (!(typeof item.id === "string")) return `/points/${index}/id has to be text`;
		{
			const fault = frameMethodsFault(item.methods);
			if (fault !== void 0) return `/points/${index}/methods${fault}`;
		}
		if (!Array.isArray(item.lines)) return `/points/${index}/lines has to be a list`;
		for (let index1 = 0; index1 < item.lines.length; index1++) {
			const item1 = item.lines[index1];
			{
				const fault = collectionLineFault(item1);
				if (fault !== void 0) return `/points/${index}/lines/${index1}${fault}`;
			}
		}
	}
	if (!isObject$6(value.configuration)) return `/configuration has to be an object`;
	if (value.state !== void 0) {
		if (!isObject$6(value.state)) return `/state has to be an object`;
		if (!Number.isFinite(value.state.version)) return `/state/version has to be a number`;
	}
	if (!isObject$6(value.limits)) return `/limits has to be an object`;
	if (!(Number.isFinite(value.limits.callMs) && value.limits.callMs >= 0)) return `/limits/callMs has to be a number, not negative`;
	if (!(Number.isFinite(value.limits.callBytes) && value.limits.callBytes >= 0)) return `/limits/callBytes has to be a number, not negative`;
	if (!isObject$6(value.environment)) return `/environment has to be an object`;
	for (const key of Object.keys(value.environment)) if (!(typeof value.environment[key] === "string")) return `/environment/${shown$3(key)} has to be text`;
	if (!(typeof value.withStacks === "boolean")) return `/withStacks has to be true or false`;
	if (value.reuse !== void 0) {
		if (!isWhole$1(value.reuse)) return `/reuse has to be a whole number, not negative`;
	}
}
function readyFrameFault(value) {
	if (!(value.type === "ready")) return `/type has to be "ready"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!Array.isArray(value.supplied)) return `/supplied has to be a list`;
	for (let index = 0; index < value.supplied.length; index++) {
		const item = value.supplied[index];
		if (!isObject$6(item)) return `/supplied/${index} has to be an object`;
		if (!(typeof item.point === "string")) return `/supplied/${index}/point has to be text`;
		if (!(typeof item.id === "string")) return `/supplied/${index}/id has to be text`;
	}
	if (!Array.isArray(value.findings)) return `/findings has to be a list`;
	for (let index = 0; index < value.findings.length; index++) {
		const item = value.findings[index];
		if (!isObject$6(item)) return `/findings/${index} has to be an object`;
		if (!(item.code === "CONTRIBUTION_MISSING" || item.code === "CONTRIBUTION_INCOMPLETE")) return `/findings/${index}/code has to be "CONTRIBUTION_MISSING" or "CONTRIBUTION_INCOMPLETE"`;
		if (!(typeof item.point === "string")) return `/findings/${index}/point has to be text`;
		if (!(typeof item.id === "string")) return `/findings/${index}/id has to be text`;
		if (!(typeof item.message === "string")) return `/findings/${index}/message has to be text`;
	}
	if (!(typeof value.savesState === "boolean")) return `/savesState has to be true or false`;
	{
		const fault = exportDescriptorFault(value.exports);
		if (fault !== void 0) return `/exports${fault}`;
	}
	if (!isObject$6(value.times)) return `/times has to be an object`;
	if (!(Number.isFinite(value.times.load) && value.times.load >= 0)) return `/times/load has to be a number, not negative`;
	if (!(Number.isFinite(value.times.call) && value.times.call >= 0)) return `/times/call has to be a number, not negative`;
	if (!(Number.isFinite(value.times.settle) && value.times.settle >= 0)) return `/times/settle has to be a number, not negative`;
}
function callFrameFault(value) {
	if (!(value.type === "call")) return `/type has to be "call"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!isWhole$1(value.id)) return `/id has to be a whole number, not negative`;
	if (!(typeof value.target === "string")) return `/target has to be text`;
	if (!Array.isArray(value.args)) return `/args has to be a list`;
	if (!(value.args.length <= 65535)) return `/args has to be a list of 65535 at most`;
	if (value.timeoutMs !== void 0) {
		if (!(Number.isFinite(value.timeoutMs) && value.timeoutMs >= 0)) return `/timeoutMs has to be a number, not negative`;
	}
}
function okFrameFault(value) {
	if (!(value.type === "ok")) return `/type has to be "ok"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!isWhole$1(value.id)) return `/id has to be a whole number, not negative`;
}
function errFrameFault(value) {
	if (!(value.type === "err")) return `/type has to be "err"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!isWhole$1(value.id)) return `/id has to be a whole number, not negative`;
	{
		const fault = encodedThrownFault(value.thrown);
		if (fault !== void 0) return `/thrown${fault}`;
	}
}
function cancelFrameFault(value) {
	if (!(value.type === "cancel")) return `/type has to be "cancel"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!isWhole$1(value.id)) return `/id has to be a whole number, not negative`;
	{
		const fault = encodedThrownFault(value.reason);
		if (fault !== void 0) return `/reason${fault}`;
	}
}
function emitFrameFault(value) {
	if (!(value.type === "emit")) return `/type has to be "emit"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!(typeof value.event === "string")) return `/event has to be text`;
	if (!Array.isArray(value.args)) return `/args has to be a list`;
	if (!(value.args.length <= 65535)) return `/args has to be a list of 65535 at most`;
}
function logFrameFault(value) {
	if (!(value.type === "log")) return `/type has to be "log"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!(value.level === "debug" || value.level === "info" || value.level === "warn" || value.level === "error")) return `/level has to be "debug" or "info" or "warn" or "error"`;
	if (!(typeof value.message === "string")) return `/message has to be text`;
	if (value.fields !== void 0) {
		if (!isObject$6(value.fields)) return `/fields has to be an object`;
	}
	if (!Number.isFinite(value.time)) return `/time has to be a number`;
}
function byeFrameFault(value) {
	if (!(value.type === "bye")) return `/type has to be "bye"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (!(typeof value.deactivate === "boolean")) return `/deactivate has to be true or false`;
	if (!(Number.isFinite(value.timeoutMs) && value.timeoutMs >= 0)) return `/timeoutMs has to be a number, not negative`;
}
function goneFrameFault(value) {
	if (!(value.type === "gone")) return `/type has to be "gone"`;
	if (!isWhole$1(value.session)) return `/session has to be a whole number, not negative`;
	if (value.thrown !== void 0) {
		const fault = encodedThrownFault(value.thrown);
		if (fault !== void 0) return `/thrown${fault}`;
	}
	if (!isObject$6(value.leftovers)) return `/leftovers has to be an object`;
	for (const key of Object.keys(value.leftovers)) if (!isWhole$1(value.leftovers[key])) return `/leftovers/${shown$3(key)} has to be a whole number, not negative`;
}
function isObject$6(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isWhole$1(value) {
	return Number.isInteger(value) && value >= 0;
}
function shown$3(key) {
	return JSON.stringify(key.slice(0, 64));
}
// schemas/dist/schema-finding.js
const summaries = new Set([
	"propertyNames",
	"if",
	"$ref",
	"$dynamicRef"
]);
const alternatives$1 = new Set(["anyOf", "oneOf"]);
const definition = /^#\/(?:\$defs|definitions)\//;
function schemaFindings(errors) {
	const found = [];
	for (const error of errors) {
		if (summaries.has(error.keyword)) continue;
		if (alternatives$1.has(error.keyword)) found.push(merged(branchesBefore(error, found), error));
		else found.push(error);
	}
	return found.map(asFinding);
}
function branchesBefore(choice, found) {
	let first = found.length;
	while (first > 0 && isBelow(found[first - 1], choice)) first--;
	return found.splice(first);
}
function merged(branches, choice) {
	const deeper = branches.filter((error) => error.instancePath !== choice.instancePath);
	return deeper[0] !== void 0 && agree(deeper) ? deeper[0] : worded(choice, branches);
}
function isBelow(error, choice) {
	if (!(error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`))) return false;
	return error.schemaPath.startsWith(`${choice.schemaPath}/`) || definition.test(error.schemaPath);
}
function agree(errors) {
	return errors.every((error) => error.instancePath === errors[0]?.instancePath && error.keyword === errors[0].keyword);
}
function worded(choice, branches) {
	if (branches.length === 0) return choice;
	if (branches.every((error) => error.keyword === "type" && error.instancePath === choice.instancePath)) {
		const types = branches.flatMap((error) => error.params.type);
		return {
			...choice,
			keyword: "type",
			params: { type: [...new Set(types)] }
		};
	}
	if (branches.every((error) => error.keyword === "const" || error.keyword === "enum")) {
		const allowedValues = branches.flatMap((error) => error.keyword === "const" ? [error.params.allowedValue] : error.params.allowedValues);
		return {
			...choice,
			keyword: "enum",
			params: { allowedValues }
		};
	}
	return choice;
}
function asFinding(error) {
	const parent = error.parentSchema ?? {};
	const params = { ...error.params };
	if (error.propertyName !== void 0) params.propertyName = error.propertyName;
	if (error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties") params.knownProperties = Object.keys(parent.properties ?? {});
	const own = error.keyword === "pattern" ? parent.patternErrorMessage : void 0;
	return {
		keyword: error.keyword,
		path: error.instancePath,
		params,
		message: typeof own === "string" ? own : error.message ?? "does not fit its schema"
	};
}
// schemas/dist/manifest-validator.js
const validate$1 = validate20;
const schema31 = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "urn:plugboard:plugin.schema.json",
	type: "object",
	required: [
		"manifestVersion",
		"id",
		"version"
	],
	additionalProperties: false,
	properties: {
		$schema: { type: "string" },
		manifestVersion: { const: 1 },
		id: {
			type: "string",
			pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
			patternErrorMessage: "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them",
			maxLength: 128
		},
		version: {
			type: "string",
			pattern: "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
			patternErrorMessage: "has to be a semantic version such as 1.2.0",
			maxLength: 256
		},
		displayName: { type: "string" },
		description: { type: "string" },
		publisher: { type: "string" },
		license: { type: "string" },
		icon: {
			type: "string",
			minLength: 1
		},
		keywords: {
			type: "array",
			items: { type: "string" }
		},
		repository: {
			type: ["string", "object"],
			required: ["url"],
			properties: {
				type: { type: "string" },
				url: { type: "string" },
				directory: { type: "string" }
			}
		},
		homepage: { type: "string" },
		engines: {
			type: "object",
			additionalProperties: false,
			properties: { plugboard: { type: "string" } }
		},
		main: {
			type: "string",
			minLength: 1,
			pattern: "\\.[cm]?[jt]s$",
			patternErrorMessage: "has to name a .js, .mjs, .cjs, .ts, .mts or .cts file"
		},
		runtime: {
			type: ["string", "object"],
			minLength: 1,
			required: ["kind"],
			properties: { kind: {
				type: "string",
				minLength: 1
			} }
		},
		activationEvents: {
			type: "array",
			items: {
				type: "string",
				pattern: "^(?:\\*|[^\\s*]+(?::\\*)?)$",
				patternErrorMessage: "has to be an event name without blanks; * may stand alone or after a last colon"
			}
		},
		contributes: {
			type: "object",
			properties: { points: {
				type: "array",
				items: {
					type: "object",
					required: ["id"],
					additionalProperties: false,
					properties: {
						id: {
							type: "string",
							pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
							patternErrorMessage: "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them"
						},
						schema: {
							type: "string",
							minLength: 1
						},
						methods: {
							type: "object",
							additionalProperties: {
								type: "integer",
								minimum: 0,
								maximum: 8
							}
						},
						activationEvent: {
							type: "string",
							pattern: "^[^\\s*:]+$",
							patternErrorMessage: "has to be an event name without blanks, colons or *"
						}
					}
				}
			} },
			additionalProperties: { type: ["array", "object"] }
		},
		extensionDependencies: {
			type: ["object", "array"],
			propertyNames: {
				pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
				patternErrorMessage: "has to be the id of an extension"
			},
			additionalProperties: { type: "string" },
			items: {
				type: "string",
				pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
				patternErrorMessage: "has to be the id of an extension"
			}
		},
		optionalExtensionDependencies: {
			type: ["object", "array"],
			propertyNames: {
				pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
				patternErrorMessage: "has to be the id of an extension"
			},
			additionalProperties: { type: "string" },
			items: {
				type: "string",
				pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
				patternErrorMessage: "has to be the id of an extension"
			}
		},
		update: { enum: ["beside", "replace"] },
		watch: {
			type: "array",
			items: {
				type: "string",
				minLength: 1
			}
		},
		services: {
			type: "array",
			items: {
				type: "string",
				minLength: 1
			}
		},
		capabilities: {
			type: "object",
			properties: {
				fs: {
					type: "object",
					properties: {
						read: {
							type: "array",
							items: { type: "string" }
						},
						write: {
							type: "array",
							items: { type: "string" }
						}
					}
				},
				net: {
					type: ["array", "boolean"],
					items: { type: "string" }
				},
				env: {
					type: ["array", "boolean"],
					items: { type: "string" }
				},
				childProcess: { type: "boolean" },
				workers: { type: "boolean" },
				addons: { type: "boolean" },
				wasi: { type: "boolean" }
			}
		},
		group: {
			type: "string",
			minLength: 1
		}
	}
};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[a-z0-9]+(?:[._-][a-z0-9]+)*$", "u");
const pattern5 = new RegExp("^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$", "u");
const pattern6 = new RegExp("\\.[cm]?[jt]s$", "u");
const pattern7 = new RegExp("^(?:\\*|[^\\s*]+(?::\\*)?)$", "u");
const pattern9 = new RegExp("^[^\\s*:]+$", "u");
function validate20(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
	let vErrors = null;
	let errors = 0;
	const evaluated0 = validate20.evaluated;
	if (evaluated0.dynamicProps) evaluated0.props = void 0;
	if (evaluated0.dynamicItems) evaluated0.items = void 0;
	if (data && typeof data == "object" && !Array.isArray(data)) {
		if (data.manifestVersion === void 0) {
			const err0 = {
				instancePath,
				schemaPath: "#/required",
				keyword: "required",
				params: { missingProperty: "manifestVersion" },
				message: "must have required property 'manifestVersion'",
				schema: schema31.required,
				parentSchema: schema31,
				data
			};
			if (vErrors === null) vErrors = [err0];
			else vErrors.push(err0);
			errors++;
		}
		if (data.id === void 0) {
			const err1 = {
				instancePath,
				schemaPath: "#/required",
				keyword: "required",
				params: { missingProperty: "id" },
				message: "must have required property 'id'",
				schema: schema31.required,
				parentSchema: schema31,
				data
			};
			if (vErrors === null) vErrors = [err1];
			else vErrors.push(err1);
			errors++;
		}
		if (data.version === void 0) {
			const err2 = {
				instancePath,
				schemaPath: "#/required",
				keyword: "required",
				params: { missingProperty: "version" },
				message: "must have required property 'version'",
				schema: schema31.required,
				parentSchema: schema31,
				data
			};
			if (vErrors === null) vErrors = [err2];
			else vErrors.push(err2);
			errors++;
		}
		for (const key0 in data) if (!func1.call(schema31.properties, key0)) {
			const err3 = {
				instancePath,
				schemaPath: "#/additionalProperties",
				keyword: "additionalProperties",
				params: { additionalProperty: key0 },
				message: "must NOT have additional properties",
				schema: false,
				parentSchema: schema31,
				data
			};
			if (vErrors === null) vErrors = [err3];
			else vErrors.push(err3);
			errors++;
		}
		if (data.$schema !== void 0) {
			let data0 = data.$schema;
			if (typeof data0 !== "string") {
				const err4 = {
					instancePath: instancePath + "/$schema",
					schemaPath: "#/properties/%24schema/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.$schema.type,
					parentSchema: schema31.properties.$schema,
					data: data0
				};
				if (vErrors === null) vErrors = [err4];
				else vErrors.push(err4);
				errors++;
			}
		}
		if (data.manifestVersion !== void 0) {
			let data1 = data.manifestVersion;
			if (1 !== data1) {
				const err5 = {
					instancePath: instancePath + "/manifestVersion",
					schemaPath: "#/properties/manifestVersion/const",
					keyword: "const",
					params: { allowedValue: 1 },
					message: "must be equal to constant",
					schema: 1,
					parentSchema: schema31.properties.manifestVersion,
					data: data1
				};
				if (vErrors === null) vErrors = [err5];
				else vErrors.push(err5);
				errors++;
			}
		}
		if (data.id !== void 0) {
			let data2 = data.id;
			if (typeof data2 === "string") {
				if (data2.length > 128) {
					const err6 = {
						instancePath: instancePath + "/id",
						schemaPath: "#/properties/id/maxLength",
						keyword: "maxLength",
						params: { limit: 128 },
						message: "must NOT have more than 128 characters",
						schema: 128,
						parentSchema: schema31.properties.id,
						data: data2
					};
					if (vErrors === null) vErrors = [err6];
					else vErrors.push(err6);
					errors++;
				}
				if (!pattern4.test(data2)) {
					const err7 = {
						instancePath: instancePath + "/id",
						schemaPath: "#/properties/id/pattern",
						keyword: "pattern",
						params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
						message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
						schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
						parentSchema: schema31.properties.id,
						data: data2
					};
					if (vErrors === null) vErrors = [err7];
					else vErrors.push(err7);
					errors++;
				}
			} else {
				const err8 = {
					instancePath: instancePath + "/id",
					schemaPath: "#/properties/id/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.id.type,
					parentSchema: schema31.properties.id,
					data: data2
				};
				if (vErrors === null) vErrors = [err8];
				else vErrors.push(err8);
				errors++;
			}
		}
		if (data.version !== void 0) {
			let data3 = data.version;
			if (typeof data3 === "string") {
				if (data3.length > 256) {
					const err9 = {
						instancePath: instancePath + "/version",
						schemaPath: "#/properties/version/maxLength",
						keyword: "maxLength",
						params: { limit: 256 },
						message: "must NOT have more than 256 characters",
						schema: 256,
						parentSchema: schema31.properties.version,
						data: data3
					};
					if (vErrors === null) vErrors = [err9];
					else vErrors.push(err9);
					errors++;
				}
				if (!pattern5.test(data3)) {
					const err10 = {
						instancePath: instancePath + "/version",
						schemaPath: "#/properties/version/pattern",
						keyword: "pattern",
						params: { pattern: "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$" },
						message: "must match pattern \"^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$\"",
						schema: "^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
						parentSchema: schema31.properties.version,
						data: data3
					};
					if (vErrors === null) vErrors = [err10];
					else vErrors.push(err10);
					errors++;
				}
			} else {
				const err11 = {
					instancePath: instancePath + "/version",
					schemaPath: "#/properties/version/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.version.type,
					parentSchema: schema31.properties.version,
					data: data3
				};
				if (vErrors === null) vErrors = [err11];
				else vErrors.push(err11);
				errors++;
			}
		}
		if (data.displayName !== void 0) {
			let data4 = data.displayName;
			if (typeof data4 !== "string") {
				const err12 = {
					instancePath: instancePath + "/displayName",
					schemaPath: "#/properties/displayName/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.displayName.type,
					parentSchema: schema31.properties.displayName,
					data: data4
				};
				if (vErrors === null) vErrors = [err12];
				else vErrors.push(err12);
				errors++;
			}
		}
		if (data.description !== void 0) {
			let data5 = data.description;
			if (typeof data5 !== "string") {
				const err13 = {
					instancePath: instancePath + "/description",
					schemaPath: "#/properties/description/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.description.type,
					parentSchema: schema31.properties.description,
					data: data5
				};
				if (vErrors === null) vErrors = [err13];
				else vErrors.push(err13);
				errors++;
			}
		}
		if (data.publisher !== void 0) {
			let data6 = data.publisher;
			if (typeof data6 !== "string") {
				const err14 = {
					instancePath: instancePath + "/publisher",
					schemaPath: "#/properties/publisher/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.publisher.type,
					parentSchema: schema31.properties.publisher,
					data: data6
				};
				if (vErrors === null) vErrors = [err14];
				else vErrors.push(err14);
				errors++;
			}
		}
		if (data.license !== void 0) {
			let data7 = data.license;
			if (typeof data7 !== "string") {
				const err15 = {
					instancePath: instancePath + "/license",
					schemaPath: "#/properties/license/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.license.type,
					parentSchema: schema31.properties.license,
					data: data7
				};
				if (vErrors === null) vErrors = [err15];
				else vErrors.push(err15);
				errors++;
			}
		}
		if (data.icon !== void 0) {
			let data8 = data.icon;
			if (typeof data8 === "string") {
				if (data8.length < 1) {
					const err16 = {
						instancePath: instancePath + "/icon",
						schemaPath: "#/properties/icon/minLength",
						keyword: "minLength",
						params: { limit: 1 },
						message: "must NOT have fewer than 1 characters",
						schema: 1,
						parentSchema: schema31.properties.icon,
						data: data8
					};
					if (vErrors === null) vErrors = [err16];
					else vErrors.push(err16);
					errors++;
				}
			} else {
				const err17 = {
					instancePath: instancePath + "/icon",
					schemaPath: "#/properties/icon/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.icon.type,
					parentSchema: schema31.properties.icon,
					data: data8
				};
				if (vErrors === null) vErrors = [err17];
				else vErrors.push(err17);
				errors++;
			}
		}
		if (data.keywords !== void 0) {
			let data9 = data.keywords;
			if (Array.isArray(data9)) {
				const len0 = data9.length;
				for (let i0 = 0; i0 < len0; i0++) {
					let data10 = data9[i0];
					if (typeof data10 !== "string") {
						const err18 = {
							instancePath: instancePath + "/keywords/" + i0,
							schemaPath: "#/properties/keywords/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.keywords.items.type,
							parentSchema: schema31.properties.keywords.items,
							data: data10
						};
						if (vErrors === null) vErrors = [err18];
						else vErrors.push(err18);
						errors++;
					}
				}
			} else {
				const err19 = {
					instancePath: instancePath + "/keywords",
					schemaPath: "#/properties/keywords/type",
					keyword: "type",
					params: { type: "array" },
					message: "must be array",
					schema: schema31.properties.keywords.type,
					parentSchema: schema31.properties.keywords,
					data: data9
				};
				if (vErrors === null) vErrors = [err19];
				else vErrors.push(err19);
				errors++;
			}
		}
		if (data.repository !== void 0) {
			let data11 = data.repository;
			if (typeof data11 !== "string" && !(data11 && typeof data11 == "object" && !Array.isArray(data11))) {
				const err20 = {
					instancePath: instancePath + "/repository",
					schemaPath: "#/properties/repository/type",
					keyword: "type",
					params: { type: schema31.properties.repository.type },
					message: "must be string,object",
					schema: schema31.properties.repository.type,
					parentSchema: schema31.properties.repository,
					data: data11
				};
				if (vErrors === null) vErrors = [err20];
				else vErrors.push(err20);
				errors++;
			}
			if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
				if (data11.url === void 0) {
					const err21 = {
						instancePath: instancePath + "/repository",
						schemaPath: "#/properties/repository/required",
						keyword: "required",
						params: { missingProperty: "url" },
						message: "must have required property 'url'",
						schema: schema31.properties.repository.required,
						parentSchema: schema31.properties.repository,
						data: data11
					};
					if (vErrors === null) vErrors = [err21];
					else vErrors.push(err21);
					errors++;
				}
				if (data11.type !== void 0) {
					let data12 = data11.type;
					if (typeof data12 !== "string") {
						const err22 = {
							instancePath: instancePath + "/repository/type",
							schemaPath: "#/properties/repository/properties/type/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.repository.properties.type.type,
							parentSchema: schema31.properties.repository.properties.type,
							data: data12
						};
						if (vErrors === null) vErrors = [err22];
						else vErrors.push(err22);
						errors++;
					}
				}
				if (data11.url !== void 0) {
					let data13 = data11.url;
					if (typeof data13 !== "string") {
						const err23 = {
							instancePath: instancePath + "/repository/url",
							schemaPath: "#/properties/repository/properties/url/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.repository.properties.url.type,
							parentSchema: schema31.properties.repository.properties.url,
							data: data13
						};
						if (vErrors === null) vErrors = [err23];
						else vErrors.push(err23);
						errors++;
					}
				}
				if (data11.directory !== void 0) {
					let data14 = data11.directory;
					if (typeof data14 !== "string") {
						const err24 = {
							instancePath: instancePath + "/repository/directory",
							schemaPath: "#/properties/repository/properties/directory/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.repository.properties.directory.type,
							parentSchema: schema31.properties.repository.properties.directory,
							data: data14
						};
						if (vErrors === null) vErrors = [err24];
						else vErrors.push(err24);
						errors++;
					}
				}
			}
		}
		if (data.homepage !== void 0) {
			let data15 = data.homepage;
			if (typeof data15 !== "string") {
				const err25 = {
					instancePath: instancePath + "/homepage",
					schemaPath: "#/properties/homepage/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.homepage.type,
					parentSchema: schema31.properties.homepage,
					data: data15
				};
				if (vErrors === null) vErrors = [err25];
				else vErrors.push(err25);
				errors++;
			}
		}
		if (data.engines !== void 0) {
			let data16 = data.engines;
			if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
				for (const key1 in data16) if (!(key1 === "plugboard")) {
					const err26 = {
						instancePath: instancePath + "/engines",
						schemaPath: "#/properties/engines/additionalProperties",
						keyword: "additionalProperties",
						params: { additionalProperty: key1 },
						message: "must NOT have additional properties",
						schema: false,
						parentSchema: schema31.properties.engines,
						data: data16
					};
					if (vErrors === null) vErrors = [err26];
					else vErrors.push(err26);
					errors++;
				}
				if (data16.plugboard !== void 0) {
					let data17 = data16.plugboard;
					if (typeof data17 !== "string") {
						const err27 = {
							instancePath: instancePath + "/engines/plugboard",
							schemaPath: "#/properties/engines/properties/plugboard/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.engines.properties.plugboard.type,
							parentSchema: schema31.properties.engines.properties.plugboard,
							data: data17
						};
						if (vErrors === null) vErrors = [err27];
						else vErrors.push(err27);
						errors++;
					}
				}
			} else {
				const err28 = {
					instancePath: instancePath + "/engines",
					schemaPath: "#/properties/engines/type",
					keyword: "type",
					params: { type: "object" },
					message: "must be object",
					schema: schema31.properties.engines.type,
					parentSchema: schema31.properties.engines,
					data: data16
				};
				if (vErrors === null) vErrors = [err28];
				else vErrors.push(err28);
				errors++;
			}
		}
		if (data.main !== void 0) {
			let data18 = data.main;
			if (typeof data18 === "string") {
				if (data18.length < 1) {
					const err29 = {
						instancePath: instancePath + "/main",
						schemaPath: "#/properties/main/minLength",
						keyword: "minLength",
						params: { limit: 1 },
						message: "must NOT have fewer than 1 characters",
						schema: 1,
						parentSchema: schema31.properties.main,
						data: data18
					};
					if (vErrors === null) vErrors = [err29];
					else vErrors.push(err29);
					errors++;
				}
				if (!pattern6.test(data18)) {
					const err30 = {
						instancePath: instancePath + "/main",
						schemaPath: "#/properties/main/pattern",
						keyword: "pattern",
						params: { pattern: "\\.[cm]?[jt]s$" },
						message: "must match pattern \"\\.[cm]?[jt]s$\"",
						schema: "\\.[cm]?[jt]s$",
						parentSchema: schema31.properties.main,
						data: data18
					};
					if (vErrors === null) vErrors = [err30];
					else vErrors.push(err30);
					errors++;
				}
			} else {
				const err31 = {
					instancePath: instancePath + "/main",
					schemaPath: "#/properties/main/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.main.type,
					parentSchema: schema31.properties.main,
					data: data18
				};
				if (vErrors === null) vErrors = [err31];
				else vErrors.push(err31);
				errors++;
			}
		}
		if (data.runtime !== void 0) {
			let data19 = data.runtime;
			if (typeof data19 !== "string" && !(data19 && typeof data19 == "object" && !Array.isArray(data19))) {
				const err32 = {
					instancePath: instancePath + "/runtime",
					schemaPath: "#/properties/runtime/type",
					keyword: "type",
					params: { type: schema31.properties.runtime.type },
					message: "must be string,object",
					schema: schema31.properties.runtime.type,
					parentSchema: schema31.properties.runtime,
					data: data19
				};
				if (vErrors === null) vErrors = [err32];
				else vErrors.push(err32);
				errors++;
			}
			if (typeof data19 === "string") {
				if (data19.length < 1) {
					const err33 = {
						instancePath: instancePath + "/runtime",
						schemaPath: "#/properties/runtime/minLength",
						keyword: "minLength",
						params: { limit: 1 },
						message: "must NOT have fewer than 1 characters",
						schema: 1,
						parentSchema: schema31.properties.runtime,
						data: data19
					};
					if (vErrors === null) vErrors = [err33];
					else vErrors.push(err33);
					errors++;
				}
			}
			if (data19 && typeof data19 == "object" && !Array.isArray(data19)) {
				if (data19.kind === void 0) {
					const err34 = {
						instancePath: instancePath + "/runtime",
						schemaPath: "#/properties/runtime/required",
						keyword: "required",
						params: { missingProperty: "kind" },
						message: "must have required property 'kind'",
						schema: schema31.properties.runtime.required,
						parentSchema: schema31.properties.runtime,
						data: data19
					};
					if (vErrors === null) vErrors = [err34];
					else vErrors.push(err34);
					errors++;
				}
				if (data19.kind !== void 0) {
					let data20 = data19.kind;
					if (typeof data20 === "string") {
						if (data20.length < 1) {
							const err35 = {
								instancePath: instancePath + "/runtime/kind",
								schemaPath: "#/properties/runtime/properties/kind/minLength",
								keyword: "minLength",
								params: { limit: 1 },
								message: "must NOT have fewer than 1 characters",
								schema: 1,
								parentSchema: schema31.properties.runtime.properties.kind,
								data: data20
							};
							if (vErrors === null) vErrors = [err35];
							else vErrors.push(err35);
							errors++;
						}
					} else {
						const err36 = {
							instancePath: instancePath + "/runtime/kind",
							schemaPath: "#/properties/runtime/properties/kind/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.runtime.properties.kind.type,
							parentSchema: schema31.properties.runtime.properties.kind,
							data: data20
						};
						if (vErrors === null) vErrors = [err36];
						else vErrors.push(err36);
						errors++;
					}
				}
			}
		}
		if (data.activationEvents !== void 0) {
			let data21 = data.activationEvents;
			if (Array.isArray(data21)) {
				const len1 = data21.length;
				for (let i1 = 0; i1 < len1; i1++) {
					let data22 = data21[i1];
					if (typeof data22 === "string") {
						if (!pattern7.test(data22)) {
							const err37 = {
								instancePath: instancePath + "/activationEvents/" + i1,
								schemaPath: "#/properties/activationEvents/items/pattern",
								keyword: "pattern",
								params: { pattern: "^(?:\\*|[^\\s*]+(?::\\*)?)$" },
								message: "must match pattern \"^(?:\\*|[^\\s*]+(?::\\*)?)$\"",
								schema: "^(?:\\*|[^\\s*]+(?::\\*)?)$",
								parentSchema: schema31.properties.activationEvents.items,
								data: data22
							};
							if (vErrors === null) vErrors = [err37];
							else vErrors.push(err37);
							errors++;
						}
					} else {
						const err38 = {
							instancePath: instancePath + "/activationEvents/" + i1,
							schemaPath: "#/properties/activationEvents/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.activationEvents.items.type,
							parentSchema: schema31.properties.activationEvents.items,
							data: data22
						};
						if (vErrors === null) vErrors = [err38];
						else vErrors.push(err38);
						errors++;
					}
				}
			} else {
				const err39 = {
					instancePath: instancePath + "/activationEvents",
					schemaPath: "#/properties/activationEvents/type",
					keyword: "type",
					params: { type: "array" },
					message: "must be array",
					schema: schema31.properties.activationEvents.type,
					parentSchema: schema31.properties.activationEvents,
					data: data21
				};
				if (vErrors === null) vErrors = [err39];
				else vErrors.push(err39);
				errors++;
			}
		}
		if (data.contributes !== void 0) {
			let data23 = data.contributes;
			if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
				for (const key2 in data23) if (!(key2 === "points")) {
					let data24 = data23[key2];
					if (!data24 || typeof data24 != "object") {
						const err40 = {
							instancePath: instancePath + "/contributes/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),
							schemaPath: "#/properties/contributes/additionalProperties/type",
							keyword: "type",
							params: { type: schema31.properties.contributes.additionalProperties.type },
							message: "must be array,object",
							schema: schema31.properties.contributes.additionalProperties.type,
							parentSchema: schema31.properties.contributes.additionalProperties,
							data: data24
						};
						if (vErrors === null) vErrors = [err40];
						else vErrors.push(err40);
						errors++;
					}
				}
				if (data23.points !== void 0) {
					let data25 = data23.points;
					if (Array.isArray(data25)) {
						const len2 = data25.length;
						for (let i2 = 0; i2 < len2; i2++) {
							let data26 = data25[i2];
							if (data26 && typeof data26 == "object" && !Array.isArray(data26)) {
								if (data26.id === void 0) {
									const err41 = {
										instancePath: instancePath + "/contributes/points/" + i2,
										schemaPath: "#/properties/contributes/properties/points/items/required",
										keyword: "required",
										params: { missingProperty: "id" },
										message: "must have required property 'id'",
										schema: schema31.properties.contributes.properties.points.items.required,
										parentSchema: schema31.properties.contributes.properties.points.items,
										data: data26
									};
									if (vErrors === null) vErrors = [err41];
									else vErrors.push(err41);
									errors++;
								}
								for (const key3 in data26) if (!(key3 === "id" || key3 === "schema" || key3 === "methods" || key3 === "activationEvent")) {
									const err42 = {
										instancePath: instancePath + "/contributes/points/" + i2,
										schemaPath: "#/properties/contributes/properties/points/items/additionalProperties",
										keyword: "additionalProperties",
										params: { additionalProperty: key3 },
										message: "must NOT have additional properties",
										schema: false,
										parentSchema: schema31.properties.contributes.properties.points.items,
										data: data26
									};
									if (vErrors === null) vErrors = [err42];
									else vErrors.push(err42);
									errors++;
								}
								if (data26.id !== void 0) {
									let data27 = data26.id;
									if (typeof data27 === "string") {
										if (!pattern4.test(data27)) {
											const err43 = {
												instancePath: instancePath + "/contributes/points/" + i2 + "/id",
												schemaPath: "#/properties/contributes/properties/points/items/properties/id/pattern",
												keyword: "pattern",
												params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
												message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
												schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
												parentSchema: schema31.properties.contributes.properties.points.items.properties.id,
												data: data27
											};
											if (vErrors === null) vErrors = [err43];
											else vErrors.push(err43);
											errors++;
										}
									} else {
										const err44 = {
											instancePath: instancePath + "/contributes/points/" + i2 + "/id",
											schemaPath: "#/properties/contributes/properties/points/items/properties/id/type",
											keyword: "type",
											params: { type: "string" },
											message: "must be string",
											schema: schema31.properties.contributes.properties.points.items.properties.id.type,
											parentSchema: schema31.properties.contributes.properties.points.items.properties.id,
											data: data27
										};
										if (vErrors === null) vErrors = [err44];
										else vErrors.push(err44);
										errors++;
									}
								}
								if (data26.schema !== void 0) {
									let data28 = data26.schema;
									if (typeof data28 === "string") {
										if (data28.length < 1) {
											const err45 = {
												instancePath: instancePath + "/contributes/points/" + i2 + "/schema",
												schemaPath: "#/properties/contributes/properties/points/items/properties/schema/minLength",
												keyword: "minLength",
												params: { limit: 1 },
												message: "must NOT have fewer than 1 characters",
												schema: 1,
												parentSchema: schema31.properties.contributes.properties.points.items.properties.schema,
												data: data28
											};
											if (vErrors === null) vErrors = [err45];
											else vErrors.push(err45);
											errors++;
										}
									} else {
										const err46 = {
											instancePath: instancePath + "/contributes/points/" + i2 + "/schema",
											schemaPath: "#/properties/contributes/properties/points/items/properties/schema/type",
											keyword: "type",
											params: { type: "string" },
											message: "must be string",
											schema: schema31.properties.contributes.properties.points.items.properties.schema.type,
											parentSchema: schema31.properties.contributes.properties.points.items.properties.schema,
											data: data28
										};
										if (vErrors === null) vErrors = [err46];
										else vErrors.push(err46);
										errors++;
									}
								}
								if (data26.methods !== void 0) {
									let data29 = data26.methods;
									if (data29 && typeof data29 == "object" && !Array.isArray(data29)) for (const key4 in data29) {
										let data30 = data29[key4];
										if (!(typeof data30 == "number" && !(data30 % 1) && !isNaN(data30) && isFinite(data30))) {
											const err47 = {
												instancePath: instancePath + "/contributes/points/" + i2 + "/methods/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),
												schemaPath: "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/type",
												keyword: "type",
												params: { type: "integer" },
												message: "must be integer",
												schema: schema31.properties.contributes.properties.points.items.properties.methods.additionalProperties.type,
												parentSchema: schema31.properties.contributes.properties.points.items.properties.methods.additionalProperties,
												data: data30
											};
											if (vErrors === null) vErrors = [err47];
											else vErrors.push(err47);
											errors++;
										}
										if (typeof data30 == "number" && isFinite(data30)) {
											if (data30 > 8 || isNaN(data30)) {
												const err48 = {
													instancePath: instancePath + "/contributes/points/" + i2 + "/methods/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),
													schemaPath: "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/maximum",
													keyword: "maximum",
													params: {
														comparison: "<=",
														limit: 8
													},
													message: "must be <= 8",
													schema: 8,
													parentSchema: schema31.properties.contributes.properties.points.items.properties.methods.additionalProperties,
													data: data30
												};
												if (vErrors === null) vErrors = [err48];
												else vErrors.push(err48);
												errors++;
											}
											if (data30 < 0 || isNaN(data30)) {
												const err49 = {
													instancePath: instancePath + "/contributes/points/" + i2 + "/methods/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),
													schemaPath: "#/properties/contributes/properties/points/items/properties/methods/additionalProperties/minimum",
													keyword: "minimum",
													params: {
														comparison: ">=",
														limit: 0
													},
													message: "must be >= 0",
													schema: 0,
													parentSchema: schema31.properties.contributes.properties.points.items.properties.methods.additionalProperties,
													data: data30
												};
												if (vErrors === null) vErrors = [err49];
												else vErrors.push(err49);
												errors++;
											}
										}
									}
									else {
										const err50 = {
											instancePath: instancePath + "/contributes/points/" + i2 + "/methods",
											schemaPath: "#/properties/contributes/properties/points/items/properties/methods/type",
											keyword: "type",
											params: { type: "object" },
											message: "must be object",
											schema: schema31.properties.contributes.properties.points.items.properties.methods.type,
											parentSchema: schema31.properties.contributes.properties.points.items.properties.methods,
											data: data29
										};
										if (vErrors === null) vErrors = [err50];
										else vErrors.push(err50);
										errors++;
									}
								}
								if (data26.activationEvent !== void 0) {
									let data31 = data26.activationEvent;
									if (typeof data31 === "string") {
										if (!pattern9.test(data31)) {
											const err51 = {
												instancePath: instancePath + "/contributes/points/" + i2 + "/activationEvent",
												schemaPath: "#/properties/contributes/properties/points/items/properties/activationEvent/pattern",
												keyword: "pattern",
												params: { pattern: "^[^\\s*:]+$" },
												message: "must match pattern \"^[^\\s*:]+$\"",
												schema: "^[^\\s*:]+$",
												parentSchema: schema31.properties.contributes.properties.points.items.properties.activationEvent,
												data: data31
											};
											if (vErrors === null) vErrors = [err51];
											else vErrors.push(err51);
											errors++;
										}
									} else {
										const err52 = {
											instancePath: instancePath + "/contributes/points/" + i2 + "/activationEvent",
											schemaPath: "#/properties/contributes/properties/points/items/properties/activationEvent/type",
											keyword: "type",
											params: { type: "string" },
											message: "must be string",
											schema: schema31.properties.contributes.properties.points.items.properties.activationEvent.type,
											parentSchema: schema31.properties.contributes.properties.points.items.properties.activationEvent,
											data: data31
										};
										if (vErrors === null) vErrors = [err52];
										else vErrors.push(err52);
										errors++;
									}
								}
							} else {
								const err53 = {
									instancePath: instancePath + "/contributes/points/" + i2,
									schemaPath: "#/properties/contributes/properties/points/items/type",
									keyword: "type",
									params: { type: "object" },
									message: "must be object",
									schema: schema31.properties.contributes.properties.points.items.type,
									parentSchema: schema31.properties.contributes.properties.points.items,
									data: data26
								};
								if (vErrors === null) vErrors = [err53];
								else vErrors.push(err53);
								errors++;
							}
						}
					} else {
						const err54 = {
							instancePath: instancePath + "/contributes/points",
							schemaPath: "#/properties/contributes/properties/points/type",
							keyword: "type",
							params: { type: "array" },
							message: "must be array",
							schema: schema31.properties.contributes.properties.points.type,
							parentSchema: schema31.properties.contributes.properties.points,
							data: data25
						};
						if (vErrors === null) vErrors = [err54];
						else vErrors.push(err54);
						errors++;
					}
				}
			} else {
				const err55 = {
					instancePath: instancePath + "/contributes",
					schemaPath: "#/properties/contributes/type",
					keyword: "type",
					params: { type: "object" },
					message: "must be object",
					schema: schema31.properties.contributes.type,
					parentSchema: schema31.properties.contributes,
					data: data23
				};
				if (vErrors === null) vErrors = [err55];
				else vErrors.push(err55);
				errors++;
			}
		}
		if (data.extensionDependencies !== void 0) {
			let data32 = data.extensionDependencies;
			if (!data32 || typeof data32 != "object") {
				const err56 = {
					instancePath: instancePath + "/extensionDependencies",
					schemaPath: "#/properties/extensionDependencies/type",
					keyword: "type",
					params: { type: schema31.properties.extensionDependencies.type },
					message: "must be object,array",
					schema: schema31.properties.extensionDependencies.type,
					parentSchema: schema31.properties.extensionDependencies,
					data: data32
				};
				if (vErrors === null) vErrors = [err56];
				else vErrors.push(err56);
				errors++;
			}
			if (Array.isArray(data32)) {
				const len3 = data32.length;
				for (let i3 = 0; i3 < len3; i3++) {
					let data33 = data32[i3];
					if (typeof data33 === "string") {
						if (!pattern4.test(data33)) {
							const err57 = {
								instancePath: instancePath + "/extensionDependencies/" + i3,
								schemaPath: "#/properties/extensionDependencies/items/pattern",
								keyword: "pattern",
								params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
								message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
								schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
								parentSchema: schema31.properties.extensionDependencies.items,
								data: data33
							};
							if (vErrors === null) vErrors = [err57];
							else vErrors.push(err57);
							errors++;
						}
					} else {
						const err58 = {
							instancePath: instancePath + "/extensionDependencies/" + i3,
							schemaPath: "#/properties/extensionDependencies/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.extensionDependencies.items.type,
							parentSchema: schema31.properties.extensionDependencies.items,
							data: data33
						};
						if (vErrors === null) vErrors = [err58];
						else vErrors.push(err58);
						errors++;
					}
				}
			}
			if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
				for (const key5 in data32) {
					const _errs73 = errors;
					if (typeof key5 === "string") {
						if (!pattern4.test(key5)) {
							const err59 = {
								instancePath: instancePath + "/extensionDependencies",
								schemaPath: "#/properties/extensionDependencies/propertyNames/pattern",
								keyword: "pattern",
								params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
								message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
								schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
								parentSchema: schema31.properties.extensionDependencies.propertyNames,
								data: key5,
								propertyName: key5
							};
							if (vErrors === null) vErrors = [err59];
							else vErrors.push(err59);
							errors++;
						}
					}
					if (!(_errs73 === errors)) {
						const err60 = {
							instancePath: instancePath + "/extensionDependencies",
							schemaPath: "#/properties/extensionDependencies/propertyNames",
							keyword: "propertyNames",
							params: { propertyName: key5 },
							message: "property name must be valid",
							schema: schema31.properties.extensionDependencies.propertyNames,
							parentSchema: schema31.properties.extensionDependencies,
							data: data32
						};
						if (vErrors === null) vErrors = [err60];
						else vErrors.push(err60);
						errors++;
					}
				}
				for (const key6 in data32) {
					let data34 = data32[key6];
					if (typeof data34 !== "string") {
						const err61 = {
							instancePath: instancePath + "/extensionDependencies/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),
							schemaPath: "#/properties/extensionDependencies/additionalProperties/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.extensionDependencies.additionalProperties.type,
							parentSchema: schema31.properties.extensionDependencies.additionalProperties,
							data: data34
						};
						if (vErrors === null) vErrors = [err61];
						else vErrors.push(err61);
						errors++;
					}
				}
			}
		}
		if (data.optionalExtensionDependencies !== void 0) {
			let data35 = data.optionalExtensionDependencies;
			if (!data35 || typeof data35 != "object") {
				const err62 = {
					instancePath: instancePath + "/optionalExtensionDependencies",
					schemaPath: "#/properties/optionalExtensionDependencies/type",
					keyword: "type",
					params: { type: schema31.properties.optionalExtensionDependencies.type },
					message: "must be object,array",
					schema: schema31.properties.optionalExtensionDependencies.type,
					parentSchema: schema31.properties.optionalExtensionDependencies,
					data: data35
				};
				if (vErrors === null) vErrors = [err62];
				else vErrors.push(err62);
				errors++;
			}
			if (Array.isArray(data35)) {
				const len4 = data35.length;
				for (let i4 = 0; i4 < len4; i4++) {
					let data36 = data35[i4];
					if (typeof data36 === "string") {
						if (!pattern4.test(data36)) {
							const err63 = {
								instancePath: instancePath + "/optionalExtensionDependencies/" + i4,
								schemaPath: "#/properties/optionalExtensionDependencies/items/pattern",
								keyword: "pattern",
								params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
								message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
								schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
								parentSchema: schema31.properties.optionalExtensionDependencies.items,
								data: data36
							};
							if (vErrors === null) vErrors = [err63];
							else vErrors.push(err63);
							errors++;
						}
					} else {
						const err64 = {
							instancePath: instancePath + "/optionalExtensionDependencies/" + i4,
							schemaPath: "#/properties/optionalExtensionDependencies/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.optionalExtensionDependencies.items.type,
							parentSchema: schema31.properties.optionalExtensionDependencies.items,
							data: data36
						};
						if (vErrors === null) vErrors = [err64];
						else vErrors.push(err64);
						errors++;
					}
				}
			}
			if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
				for (const key7 in data35) {
					const _errs81 = errors;
					if (typeof key7 === "string") {
						if (!pattern4.test(key7)) {
							const err65 = {
								instancePath: instancePath + "/optionalExtensionDependencies",
								schemaPath: "#/properties/optionalExtensionDependencies/propertyNames/pattern",
								keyword: "pattern",
								params: { pattern: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$" },
								message: "must match pattern \"^[a-z0-9]+(?:[._-][a-z0-9]+)*$\"",
								schema: "^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
								parentSchema: schema31.properties.optionalExtensionDependencies.propertyNames,
								data: key7,
								propertyName: key7
							};
							if (vErrors === null) vErrors = [err65];
							else vErrors.push(err65);
							errors++;
						}
					}
					if (!(_errs81 === errors)) {
						const err66 = {
							instancePath: instancePath + "/optionalExtensionDependencies",
							schemaPath: "#/properties/optionalExtensionDependencies/propertyNames",
							keyword: "propertyNames",
							params: { propertyName: key7 },
							message: "property name must be valid",
							schema: schema31.properties.optionalExtensionDependencies.propertyNames,
							parentSchema: schema31.properties.optionalExtensionDependencies,
							data: data35
						};
						if (vErrors === null) vErrors = [err66];
						else vErrors.push(err66);
						errors++;
					}
				}
				for (const key8 in data35) {
					let data37 = data35[key8];
					if (typeof data37 !== "string") {
						const err67 = {
							instancePath: instancePath + "/optionalExtensionDependencies/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"),
							schemaPath: "#/properties/optionalExtensionDependencies/additionalProperties/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.optionalExtensionDependencies.additionalProperties.type,
							parentSchema: schema31.properties.optionalExtensionDependencies.additionalProperties,
							data: data37
						};
						if (vErrors === null) vErrors = [err67];
						else vErrors.push(err67);
						errors++;
					}
				}
			}
		}
		if (data.update !== void 0) {
			let data38 = data.update;
			if (!(data38 === "beside" || data38 === "replace")) {
				const err68 = {
					instancePath: instancePath + "/update",
					schemaPath: "#/properties/update/enum",
					keyword: "enum",
					params: { allowedValues: schema31.properties.update.enum },
					message: "must be equal to one of the allowed values",
					schema: schema31.properties.update.enum,
					parentSchema: schema31.properties.update,
					data: data38
				};
				if (vErrors === null) vErrors = [err68];
				else vErrors.push(err68);
				errors++;
			}
		}
		if (data.watch !== void 0) {
			let data39 = data.watch;
			if (Array.isArray(data39)) {
				const len5 = data39.length;
				for (let i5 = 0; i5 < len5; i5++) {
					let data40 = data39[i5];
					if (typeof data40 === "string") {
						if (data40.length < 1) {
							const err69 = {
								instancePath: instancePath + "/watch/" + i5,
								schemaPath: "#/properties/watch/items/minLength",
								keyword: "minLength",
								params: { limit: 1 },
								message: "must NOT have fewer than 1 characters",
								schema: 1,
								parentSchema: schema31.properties.watch.items,
								data: data40
							};
							if (vErrors === null) vErrors = [err69];
							else vErrors.push(err69);
							errors++;
						}
					} else {
						const err70 = {
							instancePath: instancePath + "/watch/" + i5,
							schemaPath: "#/properties/watch/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.watch.items.type,
							parentSchema: schema31.properties.watch.items,
							data: data40
						};
						if (vErrors === null) vErrors = [err70];
						else vErrors.push(err70);
						errors++;
					}
				}
			} else {
				const err71 = {
					instancePath: instancePath + "/watch",
					schemaPath: "#/properties/watch/type",
					keyword: "type",
					params: { type: "array" },
					message: "must be array",
					schema: schema31.properties.watch.type,
					parentSchema: schema31.properties.watch,
					data: data39
				};
				if (vErrors === null) vErrors = [err71];
				else vErrors.push(err71);
				errors++;
			}
		}
		if (data.services !== void 0) {
			let data41 = data.services;
			if (Array.isArray(data41)) {
				const len6 = data41.length;
				for (let i6 = 0; i6 < len6; i6++) {
					let data42 = data41[i6];
					if (typeof data42 === "string") {
						if (data42.length < 1) {
							const err72 = {
								instancePath: instancePath + "/services/" + i6,
								schemaPath: "#/properties/services/items/minLength",
								keyword: "minLength",
								params: { limit: 1 },
								message: "must NOT have fewer than 1 characters",
								schema: 1,
								parentSchema: schema31.properties.services.items,
								data: data42
							};
							if (vErrors === null) vErrors = [err72];
							else vErrors.push(err72);
							errors++;
						}
					} else {
						const err73 = {
							instancePath: instancePath + "/services/" + i6,
							schemaPath: "#/properties/services/items/type",
							keyword: "type",
							params: { type: "string" },
							message: "must be string",
							schema: schema31.properties.services.items.type,
							parentSchema: schema31.properties.services.items,
							data: data42
						};
						if (vErrors === null) vErrors = [err73];
						else vErrors.push(err73);
						errors++;
					}
				}
			} else {
				const err74 = {
					instancePath: instancePath + "/services",
					schemaPath: "#/properties/services/type",
					keyword: "type",
					params: { type: "array" },
					message: "must be array",
					schema: schema31.properties.services.type,
					parentSchema: schema31.properties.services,
					data: data41
				};
				if (vErrors === null) vErrors = [err74];
				else vErrors.push(err74);
				errors++;
			}
		}
		if (data.capabilities !== void 0) {
			let data43 = data.capabilities;
			if (data43 && typeof data43 == "object" && !Array.isArray(data43)) {
				if (data43.fs !== void 0) {
					let data44 = data43.fs;
					if (data44 && typeof data44 == "object" && !Array.isArray(data44)) {
						if (data44.read !== void 0) {
							let data45 = data44.read;
							if (Array.isArray(data45)) {
								const len7 = data45.length;
								for (let i7 = 0; i7 < len7; i7++) {
									let data46 = data45[i7];
									if (typeof data46 !== "string") {
										const err75 = {
											instancePath: instancePath + "/capabilities/fs/read/" + i7,
											schemaPath: "#/properties/capabilities/properties/fs/properties/read/items/type",
											keyword: "type",
											params: { type: "string" },
											message: "must be string",
											schema: schema31.properties.capabilities.properties.fs.properties.read.items.type,
											parentSchema: schema31.properties.capabilities.properties.fs.properties.read.items,
											data: data46
										};
										if (vErrors === null) vErrors = [err75];
										else vErrors.push(err75);
										errors++;
									}
								}
							} else {
								const err76 = {
									instancePath: instancePath + "/capabilities/fs/read",
									schemaPath: "#/properties/capabilities/properties/fs/properties/read/type",
									keyword: "type",
									params: { type: "array" },
									message: "must be array",
									schema: schema31.properties.capabilities.properties.fs.properties.read.type,
									parentSchema: schema31.properties.capabilities.properties.fs.properties.read,
									data: data45
								};
								if (vErrors === null) vErrors = [err76];
								else vErrors.push(err76);
								errors++;
							}
						}
						if (data44.write !== void 0) {
							let data47 = data44.write;
							if (Array.isArray(data47)) {
								const len8 = data47.length;
								for (let i8 = 0; i8 < len8; i8++) {
									let data48 = data47[i8];
									if (typeof data48 !== "string") {
										const err77 = {
											instancePath: instancePath + "/capabilities/fs/write/" + i8,
											schemaPath: "#/properties/capabilities/properties/fs/properties/write/items/type",
											keyword: "type",
											params: { type: "string" },
											message: "must be string",
											schema: schema31.properties.capabilities.properties.fs.properties.write.items.type,
											parentSchema: schema31.properties.capabilities.properties.fs.properties.write.items,
											data: data48
										};
										if (vErrors === null) vErrors = [err77];
										else vErrors.push(err77);
										errors++;
									}
								}
							} else {
								const err78 = {
									instancePath: instancePath + "/capabilities/fs/write",
									schemaPath: "#/properties/capabilities/properties/fs/properties/write/type",
									keyword: "type",
									params: { type: "array" },
									message: "must be array",
									schema: schema31.properties.capabilities.properties.fs.properties.write.type,
									parentSchema: schema31.properties.capabilities.properties.fs.properties.write,
									data: data47
								};
								if (vErrors === null) vErrors = [err78];
								else vErrors.push(err78);
								errors++;
							}
						}
					} else {
						const err79 = {
							instancePath: instancePath + "/capabilities/fs",
							schemaPath: "#/properties/capabilities/properties/fs/type",
							keyword: "type",
							params: { type: "object" },
							message: "must be object",
							schema: schema31.properties.capabilities.properties.fs.type,
							parentSchema: schema31.properties.capabilities.properties.fs,
							data: data44
						};
						if (vErrors === null) vErrors = [err79];
						else vErrors.push(err79);
						errors++;
					}
				}
				if (data43.net !== void 0) {
					let data49 = data43.net;
					if (!Array.isArray(data49) && typeof data49 !== "boolean") {
						const err80 = {
							instancePath: instancePath + "/capabilities/net",
							schemaPath: "#/properties/capabilities/properties/net/type",
							keyword: "type",
							params: { type: schema31.properties.capabilities.properties.net.type },
							message: "must be array,boolean",
							schema: schema31.properties.capabilities.properties.net.type,
							parentSchema: schema31.properties.capabilities.properties.net,
							data: data49
						};
						if (vErrors === null) vErrors = [err80];
						else vErrors.push(err80);
						errors++;
					}
					if (Array.isArray(data49)) {
						const len9 = data49.length;
						for (let i9 = 0; i9 < len9; i9++) {
							let data50 = data49[i9];
							if (typeof data50 !== "string") {
								const err81 = {
									instancePath: instancePath + "/capabilities/net/" + i9,
									schemaPath: "#/properties/capabilities/properties/net/items/type",
									keyword: "type",
									params: { type: "string" },
									message: "must be string",
									schema: schema31.properties.capabilities.properties.net.items.type,
									parentSchema: schema31.properties.capabilities.properties.net.items,
									data: data50
								};
								if (vErrors === null) vErrors = [err81];
								else vErrors.push(err81);
								errors++;
							}
						}
					}
				}
				if (data43.env !== void 0) {
					let data51 = data43.env;
					if (!Array.isArray(data51) && typeof data51 !== "boolean") {
						const err82 = {
							instancePath: instancePath + "/capabilities/env",
							schemaPath: "#/properties/capabilities/properties/env/type",
							keyword: "type",
							params: { type: schema31.properties.capabilities.properties.env.type },
							message: "must be array,boolean",
							schema: schema31.properties.capabilities.properties.env.type,
							parentSchema: schema31.properties.capabilities.properties.env,
							data: data51
						};
						if (vErrors === null) vErrors = [err82];
						else vErrors.push(err82);
						errors++;
					}
					if (Array.isArray(data51)) {
						const len10 = data51.length;
						for (let i10 = 0; i10 < len10; i10++) {
							let data52 = data51[i10];
							if (typeof data52 !== "string") {
								const err83 = {
									instancePath: instancePath + "/capabilities/env/" + i10,
									schemaPath: "#/properties/capabilities/properties/env/items/type",
									keyword: "type",
									params: { type: "string" },
									message: "must be string",
									schema: schema31.properties.capabilities.properties.env.items.type,
									parentSchema: schema31.properties.capabilities.properties.env.items,
									data: data52
								};
								if (vErrors === null) vErrors = [err83];
								else vErrors.push(err83);
								errors++;
							}
						}
					}
				}
				if (data43.childProcess !== void 0) {
					let data53 = data43.childProcess;
					if (typeof data53 !== "boolean") {
						const err84 = {
							instancePath: instancePath + "/capabilities/childProcess",
							schemaPath: "#/properties/capabilities/properties/childProcess/type",
							keyword: "type",
							params: { type: "boolean" },
							message: "must be boolean",
							schema: schema31.properties.capabilities.properties.childProcess.type,
							parentSchema: schema31.properties.capabilities.properties.childProcess,
							data: data53
						};
						if (vErrors === null) vErrors = [err84];
						else vErrors.push(err84);
						errors++;
					}
				}
				if (data43.workers !== void 0) {
					let data54 = data43.workers;
					if (typeof data54 !== "boolean") {
						const err85 = {
							instancePath: instancePath + "/capabilities/workers",
							schemaPath: "#/properties/capabilities/properties/workers/type",
							keyword: "type",
							params: { type: "boolean" },
							message: "must be boolean",
							schema: schema31.properties.capabilities.properties.workers.type,
							parentSchema: schema31.properties.capabilities.properties.workers,
							data: data54
						};
						if (vErrors === null) vErrors = [err85];
						else vErrors.push(err85);
						errors++;
					}
				}
				if (data43.addons !== void 0) {
					let data55 = data43.addons;
					if (typeof data55 !== "boolean") {
						const err86 = {
							instancePath: instancePath + "/capabilities/addons",
							schemaPath: "#/properties/capabilities/properties/addons/type",
							keyword: "type",
							params: { type: "boolean" },
							message: "must be boolean",
							schema: schema31.properties.capabilities.properties.addons.type,
							parentSchema: schema31.properties.capabilities.properties.addons,
							data: data55
						};
						if (vErrors === null) vErrors = [err86];
						else vErrors.push(err86);
						errors++;
					}
				}
				if (data43.wasi !== void 0) {
					let data56 = data43.wasi;
					if (typeof data56 !== "boolean") {
						const err87 = {
							instancePath: instancePath + "/capabilities/wasi",
							schemaPath: "#/properties/capabilities/properties/wasi/type",
							keyword: "type",
							params: { type: "boolean" },
							message: "must be boolean",
							schema: schema31.properties.capabilities.properties.wasi.type,
							parentSchema: schema31.properties.capabilities.properties.wasi,
							data: data56
						};
						if (vErrors === null) vErrors = [err87];
						else vErrors.push(err87);
						errors++;
					}
				}
			} else {
				const err88 = {
					instancePath: instancePath + "/capabilities",
					schemaPath: "#/properties/capabilities/type",
					keyword: "type",
					params: { type: "object" },
					message: "must be object",
					schema: schema31.properties.capabilities.type,
					parentSchema: schema31.properties.capabilities,
					data: data43
				};
				if (vErrors === null) vErrors = [err88];
				else vErrors.push(err88);
				errors++;
			}
		}
		if (data.group !== void 0) {
			let data57 = data.group;
			if (typeof data57 === "string") {
				if (data57.length < 1) {
					const err89 = {
						instancePath: instancePath + "/group",
						schemaPath: "#/properties/group/minLength",
						keyword: "minLength",
						params: { limit: 1 },
						message: "must NOT have fewer than 1 characters",
						schema: 1,
						parentSchema: schema31.properties.group,
						data: data57
					};
					if (vErrors === null) vErrors = [err89];
					else vErrors.push(err89);
					errors++;
				}
			} else {
				const err90 = {
					instancePath: instancePath + "/group",
					schemaPath: "#/properties/group/type",
					keyword: "type",
					params: { type: "string" },
					message: "must be string",
					schema: schema31.properties.group.type,
					parentSchema: schema31.properties.group,
					data: data57
				};
				if (vErrors === null) vErrors = [err90];
				else vErrors.push(err90);
				errors++;
			}
		}
	} else {
		const err91 = {
			instancePath,
			schemaPath: "#/type",
			keyword: "type",
			params: { type: "object" },
			message: "must be object",
			schema: schema31.type,
			parentSchema: schema31,
			data
		};
		if (vErrors === null) vErrors = [err91];
		else vErrors.push(err91);
		errors++;
	}
	validate20.errors = vErrors;
	return errors === 0;
}
validate20.evaluated = {
	props: true,
	dynamicProps: false,
	dynamicItems: false
};
// schemas/dist/validate-manifest.js
const check$1 = validate$1;
const none$7 = Object.freeze([]);
function validateManifest(value) {
	if (check$1(value)) return none$7;
	const errors = check$1.errors ?? [];
	check$1.errors = null;
	return schemaFindings(errors);
}
// core/src/common/read-regular-file.ts
const nonBlockingRead = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
function readRegularFile(file, limit) {
	return readRegularBytes(file, limit).toString("utf8");
}
function readRegularBytes(file, limit) {
	const descriptor = openSync(file, nonBlockingRead);
	try {
		assertRegular(file, fstatSync(descriptor), limit);
		return readFileSync(descriptor);
	} finally {
		closeRead(descriptor);
	}
}
async function readRegularBytesLater(file, limit) {
	const handle = await open(file, nonBlockingRead);
	try {
		assertRegular(file, await handle.stat(), limit);
		return await handle.readFile();
	} finally {
		await handle.close().catch(() => void 0);
	}
}
function closeRead(descriptor) {
	try {
		closeSync(descriptor);
	} catch {}
}
function assertRegular(file, stats, limit) {
	if (!stats.isFile()) throw new Error(`${file} is not a regular file`);
	if (stats.size > limit) throw new Error(`${file} has ${stats.size} bytes; at most ${limit} are read`);
}
function readJson5(text, options = {}) {
	return new Json5Reader(text, options).read();
}
function syntaxErrorWording(text) {
	const json5 = createRequire(import.meta.url)("json5");
	try {
		json5.parse(text.replaceAll(/[\u2028\u2029]/g, " "));
		return;
	} catch (error) {
		return error.message.replace(/^JSON5: /, "").replace(/ at \d+:\d+$/, "");
	}
}
var Stop = class extends Error {
	kind;
	offset;
	constructor(kind, offset, message) {
		super(message);
		this.kind = kind;
		this.offset = offset;
	}
};
const identifierStart = /^[$_\p{L}\p{Nl}]$/u;
const identifierPart = /^[$_\u200c\u200d\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]$/u;
const spaceSeparator = /^\p{Zs}$/u;
const simpleEscapes = new Map([
	["b", "\b"],
	["f", "\f"],
	["n", "\n"],
	["r", "\r"],
	["t", "	"],
	["v", "\v"]
]);
const shortestShared = 13;
const code = {
	lineFeed: 10,
	carriageReturn: 13,
	space: 32,
	doubleQuote: 34,
	dollar: 36,
	singleQuote: 39,
	asterisk: 42,
	plus: 43,
	comma: 44,
	minus: 45,
	dot: 46,
	slash: 47,
	zero: 48,
	nine: 57,
	colon: 58,
	openBracket: 91,
	backslash: 92,
	closeBracket: 93,
	underscore: 95,
	lowerF: 102,
	lowerN: 110,
	lowerT: 116,
	openBrace: 123,
	closeBrace: 125,
	noBreakSpace: 160,
	lineSeparator: 8232,
	paragraphSeparator: 8233,
	byteOrderMark: 65279
};
var Json5Reader = class {
	#text;
	#bytes;
	#wantsPlaces;
	#frozen;
	#detached;
	#strings;
	#maximumDepth;
	#keyFindings = [];
	#path = [];
	#position = 0;
	#depth = 0;
	#place = {
		start: 0,
		end: 0
	};
	#root;
	#rootPlace;
	constructor(text, options) {
		this.#text = text;
		this.#wantsPlaces = options.places === true;
		this.#frozen = options.frozen === true;
		this.#detached = options.detached !== false;
		this.#strings = options.strings;
		this.#maximumDepth = options.maximumDepth ?? 64;
	}
	read() {
		let failure;
		try {
			this.#root = this.#readValue(this.#skipBlanks());
			if (this.#wantsPlaces) this.#rootPlace = this.#place;
			this.#skipBlanks();
			if (this.#position < this.#text.length) this.#unexpected();
		} catch (error) {
			if (!(error instanceof Stop)) throw error;
			failure = {
				kind: error.kind,
				offset: error.offset,
				message: error.message
			};
		}
		return {
			value: this.#root,
			keyFindings: this.#keyFindings,
			...failure === void 0 ? void 0 : { failure },
			...this.#rootPlace === void 0 ? void 0 : { place: this.#rootPlace }
		};
	}
	#readValue(first) {
		if (first === code.openBrace) return this.#readObject();
		if (first === code.openBracket) return this.#readArray();
		const start = this.#position;
		let value;
		if (first === code.doubleQuote || first === code.singleQuote) value = this.#readString(first);
		else if (first === code.lowerT) value = this.#readWord("true", true);
		else if (first === code.lowerF) value = this.#readWord("false", false);
		else if (first === code.lowerN) value = this.#readWord("null", null);
		else value = this.#readNumber();
		if (this.#wantsPlaces) this.#place = {
			start,
			end: this.#position
		};
		return value;
	}
	#readObject() {
		const object = {};
		const place = this.#enter(object);
		if (place !== void 0) place.members = new Map();
		let next = this.#skipBlanks();
		while (next !== code.closeBrace) {
			const keyStart = this.#position;
			const key = this.#readKey(next);
			const keyEnd = this.#position;
			if (this.#skipBlanks() !== code.colon) this.#unexpected();
			this.#position += 1;
			if (place !== void 0) this.#path.push(key);
			if (object[key] !== void 0 && Object.hasOwn(object, key) || isForbidden(key)) this.#findKey(key, keyStart, place);
			const value = this.#readValue(this.#skipBlanks());
			if (key === "__proto__") Object.defineProperty(object, key, {
				value,
				enumerable: true,
				writable: true,
				configurable: true
			});
			else object[key] = value;
			if (place !== void 0) {
				this.#path.pop();
				place.members?.set(key, {
					keyStart,
					keyEnd,
					value: this.#place
				});
			}
			next = this.#afterElement(code.closeBrace);
		}
		this.#leave(place);
		return this.#frozen ? Object.freeze(object) : object;
	}
	#readArray() {
		const array = [];
		const place = this.#enter(array);
		if (place !== void 0) place.items = [];
		let next = this.#skipBlanks();
		while (next !== code.closeBracket) {
			if (place !== void 0) this.#path.push(array.length);
			array.push(this.#readValue(next));
			if (place !== void 0) {
				this.#path.pop();
				place.items?.push(this.#place);
			}
			next = this.#afterElement(code.closeBracket);
		}
		this.#leave(place);
		const exact = array.slice();
		return this.#frozen ? Object.freeze(exact) : exact;
	}
	#enter(container) {
		this.#depth += 1;
		if (this.#depth > this.#maximumDepth) throw new Stop("depth", this.#position, `nested deeper than ${this.#maximumDepth} levels`);
		const place = this.#wantsPlaces ? {
			start: this.#position,
			end: this.#text.length
		} : void 0;
		if (this.#depth === 1) {
			this.#root = container;
			this.#rootPlace = place;
		}
		this.#position += 1;
		return place;
	}
	#leave(place) {
		this.#position += 1;
		this.#depth -= 1;
		if (place === void 0) return;
		place.end = this.#position;
		this.#place = place;
	}
	#afterElement(close) {
		const next = this.#skipBlanks();
		if (next === code.comma) {
			this.#position += 1;
			return this.#skipBlanks();
		}
		if (next !== close) this.#unexpected();
		return next;
	}
	#findKey(key, offset, place) {
		const kind = isForbidden(key) ? "forbidden" : "duplicate";
		if (place === void 0) {
			this.#keyFindings.push({
				kind,
				key,
				offset
			});
			return;
		}
		const first = place.members?.get(key)?.keyStart;
		this.#keyFindings.push({
			kind,
			key,
			offset,
			path: pointer$1(this.#path),
			...first === void 0 ? void 0 : { firstOffset: first }
		});
	}
	#readKey(first) {
		if (first === code.doubleQuote || first === code.singleQuote) return this.#readString(first);
		const text = this.#text;
		const start = this.#position;
		let end = start;
		let next = first;
		while (isAsciiIdentifierPart(next) && (end > start || !isDigit(next))) next = text.charCodeAt(++end);
		if (end > start && next !== code.backslash && !(next > 127)) {
			this.#position = end;
			return this.#take(start, end);
		}
		return this.#readRareKey();
	}
	#readRareKey() {
		const pattern = /(?:[$_\p{L}\p{Nl}]|\\u[0-9a-fA-F]{4})(?:[$_\u200c\u200d\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]|\\u[0-9a-fA-F]{4})*/uy;
		pattern.lastIndex = this.#position;
		const found = pattern.exec(this.#text)?.[0];
		if (found === void 0) this.#unexpected();
		let key = "";
		for (const [part, digits] of found.matchAll(/\\u(.{4})|[^]/gu)) {
			const character = digits === void 0 ? part : String.fromCharCode(Number.parseInt(digits, 16));
			if (!(key === "" ? identifierStart.test(character) : identifierPart.test(character))) this.#unexpected();
			key += character;
		}
		this.#position = pattern.lastIndex;
		return key;
	}
	#readString(quote) {
		const text = this.#text;
		const start = this.#position + 1;
		for (let index = start;; index++) {
			const next = text.charCodeAt(index);
			if (next === quote) {
				this.#position = index + 1;
				return this.#take(start, index);
			}
			if (next === code.backslash) return this.#readEscapedString(quote, start, index);
			if (next === code.lineFeed || next === code.carriageReturn || !(next >= 0)) {
				this.#position = index;
				this.#unexpected();
			}
		}
	}
	#take(start, end) {
		const met = this.#strings?.find(this.#text, start, end);
		if (met !== void 0) return met;
		const copy = this.#copy(start, end);
		this.#strings?.keep(copy);
		return copy;
	}
	#copy(start, end) {
		if (!this.#detached || end - start < shortestShared) return this.#text.slice(start, end);
		if (this.#bytes === void 0) {
			const isAscii = Buffer.byteLength(this.#text) === this.#text.length;
			this.#bytes = isAscii ? Buffer.from(this.#text, "latin1") : false;
		}
		if (this.#bytes !== false) return this.#bytes.toString("latin1", start, end);
		return detached(this.#text.slice(start, end));
	}
	#readEscapedString(quote, start, firstEscape) {
		const text = this.#text;
		let value = text.slice(start, firstEscape);
		this.#position = firstEscape;
		let from = firstEscape;
		for (;;) {
			const next = text.charCodeAt(this.#position);
			if (next === quote) {
				value += text.slice(from, this.#position);
				this.#position += 1;
				return detached(value);
			}
			if (next === code.backslash) {
				value += text.slice(from, this.#position);
				this.#position += 1;
				value += this.#readEscape();
				from = this.#position;
			} else if (next === code.lineFeed || next === code.carriageReturn || !(next >= 0)) this.#unexpected();
			else this.#position += 1;
		}
	}
	#readEscape() {
		const character = this.#text.charAt(this.#position);
		if (character === "") this.#unexpected();
		const next = character.charCodeAt(0);
		if (next >= code.zero && next <= code.nine) {
			if (next !== code.zero) this.#unexpected();
			this.#position += 1;
			if (isDigit(this.#text.charCodeAt(this.#position))) this.#unexpected();
			return "\0";
		}
		this.#position += 1;
		if (character === "x") return this.#readHexadecimal(2);
		if (character === "u") return this.#readHexadecimal(4);
		if (next === code.carriageReturn) {
			if (this.#text.charCodeAt(this.#position) === code.lineFeed) this.#position += 1;
			return "";
		}
		return next === code.lineFeed || next === code.lineSeparator || next === code.paragraphSeparator ? "" : simpleEscapes.get(character) ?? character;
	}
	#readHexadecimal(length) {
		const start = this.#position;
		while (this.#position < start + length) {
			if (!/^[0-9a-fA-F]$/.test(this.#text.charAt(this.#position))) this.#unexpected();
			this.#position += 1;
		}
		return String.fromCharCode(Number.parseInt(this.#text.slice(start, this.#position), 16));
	}
	#readNumber() {
		const pattern = /([+-]?)(0[xX][0-9a-fA-F]+|Infinity|NaN|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
		pattern.lastIndex = this.#position;
		const found = pattern.exec(this.#text);
		if (found === null) {
			const first = this.#text.charCodeAt(this.#position);
			if (first === code.plus || first === code.minus) this.#position += 1;
			this.#unexpected();
		}
		this.#position = pattern.lastIndex;
		const next = this.#text.charCodeAt(this.#position);
		if (isDigit(next) || next === code.dot) this.#unexpected();
		const magnitude = Number(found[2]);
		return found[1] === "-" ? -magnitude : magnitude;
	}
	#readWord(word, value) {
		for (let index = 0; index < word.length; index++) {
			if (this.#text.charCodeAt(this.#position) !== word.charCodeAt(index)) this.#unexpected();
			this.#position += 1;
		}
		return value;
	}
	#skipBlanks() {
		const text = this.#text;
		for (let index = this.#position;;) {
			const next = text.charCodeAt(index);
			if (next === code.space || next <= code.carriageReturn && next >= 9) index += 1;
			else if (next === code.slash) index = this.#skipComment(index);
			else if (next > 127 && isRareBlank(next)) index += 1;
			else {
				this.#position = index;
				return next;
			}
		}
	}
	#skipComment(start) {
		const text = this.#text;
		const second = text.charCodeAt(start + 1);
		if (second === code.asterisk) {
			const end = text.indexOf("*/", start + 2);
			if (end >= 0) return end + 2;
			this.#position = text.length;
			this.#unexpected();
		}
		if (second !== code.slash) {
			this.#position = start + 1;
			this.#unexpected();
		}
		let index = start + 2;
		for (; index < text.length; index++) if (isLineEnd(text.charCodeAt(index))) break;
		return index;
	}
	#unexpected() {
		const point = this.#text.codePointAt(this.#position);
		throw new Stop("syntax", Math.min(this.#position, this.#text.length), point === void 0 ? "invalid end of input" : `invalid character ${JSON.stringify(String.fromCodePoint(point))}`);
	}
};
function detached(slice) {
	return slice.length < shortestShared ? slice : ` ${slice}`.slice(1);
}
function isDigit(next) {
	return next >= code.zero && next <= code.nine;
}
function isAsciiIdentifierPart(next) {
	const lower = next | 32;
	return lower >= 97 && lower <= 122 && next < 128 || isDigit(next) || next === code.underscore || next === code.dollar;
}
function isLineEnd(next) {
	return next === code.lineFeed || next === code.carriageReturn || next === code.lineSeparator || next === code.paragraphSeparator;
}
function isRareBlank(next) {
	return next === code.noBreakSpace || next === code.byteOrderMark || next === code.lineSeparator || next === code.paragraphSeparator || spaceSeparator.test(String.fromCharCode(next));
}
function isForbidden(key) {
	const { length } = key;
	return (length === 9 || length === 11) && (key === "__proto__" || key === "constructor" || key === "prototype");
}
function pointer$1(path) {
	return path.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
// core/src/manifest/locate.ts
function locateInManifest(text, pointer, what) {
	return new ManifestPlaces(text).at(pointer, what);
}
var ManifestPlaces = class {
	#place;
	#lines;
	constructor(text) {
		this.#place = readJson5(text, { places: true }).place;
		this.#lines = new TextLines(text);
	}
	at(pointer, what) {
		return this.#lines.at(offsetOf(this.#place, pointer, what));
	}
};
function offsetOf(root, pointer, what) {
	if (root === void 0) return 0;
	let place = root;
	let keyStart;
	for (const segment of pointerSegments(pointer)) {
		const member = place.members?.get(segment);
		const inner = member?.value ?? place.items?.[Number(segment)];
		if (inner === void 0) return place.start;
		place = inner;
		keyStart = member?.keyStart;
	}
	return what === "key" && keyStart !== void 0 ? keyStart : place.start;
}
function pointerSegments(pointer) {
	if (pointer === "") return [];
	return pointer.slice(1).split("/").map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
function childPointer(pointer, segment) {
	return `${pointer}/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
function pointerOfKey(value, key) {
	let pointer = "";
	let rest = key;
	let at = value;
	while (rest !== "" && typeof at === "object" && at !== null) {
		const name = Object.keys(at).filter((one) => one === rest || rest.startsWith(`${one}.`)).sort((one, other) => other.length - one.length)[0];
		if (name === void 0) break;
		pointer = childPointer(pointer, name);
		rest = rest.slice(name.length + 1);
		at = at[name];
	}
	return pointer;
}
var TextLines = class {
	#starts;
	constructor(text) {
		const starts = [text.startsWith("﻿") ? 1 : 0];
		for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
		this.#starts = starts;
	}
	at(offset) {
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = low + high + 1 >> 1;
			if (this.#starts[middle] <= offset) low = middle;
			else high = middle - 1;
		}
		return {
			line: low + 1,
			column: Math.max(offset - this.#starts[low], 0) + 1
		};
	}
};
// core/src/common/nearest.ts
const longestWord = 128;
const mostComparisons = 1e6;
function nearest(word, candidates) {
	if (word.length > longestWord) return void 0;
	const folded = word.toLowerCase();
	let left = mostComparisons;
	let best;
	let bestDistance = Infinity;
	for (const candidate of candidates) {
		if (candidate === word) continue;
		const limit = Math.min(Math.floor(Math.max(word.length, candidate.length) / 3), bestDistance - 1);
		if (Math.abs(word.length - candidate.length) > limit) continue;
		if ((left -= word.length * candidate.length) < 0) break;
		const distance = editDistance(folded, candidate.toLowerCase());
		if (distance > limit) continue;
		best = candidate;
		bestDistance = distance;
	}
	return best;
}
function editDistance(from, to) {
	let beforeLast = [];
	let last = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const replaced = at$1(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
			let least = Math.min(replaced, at$1(last, column) + 1, at$1(current, column - 1) + 1);
			if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) least = Math.min(least, at$1(beforeLast, column - 2) + 1);
			current.push(least);
		}
		beforeLast = last;
		last = current;
	}
	return at$1(last, to.length);
}
function at$1(row, index) {
	return row[index];
}
// core/src/manifest/format-findings.ts
function formatFindings(findings, context) {
	const first = firstOfEachKind(onePerValue(findings));
	const unknownByObject = Map.groupBy(first.filter(isUnknownKey), (finding) => finding.path);
	const misspelt = new Map();
	for (const missing of first.filter((finding) => finding.keyword === "required")) {
		const name = String(missing.params.missingProperty);
		const unknown = unknownByObject.get(missing.path)?.find((finding) => !misspelt.has(finding) && nearest(unknownKeyOf$1(finding), [name]) !== void 0);
		if (unknown !== void 0) misspelt.set(unknown, missing);
	}
	const merged = new Set(misspelt.values());
	return first.flatMap((finding) => {
		if (merged.has(finding)) return [];
		const missing = misspelt.get(finding);
		return [missing === void 0 ? formatFinding(finding, context) : formatMisspelt(finding, missing, context)];
	});
}
function firstOfEachKind(findings) {
	if (findings.length <= 100) return findings;
	const left = {
		mistakes: 100,
		unknownKeys: 100
	};
	return findings.filter((finding) => left[isUnknownKey(finding) ? "unknownKeys" : "mistakes"]-- > 0);
}
function onePerValue(findings) {
	const seen = new Set();
	return findings.filter((finding) => {
		const { propertyName } = finding.params;
		if (finding.keyword === "required" || isUnknownKey(finding)) return true;
		const place = typeof propertyName === "string" ? `${finding.path}#${propertyName}` : finding.path;
		if (seen.has(place)) return false;
		seen.add(place);
		return true;
	});
}
function isUnknownKey(finding) {
	return finding.keyword === "additionalProperties" || finding.keyword === "unevaluatedProperties";
}
function unknownKeyOf$1(finding) {
	return String(finding.params.additionalProperty ?? finding.params.unevaluatedProperty);
}
function formatMisspelt(unknown, missing, context) {
	const key = unknownKeyOf$1(unknown);
	const name = String(missing.params.missingProperty);
	return {
		path: childPointer(unknown.path, key),
		message: `${subject(unknown.path, context)} needs ${quote(name)}; ${quote(key)} is not known.`,
		suggestion: name,
		key: true,
		unknownKey: false
	};
}
function formatFinding(finding, context) {
	if (isUnknownKey(finding)) return formatUnknownKey(finding);
	const { propertyName } = finding.params;
	if (typeof propertyName === "string") {
		const message = `The key ${quote(propertyName)} ${clause(finding, propertyName)}.`;
		return {
			path: childPointer(finding.path, propertyName),
			message,
			key: true,
			unknownKey: false
		};
	}
	const value = valueAt(context.value, finding.path);
	const suggestion = nearestValue(finding, value);
	return {
		path: finding.path,
		message: `${subject(finding.path, context)} ${clause(finding, value)}.`,
		key: false,
		unknownKey: false,
		...suggestion === void 0 ? void 0 : { suggestion }
	};
}
function formatUnknownKey(finding) {
	const key = unknownKeyOf$1(finding);
	const { knownProperties } = finding.params;
	const suggestion = Array.isArray(knownProperties) ? nearest(key, knownProperties) : void 0;
	const where = finding.path === "" ? "" : ` in ${quote(dotted(finding.path))}`;
	return {
		path: childPointer(finding.path, key),
		message: `The key ${quote(key)}${where} is not known.`,
		key: true,
		unknownKey: true,
		...suggestion === void 0 ? void 0 : { suggestion }
	};
}
function clause(finding, value) {
	const { params } = finding;
	switch (finding.keyword) {
		case "required": return `needs ${quote(String(params.missingProperty))}`;
		case "type": return `has to be ${typeNames(params.type)}, not ${kindOf(value)}`;
		case "const": return `has to be ${shown$2(params.allowedValue)}, not ${shown$2(value)}`;
		case "enum": return `has to be ${alternatives(params.allowedValues.map(shown$2))}, not ${shown$2(value)}`;
		case "minimum": return `has to be at least ${String(params.limit)}, not ${shown$2(value)}`;
		case "maximum": return `has to be at most ${String(params.limit)}, not ${shown$2(value)}`;
		case "minLength": return params.limit === 1 ? "must not be empty" : `has to have at least ${String(params.limit)} characters`;
		case "maxLength": return `has to have at most ${String(params.limit)} characters`;
		case "minItems": return params.limit === 1 ? "must not be empty" : `has to have at least ${String(params.limit)} items`;
		case "maxItems": return `has to have at most ${String(params.limit)} items`;
		case "pattern": return finding.message.startsWith("must match") ? `has to match the pattern ${cut(String(params.pattern))}` : finding.message;
		case "anyOf":
		case "oneOf": return "fits none of the forms that its schema allows";
		default: return finding.message.replace(/^must NOT /, "must not ");
	}
}
function nearestValue(finding, value) {
	if (finding.keyword !== "enum" || typeof value !== "string") return void 0;
	return nearest(value, finding.params.allowedValues.filter((each) => typeof each === "string"));
}
function subject(path, context) {
	return path === "" ? context.whole : quote(dotted(path));
}
function dotted(path) {
	return pointerSegments(path).map((segment, index) => {
		if (/^\d+$/.test(segment)) return `[${segment}]`;
		if (!/^[$\w-]+$/.test(segment)) return `[${JSON.stringify(segment)}]`;
		return index === 0 ? segment : `.${segment}`;
	}).join("");
}
function valueAt(root, path) {
	let value = root;
	for (const segment of pointerSegments(path)) {
		if (typeof value !== "object" || value === null) return void 0;
		value = value[segment];
	}
	return value;
}
function typeNames(type) {
	return alternatives((Array.isArray(type) ? type.map(String) : String(type).split(",")).map(typeName));
}
function typeName(type) {
	if (type === "integer") return "a whole number";
	if (type === "null") return "null";
	return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
function kindOf(value) {
	if (value === null || value === void 0) return "null";
	if (Array.isArray(value)) return "an array";
	if (typeof value === "number" && !Number.isInteger(value)) return `the number ${String(value)}`;
	return typeName(typeof value);
}
function alternatives(words) {
	const few = words.slice(0, mostWords);
	if (words.length > mostWords) few.push(`one of ${String(words.length - mostWords)} more`);
	return few.length < 2 ? few.join("") : `${few.slice(0, -1).join(", ")} or ${String(few.at(-1))}`;
}
const longestShown$2 = 60;
const mostWords = 20;
function shown$2(value) {
	return cut(typeof value === "number" ? String(value) : typeof value === "string" ? JSON.stringify(value.slice(0, 61)) : JSON.stringify(value) ?? "nothing");
}
function quote(text) {
	return `"${cut(text)}"`;
}
function cut(text) {
	return text.length > longestShown$2 ? `${text.slice(0, longestShown$2)}…` : text;
}
// core/src/host/state/host-config.ts
async function readHostConfig(file) {
	let text;
	try {
		text = readRegularFile(file, Infinity);
	} catch (error) {
		const { code, message } = error;
		if (code === "ENOENT") return void 0;
		return { problems: [invalid$2(file, `The config file can't be read: ${message}.`)] };
	}
	const read = readJson5(text, { places: true });
	const problems = findings(text, read).map(({ offset, path, message, suggestion }) => ({
		...invalid$2(file, message),
		...new TextLines(text).at(offset),
		path,
		...suggestion !== void 0 && { suggestion }
	}));
	return problems.length > 0 ? { problems } : {
		config: read.value,
		problems
	};
}
function findings(text, { value, failure, keyFindings, place }) {
	if (failure !== void 0) {
		const wording = failure.kind === "syntax" ? syntaxErrorWording(text) ?? failure.message : failure.message;
		return [{
			offset: failure.offset,
			path: "",
			message: `The config file is not JSON5: ${wording}.`
		}];
	}
	const keys = keyFindings.map(({ kind, key, offset, path = "" }) => ({
		offset,
		path,
		message: kind === "duplicate" ? `The key "${key}" stands here twice.` : `The key "${key}" is not allowed.`
	}));
	const formatted = formatFindings(schemaFindings(validate(value)), {
		value,
		whole: "The config file"
	}).filter(({ path }) => keys.every((key) => key.path !== path)).map(({ path, message, suggestion, key }) => ({
		offset: offsetOf(place, path, key ? "key" : "value"),
		path,
		message,
		suggestion
	}));
	return [
		...keys,
		...formatted,
		...contradictions(value, place)
	];
}
function contradictions(value, place) {
	const { enabled, disabled } = value ?? {};
	if (!Array.isArray(enabled) || !Array.isArray(disabled)) return [];
	return disabled.flatMap((id, index) => enabled.includes(id) ? [{
		offset: offsetOf(place, `/disabled/${index}`, "value"),
		path: `/disabled/${index}`,
		message: `${JSON.stringify(id)} is listed as enabled and as disabled.`
	}] : []);
}
function validate(value) {
	const load = createRequire(import.meta.url);
	const { Ajv2020 } = load("ajv/dist/2020.js");
	const ajv = new Ajv2020({
		allErrors: true,
		allowUnionTypes: true,
		verbose: true
	});
	ajv.addVocabulary(["patternErrorMessage"]);
	const check = ajv.compile(load("@plugboard/schemas/config.schema.json"));
	return check(value) ? [] : check.errors ?? [];
}
function invalid$2(file, message) {
	return {
		code: "CONFIG_INVALID",
		severity: "error",
		file,
		message
	};
}
// core/src/host/face/host-options.ts
const defaultRestart = Object.freeze({
	delaysMs: Object.freeze([
		100,
		500,
		2e3
	]),
	budget: 3,
	windowMs: 3e5,
	unresponsiveMs: 0
});
const defaultLimits = Object.freeze({
	activateMs: 1e4,
	startTurnMs: 6e4,
	deactivateMs: 5e3,
	callMs: 3e4,
	drainMs: 5e3,
	stopMs: 5e3,
	dependencyMs: 1e4,
	heldCalls: 1e4,
	callBytes: 16777216,
	incompleteMs: 2e3,
	unresponsiveMs: 3e3,
	memoryBytes: 536870912,
	retryMs: 1e3
});
const longestMs = 2 ** 31 - 1;
function limitsOf(given = {}) {
	const limits = { ...defaultLimits };
	for (const [name, value] of Object.entries(given)) {
		if (value === void 0) continue;
		if (typeof value !== "number" || !(value >= 0)) throw new RangeError(`The limit ${name} has to be a number of at least 0.`);
		limits[name] = name.endsWith("Ms") ? Math.min(value, longestMs) : value;
	}
	return limits;
}
function restartOf(given = {}) {
	const { delaysMs, budget, windowMs, unresponsiveMs } = {
		...defaultRestart,
		...withoutUndefined(given)
	};
	if (!Array.isArray(delaysMs) || delaysMs.length === 0) throw new RangeError("restart.delaysMs has to hold at least one number.");
	if (typeof budget !== "number" || !(budget >= 1)) throw new RangeError("restart.budget has to be a number of at least 1.");
	const time = (name, value) => {
		if (typeof value !== "number" || !(value >= 0)) throw new RangeError(`restart.${name} has to be a number of at least 0.`);
		return Math.min(value, longestMs);
	};
	return {
		delaysMs: delaysMs.map((delay) => time("delaysMs", delay)),
		budget,
		windowMs: time("windowMs", windowMs),
		unresponsiveMs: time("unresponsiveMs", unresponsiveMs)
	};
}
function withoutUndefined(given) {
	return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== void 0));
}
function offer(token, value, options) {
	return {
		id: Symbol.keyFor(token) ?? "",
		value,
		methods: options.methods
	};
}
// core/src/host/face/host-errors.ts
function hostStopped() {
	return new ExtensionError("HOST_STOPPED", "The host has been stopped.");
}
function unknownPoint(id, known) {
	const message = `No contribution point "${id}" is open.${didYouMean(id, known)}`;
	return new ExtensionError("CALL_UNKNOWN_TARGET", message, { details: { point: id } });
}
function unknownExtension(id) {
	return new ExtensionError("EXTENSION_UNKNOWN", `No extension "${id}" is known.`, { extensionId: id });
}
function didYouMean(word, known) {
	const suggestion = nearest(word, known);
	return suggestion === void 0 ? "" : ` Did you mean "${suggestion}"?`;
}
// core/package.json
var version = "1.0.0";
// core/src/common/deadlines.ts
var Deadlines = class {
	#waits = new Set();
	#timer;
	#wakesAt = Infinity;
	within(milliseconds, promise, expire, abortable) {
		return new Promise((resolve, reject) => {
			const wait = {
				dueAt: performance.now() + milliseconds,
				expire: () => {
					leave();
					try {
						resolve(expire());
					} catch (error) {
						reject(error);
					}
				},
				abort: (reason) => {
					leave();
					reject(reason);
				}
			};
			const leave = () => {
				if (milliseconds > 0) this.#remove(wait);
				abortable?.removeAbortListener(wait);
			};
			if (milliseconds > 0) this.#add(wait);
			abortable?.addAbortListener(wait);
			promise.then((value) => {
				leave();
				resolve(value);
			}, (error) => {
				leave();
				reject(error);
			});
		});
	}
	#add(wait) {
		if (this.#waits.size === 0) this.#timer?.ref();
		this.#waits.add(wait);
		if (wait.dueAt < this.#wakesAt) this.#wakeAt(wait.dueAt);
	}
	#remove(wait) {
		this.#waits.delete(wait);
		if (this.#waits.size === 0) this.#timer?.unref();
	}
	#wakeAt(time) {
		clearTimeout(this.#timer);
		this.#wakesAt = time;
		this.#timer = setTimeout(() => this.#look(), Math.max(1, time - performance.now()));
	}
	#look() {
		this.#timer = void 0;
		this.#wakesAt = Infinity;
		const now = performance.now();
		for (const wait of [...this.#waits]) if (wait.dueAt <= now) wait.expire();
		for (const { dueAt } of this.#waits) if (dueAt < this.#wakesAt) this.#wakeAt(dueAt);
	}
};
// core/src/common/event-emitter.ts
var EventEmitter = class {
	#report;
	#listeners;
	constructor(report) {
		this.#report = report;
	}
	event = (listener) => {
		const registration = { call: listener };
		(this.#listeners ??= new Set()).add(registration);
		return { dispose: () => void this.#listeners?.delete(registration) };
	};
	get isHeard() {
		return this.#listeners !== void 0 && this.#listeners.size > 0;
	}
	fire(event) {
		if (this.#listeners === void 0) return;
		for (const listener of [...this.#listeners]) try {
			listener.call(event);
		} catch (error) {
			this.#report(error);
		}
	}
};
// core/src/common/node-module.ts
function nodeModule() {
	return process.getBuiltinModule("node:module");
}
function lazyRequire(url) {
	let require;
	return (specifier) => (require ??= nodeModule().createRequire(url))(specifier);
}
// core/src/container/application-container.ts
const requirePackage$1 = lazyRequire(import.meta.url);
var ApplicationContainer = class {
	#container;
	#registry;
	#modules = new Map();
	#owners = new Map();
	#collections = new Set();
	#subscription;
	constructor(container, registry) {
		this.#container = container;
		this.#registry = registry;
		this.#subscription = registry.onDidChange((deltas) => {
			this.#follow(deltas);
		});
		for (const point of registry.points) this.bindCollection(point);
	}
	bindCollection(pointId) {
		const point = this.#registry.point(pointId);
		if (point === void 0 || this.#collections.has(point.collection)) return;
		this.#collections.add(point.collection);
		this.#container.bind(point.collection).toConstantValue(this.#registry.collection(pointId));
	}
	dispose() {
		this.#subscription.dispose();
		for (const { module } of this.#modules.values()) this.#container.unload(module);
		for (const collection of this.#collections) this.#container.unbind(collection);
		this.#modules.clear();
		this.#owners.clear();
		this.#collections.clear();
	}
	#follow(deltas) {
		const touched = new Set();
		const touch = (contribution) => {
			const before = this.#owners.get(contribution);
			const now = contribution.isListed ? contribution.owner : void 0;
			if (before === now) return;
			if (before !== void 0) touched.add(before);
			if (now === void 0) this.#owners.delete(contribution);
			else {
				this.#owners.set(contribution, now);
				touched.add(now);
			}
		};
		for (const { point, added, changed, removed } of deltas) {
			this.bindCollection(point);
			for (const contribution of [
				...added,
				...changed,
				...removed
			]) touch(contribution);
		}
		for (const owner of touched) this.#rebind(owner);
	}
	#rebind(owner) {
		const before = this.#modules.get(owner);
		const contributions = new Set();
		for (const contribution of this.#registry.claimedBy(owner)) if (contribution.owner === owner) contributions.add(contribution);
		if (before !== void 0) {
			this.#container.unload(before.module);
			this.#modules.delete(owner);
		}
		if (contributions.size === 0) return;
		const module = new (requirePackage$1("inversify")).ContainerModule(({ bind }) => {
			for (const contribution of contributions) bind(contribution.point.token).toConstantValue(contribution.stub);
		});
		this.#container.load(module);
		this.#modules.set(owner, {
			module,
			contributions
		});
	}
};
// core/src/common/data-size.ts
function exceeds(value, limit) {
	switch (typeof value) {
		case "string": return value.length * 2 > limit && Buffer.byteLength(value) > limit;
		case "object": return value !== null && new Measure(limit).exceeds(value);
		case "bigint": return bigintBytes(value) > limit;
		default: return false;
	}
}
function sizeUpTo(value, limit) {
	return new Measure(limit).size(value);
}
function writesMoreThan(value, limit) {
	return new Measure(limit, { opensInstances: true }).exceeds(value);
}
const objectBytes = 8;
function bigintBytes(value) {
	return BigInt.asIntN(64, value) === value ? 8 : value.toString(16).length >> 1;
}
function wrappedText(value) {
	if (types.isRegExp(value)) return value.source;
	if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
	return types.isBigIntObject(value) ? BigInt.prototype.valueOf.call(value) : void 0;
}
var Measure = class {
	#limit;
	#opensInstances;
	#sizes = new Map();
	#open = [];
	#left;
	constructor(limit, { opensInstances } = { opensInstances: false }) {
		this.#limit = limit;
		this.#left = limit;
		this.#opensInstances = opensInstances;
	}
	size(root) {
		return this.exceeds(root) ? Infinity : this.#limit - this.#left;
	}
	exceeds(root) {
		this.#take(root);
		for (let next = this.#open.pop(); next !== void 0 && this.#left >= 0; next = this.#open.pop()) if (next instanceof Counting) this.#sizes.set(next.source, next.before - this.#left);
		else this.#count(next);
		return this.#left < 0;
	}
	#take(value) {
		if (typeof value === "string") this.#left -= value.length * 2 > this.#left ? Buffer.byteLength(value) : value.length;
		else if (typeof value === "object" && value !== null) this.#open.push(value);
		else if (typeof value === "bigint") this.#left -= bigintBytes(value);
		else this.#left -= 8;
	}
	#count(value) {
		const known = this.#sizes.get(value);
		if (known !== void 0) {
			this.#left -= known;
			return;
		}
		const before = this.#left;
		const held = this.#open.length;
		this.#left -= objectBytes;
		this.#look(value);
		const first = this.#open[held];
		if (first === void 0) {
			this.#sizes.set(value, before - this.#left);
			return;
		}
		this.#open[held] = new Counting(value, before);
		this.#open.push(first);
		this.#sizes.set(value, objectBytes);
	}
	#look(value) {
		if (Array.isArray(value)) this.#takeItems(value);
		else if (isPlain$1(value)) this.#takeMembers(value);
		else if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) this.#left -= value.byteLength;
		else if (types.isMap(value)) for (const [key, item] of Map.prototype.entries.call(value)) {
			this.#take(key);
			this.#take(item);
		}
		else if (types.isSet(value)) for (const item of Set.prototype.values.call(value)) this.#take(item);
		else {
			const text = wrappedText(value);
			if (text !== void 0) this.#take(text);
			if (types.isNativeError(value)) for (const part of hiddenParts) this.#take(value[part]);
			if (this.#opensInstances) this.#takeMembers(value);
		}
	}
	#takeItems(items) {
		for (let index = 0; index < items.length && this.#left >= 0; index++) {
			const item = items[index];
			this.#take(item);
		}
	}
	#takeMembers(value) {
		for (const key in value) {
			this.#left -= key.length;
			this.#take(value[key]);
			if (this.#left < 0) return;
		}
	}
};
var Counting = class {
	source;
	before;
	constructor(source, before) {
		this.source = source;
		this.before = before;
	}
};
const hiddenParts = [
	"message",
	"stack",
	"cause",
	"errors"
];
function isPlain$1(value) {
	const prototype = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
// core/src/common/is-thenable.ts
function isThenable(value) {
	return (typeof value === "object" && value !== null || typeof value === "function") && typeof value.then === "function";
}
// core/src/common/cut-message.ts
const longestMessage = 65536;
const cutMark = " … (cut)";
function cutMessage(message) {
	return message.length > longestMessage ? message.slice(0, 65528) + cutMark : message;
}
// core/src/common/thrown-text.ts
const longestNumber = 1024;
const mostMembers = 100;
function thrownText(thrown) {
	try {
		const said = thrown instanceof Error ? thrown.message : thrown;
		return cutMessage(typeof said === "string" ? said : shown$1(said));
	} catch {
		return "something that can't be shown as text";
	}
}
function rootCause(thrown) {
	let root = thrown;
	try {
		for (let depth = 0; depth < 16 && root instanceof Error && root.cause !== void 0; depth++) root = root.cause;
	} catch {}
	return root;
}
function shown$1(value) {
	if (typeof value === "bigint" && bigintBytes(value) > longestNumber) return "a bigint too long to be shown";
	const options = {
		depth: 0,
		maxArrayLength: mostMembers
	};
	if (typeof value !== "object" || value === null || types.isProxy(value) || Array.isArray(value)) return inspect(value, options);
	const names = Object.keys(value);
	if (names.length <= mostMembers) return inspect(value, options);
	const first = names.slice(0, mostMembers).map((name) => [name, value[name]]);
	return `${inspect(Object.fromEntries(first), options)} and ${String(names.length - mostMembers)} more`;
}
// core/src/contribution/call-book.ts
var CallClock = class {
	limitMs;
	#books = new Set();
	#timer;
	tick = 0;
	constructor(limitMs) {
		this.limitMs = limitMs;
	}
	get limitTicks() {
		return this.limitMs === 0 ? Infinity : Math.ceil(this.limitMs / this.tickMs);
	}
	get tickMs() {
		return this.limitMs === 0 ? 1e3 : Math.max(5, Math.min(100, this.limitMs / 10));
	}
	watch(book) {
		this.#books.add(book);
		this.#timer ??= setInterval(() => {
			this.#look();
		}, this.tickMs);
	}
	dispose() {
		clearInterval(this.#timer);
		this.#timer = void 0;
		this.#books.clear();
	}
	#look() {
		this.tick++;
		for (const book of [...this.#books]) if (!book.expire(this.tick - this.limitTicks)) this.#books.delete(book);
		if (this.#books.size === 0) this.dispose();
	}
};
var Call = class {
	book;
	startTick;
	index;
	resolve;
	reject;
	onAbandoned;
	#rareParts;
	constructor(book, options) {
		this.book = book;
		this.startTick = book.clock.tick;
		this.index = -1;
		this.resolve = void 0;
		this.reject = void 0;
		this.onAbandoned = void 0;
		if (options?.timeoutMs !== void 0) this.#rare().timeoutMs = options.timeoutMs;
		if (options?.transfer !== void 0) this.#rare().moved = options.transfer;
	}
	get timeoutMs() {
		return this.#rareParts?.timeoutMs;
	}
	get moved() {
		return this.#rareParts?.moved;
	}
	get signal() {
		const rare = this.#rare();
		if (rare.controller === void 0) {
			rare.controller = new AbortController();
			if (rare.abortReason !== void 0) rare.controller.abort(rare.abortReason);
		}
		return rare.controller.signal;
	}
	get deadline() {
		const rare = this.#rare();
		if (rare.deadline === void 0) {
			const { clock } = this.book;
			const allowed = rare.timeoutMs ?? (clock.limitMs === 0 ? Infinity : clock.limitMs);
			const passed = (clock.tick - this.startTick) * clock.tickMs;
			rare.deadline = allowed === 0 ? Infinity : Date.now() + allowed - (rare.timeoutMs === void 0 ? passed : 0);
		}
		return rare.deadline;
	}
	abort(reason) {
		const rare = this.#rare();
		rare.abortReason = reason;
		rare.controller?.abort(reason);
		this.onAbandoned?.(reason);
		this.onAbandoned = void 0;
	}
	transfer() {}
	whenLeft(stopListening) {
		this.#rare().stopListening = stopListening;
	}
	left() {
		this.#rareParts?.stopListening?.();
	}
	#rare() {
		return this.#rareParts ??= new RareParts();
	}
};
var RareParts = class {
	moved;
	timeoutMs;
	stopListening;
	controller;
	deadline;
	abortReason;
};
var CallBook = class {
	clock;
	extensionId;
	#callBytes;
	#calls = [];
	#isWatched = false;
	#whenIdle;
	constructor(clock, extensionId, callBytes) {
		this.clock = clock;
		this.extensionId = extensionId;
		this.#callBytes = callBytes;
	}
	get size() {
		return this.#calls.length;
	}
	call0(handler) {
		const call = new Call(this, void 0);
		let result;
		try {
			result = handler(call);
		} catch (error) {
			return Promise.reject(this.#failed(error));
		}
		return this.#follow(call, result);
	}
	call1(handler, argument) {
		const call = new Call(this, void 0);
		let result;
		try {
			if (exceeds(argument, this.#callBytes)) throw this.#tooLarge("arguments");
			result = handler(argument, call);
		} catch (error) {
			return Promise.reject(this.#failed(error));
		}
		return this.#follow(call, result);
	}
	call(handler, args, options) {
		const call = new Call(this, options);
		let result;
		try {
			if (exceeds(args, this.#callBytes)) throw this.#tooLarge("arguments");
			if (options?.signal?.aborted === true) throw cancelled(this.extensionId, options.signal);
			result = handler(...args, call);
		} catch (error) {
			return Promise.reject(this.#failed(error));
		}
		return this.#follow(call, result, options);
	}
	idle() {
		if (this.#calls.length === 0) return Promise.resolve();
		return (this.#whenIdle ??= Promise.withResolvers()).promise;
	}
	abort(reason) {
		for (const call of [...this.#calls]) call.abort(reason);
	}
	rejectAll(reason) {
		for (const call of [...this.#calls]) this.#fail(call, reason, { isAborted: true });
	}
	expire(tick) {
		for (const call of [...this.#calls]) if (call.startTick < tick && call.timeoutMs === void 0) this.#fail(call, this.#late(this.clock.limitMs), { isAborted: true });
		this.#isWatched = this.#calls.some((call) => call.timeoutMs === void 0);
		return this.#isWatched;
	}
	#follow(call, result, options) {
		let promise;
		try {
			if (result instanceof Promise) promise = result;
			else if (isThenable(result)) promise = new Promise((resolve) => {
				resolve(result);
			});
			else {
				if (exceeds(result, this.#callBytes)) throw this.#tooLarge("result");
				return Promise.resolve(result);
			}
		} catch (error) {
			return Promise.reject(this.#failed(error));
		}
		return new Promise((resolve, reject) => {
			call.resolve = resolve;
			call.reject = reject;
			this.#enter(call);
			if (options !== void 0) this.#limit(call, options);
			try {
				promise.then((value) => {
					this.#succeed(call, value);
				}, (error) => {
					this.#fail(call, this.#failed(error), { isAborted: false });
				});
			} catch (error) {
				this.#fail(call, this.#failed(error), { isAborted: false });
			}
		});
	}
	#enter(call) {
		call.index = this.#calls.length;
		this.#calls.push(call);
		if (!this.#isWatched && call.timeoutMs === void 0) {
			this.#isWatched = true;
			this.clock.watch(this);
		}
	}
	#limit(call, { signal, timeoutMs }) {
		const timer = timeoutMs === void 0 || timeoutMs === 0 ? void 0 : setTimeout(() => {
			this.#fail(call, this.#late(timeoutMs), { isAborted: true });
		}, timeoutMs);
		const cancel = () => {
			this.#fail(call, cancelled(this.extensionId, signal), { isAborted: true });
		};
		signal?.addEventListener("abort", cancel, { once: true });
		call.whenLeft(() => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", cancel);
		});
		if (signal?.aborted === true) cancel();
	}
	#succeed(call, value) {
		if (call.resolve === void 0) return;
		const { resolve } = call;
		if (typeof value === "object" || typeof value === "string" || typeof value === "bigint") {
			let isTooLarge;
			try {
				isTooLarge = exceeds(value, this.#callBytes);
			} catch (error) {
				this.#fail(call, this.#failed(error), { isAborted: false });
				return;
			}
			if (isTooLarge) {
				this.#fail(call, this.#tooLarge("result"), { isAborted: false });
				return;
			}
		}
		this.#leave(call);
		resolve(value);
	}
	#fail(call, error, { isAborted }) {
		if (call.reject === void 0) return;
		const { reject } = call;
		this.#leave(call);
		reject(error);
		if (isAborted) call.abort(error);
	}
	#leave(call) {
		call.resolve = void 0;
		call.reject = void 0;
		call.left();
		const last = this.#calls.pop();
		if (last !== void 0 && last !== call) {
			this.#calls[call.index] = last;
			last.index = call.index;
		}
		if (this.#calls.length === 0 && this.#whenIdle !== void 0) {
			this.#whenIdle.resolve();
			this.#whenIdle = void 0;
		}
	}
	#failed(error) {
		if (isExtensionError(error)) return error;
		return new ExtensionError("CALL_FAILED", `A call to ${this.extensionId} failed: ${thrownText(error)}`, {
			extensionId: this.extensionId,
			cause: error
		});
	}
	#late(limitMs) {
		return timedOut(this.extensionId, limitMs);
	}
	#tooLarge(what) {
		return new ExtensionError("CALL_TOO_LARGE", `The ${what} of the call ${what === "result" ? "holds" : "hold"} more than ${String(this.#callBytes)} bytes.`, {
			extensionId: this.extensionId,
			details: {
				what,
				limitBytes: this.#callBytes
			}
		});
	}
};
function timedOut(extensionId, limitMs) {
	return new ExtensionError("CALL_TIMEOUT", `The call to ${extensionId} did not settle within ${String(Math.ceil(limitMs))} ms.`, {
		extensionId,
		details: { limitMs }
	});
}
function cancelled(extensionId, signal) {
	return new ExtensionError("CALL_CANCELLED", `The call to ${extensionId} was cancelled.`, {
		extensionId,
		cause: signal?.reason
	});
}
// core/src/common/call-options.ts
const longestTimeoutMs = 2 ** 31 - 1;
function callOptionsOf(given) {
	if (typeof given !== "object" || given === null) return void 0;
	const { signal, timeoutMs, transfer } = given;
	if (signal !== void 0 && !(signal instanceof AbortSignal)) throw new TypeError("The signal of a call is an AbortSignal.");
	if (transfer !== void 0 && !isBufferList(transfer)) throw new TypeError("The transfer of a call is a list of ArrayBuffers.");
	if (timeoutMs === void 0) return {
		signal,
		transfer
	};
	if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) throw new TypeError("The timeoutMs of a call is a number of milliseconds, or 0 for no limit.");
	return {
		signal,
		timeoutMs: timeoutMs > longestTimeoutMs ? 0 : timeoutMs,
		transfer
	};
}
function isBufferList(value) {
	return Array.isArray(value) && value.every((buffer) => buffer instanceof ArrayBuffer);
}
// core/src/common/freeze-deeply.ts
function freezeDeeply(value) {
	if (Object.isFrozen(value)) return value;
	for (const member of Object.values(value)) if (typeof member === "object" && member !== null) freezeDeeply(member);
	return Object.freeze(value);
}
// core/src/contribution/contribution.ts
const noRivals = Object.freeze([]);
var Contribution = class {
	point;
	id;
	owner;
	item;
	index;
	isListed = true;
	isTold = false;
	connection;
	#rivals = noRivals;
	#handlers;
	#stub;
	constructor(point, id, { owner, item, index }) {
		this.point = point;
		this.id = id;
		this.owner = owner;
		this.item = item;
		this.index = index;
		this.connection = owner.connection;
	}
	claimOf(owner) {
		return this.#claims.find((claim) => claim.owner === owner);
	}
	add(claim) {
		this.#settle([...this.#claims.filter(({ owner }) => owner !== claim.owner), claim].sort(compareClaims));
	}
	withdraw(owner) {
		this.#settle(this.#claims.filter((claim) => claim.owner !== owner));
	}
	connect() {
		this.connection = this.isListed ? this.owner.connection : void 0;
		this.#handlers = void 0;
	}
	get stub() {
		return this.#stub ??= createStub(this);
	}
	handler(method) {
		this.#handlers ??= new Map();
		let handler = this.#handlers.get(method);
		if (handler === void 0) {
			handler = this.#handlerOf(this.connection, method);
			if (handler === void 0) throw this.unknownTarget(method);
			this.#handlers.set(method, handler);
		}
		return handler;
	}
	callAhead(connection, { method, args, options }) {
		const handler = this.#handlerOf(connection, method);
		return handler && connection.book.call(handler, args, options);
	}
	#handlerOf(connection, method) {
		return connection?.handler(this.point.id, this.item.id, method);
	}
	entry() {
		const { id, owner, item } = this;
		const contribution = this;
		return {
			id,
			extensionId: owner.id,
			generation: owner.generationNumber,
			item: freezeDeeply(item),
			get stub() {
				return contribution.stub;
			}
		};
	}
	invoke(method, args, given) {
		try {
			const options = callOptionsOf(given);
			if (!this.isListed) return Promise.reject(this.gone());
			if (this.connection === void 0) return this.owner.hold({
				contribution: this,
				method,
				args,
				options
			});
			return this.connection.book.call(this.handler(method), args, options);
		} catch (error) {
			return Promise.reject(error);
		}
	}
	gone() {
		const extensionId = this.owner.id;
		return new ExtensionError("EXTENSION_GONE", `${this.point.id} "${this.id}" is gone: ${extensionId} no longer contributes it.`, {
			extensionId,
			details: {
				point: this.point.id,
				id: this.id
			}
		});
	}
	unknownTarget(method) {
		const extensionId = this.owner.id;
		return new ExtensionError("CALL_UNKNOWN_TARGET", method in this.point.methods ? `${extensionId} declares ${this.point.id} "${this.id}" but its activate did not supply ${method}.` : `${this.point.id} has no method ${method}; it has ${Object.keys(this.point.methods).join(", ") || "none"}.`, {
			extensionId,
			details: {
				point: this.point.id,
				id: this.id,
				method
			}
		});
	}
	get #claims() {
		if (!this.isListed) return noRivals;
		const { owner, item, index } = this;
		return [{
			owner,
			item,
			index
		}, ...this.#rivals];
	}
	#settle([best, ...rivals]) {
		this.isListed = best !== void 0;
		this.owner = best?.owner ?? goneOwner(this.owner);
		this.item = best?.item ?? this.item;
		this.index = best?.index ?? this.index;
		this.#rivals = rivals.length === 0 ? noRivals : rivals;
	}
};
function compareClaims(left, right) {
	if (left.owner !== right.owner) {
		if (left.owner.rank !== right.owner.rank) return left.owner.rank - right.owner.rank;
		return left.owner.id < right.owner.id ? -1 : 1;
	}
	return left.index - right.index;
}
function goneOwner({ id, rank, generationNumber }) {
	const hold = () => Promise.reject(new ExtensionError("EXTENSION_GONE", `${id} is gone.`, { extensionId: id }));
	return {
		id,
		rank,
		generationNumber,
		connection: void 0,
		hold
	};
}
function createStub(contribution) {
	const stub = {};
	const field = (name) => freezeDeeply(contribution.item)[name];
	for (const name of new Set(["id", ...Object.keys(contribution.item)])) {
		if (name in contribution.point.methods || name === "then") continue;
		Object.defineProperty(stub, name, {
			enumerable: true,
			configurable: true,
			get: () => name === "id" ? contribution.id : field(name)
		});
	}
	for (const [method, arity] of Object.entries(contribution.point.methods)) Object.defineProperty(stub, method, {
		value: createMethod(contribution, method, arity),
		enumerable: true
	});
	Object.defineProperty(stub, Symbol.for("nodejs.util.inspect.custom"), { value: () => ({ ...stub }) });
	return stub;
}
function createMethod(contribution, method, arity) {
	if (arity === "variadic") return (...args) => contribution.invoke(method, args, void 0);
	if (arity === 0) return (options) => {
		const { connection } = contribution;
		if (connection === void 0 || options !== void 0) return contribution.invoke(method, [], options);
		try {
			return connection.book.call0(contribution.handler(method));
		} catch (error) {
			return Promise.reject(error);
		}
	};
	if (arity === 1) return (argument, options) => {
		const { connection } = contribution;
		if (connection === void 0 || options !== void 0) return contribution.invoke(method, [argument], options);
		try {
			return connection.book.call1(contribution.handler(method), argument);
		} catch (error) {
			return Promise.reject(error);
		}
	};
	return (...given) => {
		const args = Array.from({ length: arity }, (_, index) => given[index]);
		return contribution.invoke(method, args, given[arity]);
	};
}
// core/src/contribution/contribution-registry.ts
var ContributionRegistry = class {
	#points = new Map();
	#owned = new Map();
	#changed;
	#report;
	constructor(report) {
		this.#report = report;
		this.#changed = new EventEmitter(report);
	}
	get onDidChange() {
		return this.#changed.event;
	}
	open(point) {
		if (this.#points.has(point.id)) throw new ExtensionError("CONTRIBUTION_POINT_TAKEN", `The point "${point.id}" is already open.`);
		this.#points.set(point.id, new PointContributions(point, this.#report));
	}
	close(pointId) {
		this.#points.delete(pointId);
	}
	point(id) {
		return this.#points.get(id)?.definition;
	}
	get points() {
		return [...this.#points.keys()];
	}
	collection(pointId) {
		return this.#points.get(pointId);
	}
	find(pointId, id) {
		return this.#points.get(pointId)?.find(id);
	}
	claimedBy(owner) {
		return this.#owned.get(owner) ?? nothing$4;
	}
	connect(owner) {
		for (const contribution of this.claimedBy(owner)) contribution.connect();
	}
	apply(changes, refreshed = []) {
		const batch = new Batch();
		for (const owner of refreshed) for (const contribution of this.claimedBy(owner)) batch.refresh(contribution, owner);
		for (const change of changes) this.#apply(change, batch);
		for (const contribution of batch.unlisted()) this.#points.get(contribution.point.id)?.drop(contribution);
		const deltas = batch.deltas();
		if (deltas.length === 0) return deltas;
		for (const delta of deltas) this.#points.get(delta.point)?.reorder();
		this.#changed.fire(deltas);
		for (const delta of deltas) this.#points.get(delta.point)?.tell(delta);
		return deltas;
	}
	#apply({ owner, claims }, batch) {
		const next = [];
		for (const pointId of Object.keys(claims)) {
			const point = this.#points.get(pointId);
			if (point === void 0) continue;
			let index = 0;
			for (const item of claims[pointId] ?? nothing$4) next.push(point.claim({
				owner,
				item,
				index: index++
			}, batch));
		}
		const owned = this.claimedBy(owner);
		const kept = owned.length === 0 ? void 0 : new Set(next);
		for (const contribution of owned) {
			if (kept?.has(contribution) === true) continue;
			batch.remember(contribution);
			contribution.withdraw(owner);
		}
		if (next.length > 0) this.#owned.set(owner, next.slice());
		else if (owned.length > 0) this.#owned.delete(owner);
	}
};
const nothing$4 = Object.freeze([]);
var PointContributions = class {
	definition;
	#contributions = new Map();
	#changed;
	#order;
	constructor(definition, report) {
		this.definition = definition;
		this.#changed = new EventEmitter(report);
	}
	get point() {
		return this.definition.id;
	}
	get size() {
		return this.#contributions.size;
	}
	get onDidChange() {
		return this.#changed.event;
	}
	get(id) {
		return this.#contributions.get(id)?.stub;
	}
	entries() {
		return this.#sorted().map((contribution) => contribution.entry());
	}
	*[Symbol.iterator]() {
		for (const contribution of this.#sorted()) yield contribution.stub;
	}
	find(id) {
		return this.#contributions.get(id);
	}
	claim(claim, batch) {
		const { owner, item } = claim;
		const id = this.definition.idScope === "extension" ? `${owner.id}.${item.id}` : item.id;
		const known = this.#contributions.get(id);
		if (known === void 0) {
			const contribution = new Contribution(this.definition, id, claim);
			this.#contributions.set(id, contribution);
			batch.add(contribution);
			return contribution;
		}
		batch.remember(known);
		known.add(claim);
		return known;
	}
	drop(contribution) {
		if (this.#contributions.get(contribution.id) === contribution) this.#contributions.delete(contribution.id);
	}
	reorder() {
		this.#order = void 0;
	}
	tell(delta) {
		if (!this.#changed.isHeard) return;
		const entries = (contributions) => contributions.map((one) => one.entry());
		this.#changed.fire({
			added: entries(delta.added),
			changed: entries(delta.changed),
			removed: entries(delta.removed)
		});
	}
	#sorted() {
		return this.#order ??= [...this.#contributions.values()].sort(compareClaims);
	}
};
var Batch = class {
	#made = [];
	#before = new Map();
	add(contribution) {
		this.#made.push(contribution);
	}
	remember(contribution) {
		if (!contribution.isTold || this.#before.has(contribution)) return;
		const { owner, item } = contribution;
		this.#before.set(contribution, {
			owner,
			item,
			isRefreshed: false
		});
	}
	refresh(contribution, owner) {
		this.remember(contribution);
		const before = this.#before.get(contribution);
		if (before?.owner === owner) before.isRefreshed = true;
	}
	unlisted() {
		const isUnlisted = ({ isListed }) => !isListed;
		return [...this.#made.filter(isUnlisted), ...[...this.#before.keys()].filter(isUnlisted)];
	}
	deltas() {
		const deltas = new Map();
		const note = (contribution, kind) => {
			const { id } = contribution.point;
			let delta = deltas.get(id);
			if (delta === void 0) deltas.set(id, delta = {
				point: id,
				added: [],
				changed: [],
				removed: []
			});
			delta[kind].push(contribution);
		};
		for (const contribution of this.#made) {
			if (!contribution.isListed) continue;
			contribution.isTold = true;
			note(contribution, "added");
		}
		for (const [contribution, before] of this.#before) {
			contribution.connect();
			if (!contribution.isListed) note(contribution, "removed");
			else if (isChanged(contribution, before)) note(contribution, "changed");
		}
		return [...deltas.values()];
	}
};
function isChanged(now, before) {
	return now.owner !== before.owner || now.item !== before.item || before.isRefreshed;
}
// core/src/manifest/manifest-outline.ts
function outlineOf(described) {
	return "outline" in described ? described.outline : described.manifest;
}
function outlineAlone(manifest) {
	return {
		activationEvents: manifest.activationEvents,
		capabilities: manifest.capabilities,
		contributes: manifest.contributes,
		extensionDependencies: manifest.extensionDependencies,
		group: manifest.group,
		main: manifest.main,
		optionalExtensionDependencies: manifest.optionalExtensionDependencies,
		runtime: manifest.runtime,
		services: manifest.services,
		watch: manifest.watch
	};
}
function settingsFiles(described) {
	const items = outlineOf(described).contributes?.runtimes;
	if (!Array.isArray(items)) return [];
	return items.flatMap((item, index) => {
		const file = item?.settings;
		return typeof file === "string" ? [{
			file,
			pointer: `/contributes/runtimes/${String(index)}/settings`
		}] : [];
	});
}
// core/src/manifest/activation-event.ts
function canonicalActivationEvent(event) {
	return event === "*" ? "onStartup" : event;
}
function matchesActivationEvent(pattern, event) {
	if (pattern === event || canonicalActivationEvent(pattern) === canonicalActivationEvent(event)) return true;
	return pattern.endsWith(":*") && event.startsWith(pattern.slice(0, -1));
}
function parseActivationEvent(event) {
	const canonical = canonicalActivationEvent(event);
	const colon = canonical.indexOf(":");
	if (colon < 0) return { name: canonical };
	return {
		name: canonical.slice(0, colon),
		argument: canonical.slice(colon + 1)
	};
}
// core/src/manifest/processor-allowance.ts
const allowedMs = 40;
const mostRuns = 20;
var TooSlow = class extends Error {
	name = "TooSlow";
};
var ProcessorAllowance = class {
	leftMs = allowedMs;
};
var Workbench = class {
	#script;
	#bench;
	run(work, allowance) {
		for (let run = 0; run < mostRuns && allowance.leftMs >= 1; run++) {
			const before = processorMs();
			try {
				return this.#run(work, Math.ceil(allowance.leftMs));
			} catch (error) {
				if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
			} finally {
				allowance.leftMs -= processorMs() - before;
			}
		}
		throw new TooSlow("it takes too long");
	}
	#run(work, timeout) {
		this.#script ??= new Script("work()");
		this.#bench ??= createContext({ work: void 0 });
		this.#bench.work = work;
		try {
			return this.#script.runInContext(this.#bench, { timeout });
		} finally {
			this.#bench.work = void 0;
		}
	}
};
function processorMs() {
	const { threadCpuUsage } = process;
	const { user, system } = threadCpuUsage === void 0 ? process.cpuUsage() : threadCpuUsage.call(process);
	return (user + system) / 1e3;
}
// node_modules/semver/internal/debug.js
var require_debug = __commonJSMin(((exports, module) => {
	module.exports = typeof process === "object" && process.env && process.env.NODE_DEBUG && /\bsemver\b/i.test(process.env.NODE_DEBUG) ? (...args) => console.error("SEMVER", ...args) : () => {};
}));
// node_modules/semver/internal/constants.js
var require_constants = __commonJSMin(((exports, module) => {
	module.exports = {
		MAX_LENGTH: 256,
		MAX_SAFE_COMPONENT_LENGTH: 16,
		MAX_SAFE_BUILD_LENGTH: 250,
		MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER || 9007199254740991,
		WHITESPACE_CHARACTERS: [
			"	",
			"\n",
			"\v",
			"\f",
			"\r",
			" ",
			"\xA0",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			" ",
			"\u2028",
			"\u2029",
			" ",
			" ",
			"　",
			"﻿"
		],
		RELEASE_TYPES: [
			"major",
			"premajor",
			"minor",
			"preminor",
			"patch",
			"prepatch",
			"prerelease"
		],
		SEMVER_SPEC_VERSION: "2.0.0",
		FLAG_INCLUDE_PRERELEASE: 1,
		FLAG_LOOSE: 2
	};
}));
// node_modules/semver/internal/re.js
var require_re = __commonJSMin(((exports, module) => {
	const { MAX_SAFE_COMPONENT_LENGTH, MAX_SAFE_BUILD_LENGTH, MAX_LENGTH } = require_constants();
	const debug = require_debug();
	exports = module.exports = {};
	const re = exports.re = [];
	const safeRe = exports.safeRe = [];
	const src = exports.src = [];
	const safeSrc = exports.safeSrc = [];
	const t = exports.t = {};
	let R = 0;
	const LETTERDASHNUMBER = "[a-zA-Z0-9-]";
	const safeRegexReplacements = [
		["\\s", 1],
		["\\d", MAX_LENGTH],
		[LETTERDASHNUMBER, MAX_SAFE_BUILD_LENGTH]
	];
	const makeSafeRegex = (value) => {
		for (const [token, max] of safeRegexReplacements) value = value.split(`${token}*`).join(`${token}{0,${max}}`).split(`${token}+`).join(`${token}{1,${max}}`);
		return value;
	};
	const createToken = (name, value, isGlobal) => {
		const safe = makeSafeRegex(value);
		const index = R++;
		debug(name, index, value);
		t[name] = index;
		src[index] = value;
		safeSrc[index] = safe;
		re[index] = new RegExp(value, isGlobal ? "g" : void 0);
		safeRe[index] = new RegExp(safe, isGlobal ? "g" : void 0);
	};
	createToken("NUMERICIDENTIFIER", "0|[1-9]\\d*");
	createToken("NUMERICIDENTIFIERLOOSE", "\\d+");
	createToken("NONNUMERICIDENTIFIER", `\\d*[a-zA-Z-]${LETTERDASHNUMBER}*`);
	createToken("MAINVERSION", `(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})`);
	createToken("MAINVERSIONLOOSE", `(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})`);
	createToken("PRERELEASEIDENTIFIER", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIER]})`);
	createToken("PRERELEASEIDENTIFIERLOOSE", `(?:${src[t.NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIERLOOSE]})`);
	createToken("PRERELEASE", `(?:-(${src[t.PRERELEASEIDENTIFIER]}(?:\\.${src[t.PRERELEASEIDENTIFIER]})*))`);
	createToken("PRERELEASELOOSE", `(?:-?(${src[t.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${src[t.PRERELEASEIDENTIFIERLOOSE]})*))`);
	createToken("BUILDIDENTIFIER", `${LETTERDASHNUMBER}+`);
	createToken("BUILD", `(?:\\+(${src[t.BUILDIDENTIFIER]}(?:\\.${src[t.BUILDIDENTIFIER]})*))`);
	createToken("FULLPLAIN", `v?${src[t.MAINVERSION]}${src[t.PRERELEASE]}?${src[t.BUILD]}?`);
	createToken("FULL", `^${src[t.FULLPLAIN]}$`);
	createToken("LOOSEPLAIN", `[v=\\s]*${src[t.MAINVERSIONLOOSE]}${src[t.PRERELEASELOOSE]}?${src[t.BUILD]}?`);
	createToken("LOOSE", `^${src[t.LOOSEPLAIN]}$`);
	createToken("GTLT", "((?:<|>)?=?)");
	createToken("XRANGEIDENTIFIERLOOSE", `${src[t.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);
	createToken("XRANGEIDENTIFIER", `${src[t.NUMERICIDENTIFIER]}|x|X|\\*`);
	createToken("XRANGEPLAIN", `[v=\\s]*(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:${src[t.PRERELEASE]})?${src[t.BUILD]}?)?)?`);
	createToken("XRANGEPLAINLOOSE", `[v=\\s]*(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:${src[t.PRERELEASELOOSE]})?${src[t.BUILD]}?)?)?`);
	createToken("XRANGE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAIN]}$`);
	createToken("XRANGELOOSE", `^${src[t.GTLT]}\\s*${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("COERCEPLAIN", `(^|[^\\d])(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}})(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?`);
	createToken("COERCE", `${src[t.COERCEPLAIN]}(?:$|[^\\d])`);
	createToken("COERCEFULL", src[t.COERCEPLAIN] + `(?:${src[t.PRERELEASE]})?(?:${src[t.BUILD]})?(?:$|[^\\d])`);
	createToken("COERCERTL", src[t.COERCE], true);
	createToken("COERCERTLFULL", src[t.COERCEFULL], true);
	createToken("LONETILDE", "(?:~>?)");
	createToken("TILDETRIM", `(\\s*)${src[t.LONETILDE]}\\s+`, true);
	exports.tildeTrimReplace = "$1~";
	createToken("TILDE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAIN]}$`);
	createToken("TILDELOOSE", `^${src[t.LONETILDE]}${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("LONECARET", "(?:\\^)");
	createToken("CARETTRIM", `(\\s*)${src[t.LONECARET]}\\s+`, true);
	exports.caretTrimReplace = "$1^";
	createToken("CARET", `^${src[t.LONECARET]}${src[t.XRANGEPLAIN]}$`);
	createToken("CARETLOOSE", `^${src[t.LONECARET]}${src[t.XRANGEPLAINLOOSE]}$`);
	createToken("COMPARATORLOOSE", `^${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]})$|^$`);
	createToken("COMPARATOR", `^${src[t.GTLT]}\\s*(${src[t.FULLPLAIN]})$|^$`);
	createToken("COMPARATORTRIM", `(\\s*)${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]}|${src[t.XRANGEPLAIN]})`, true);
	exports.comparatorTrimReplace = "$1$2$3";
	createToken("HYPHENRANGE", `^\\s*(${src[t.XRANGEPLAIN]})\\s+-\\s+(${src[t.XRANGEPLAIN]})\\s*$`);
	createToken("HYPHENRANGELOOSE", `^\\s*(${src[t.XRANGEPLAINLOOSE]})\\s+-\\s+(${src[t.XRANGEPLAINLOOSE]})\\s*$`);
	createToken("STAR", "(<|>)?=?\\s*\\*");
	createToken("GTE0", "^\\s*>=\\s*0\\.0\\.0\\s*$");
	createToken("GTE0PRE", "^\\s*>=\\s*0\\.0\\.0-0\\s*$");
}));
// node_modules/semver/internal/parse-options.js
var require_parse_options = __commonJSMin(((exports, module) => {
	const looseOption = Object.freeze({ loose: true });
	const emptyOpts = Object.freeze({});
	const parseOptions = (options) => {
		if (!options) return emptyOpts;
		if (typeof options !== "object") return looseOption;
		return options;
	};
	module.exports = parseOptions;
}));
// node_modules/semver/internal/identifiers.js
var require_identifiers = __commonJSMin(((exports, module) => {
	const numeric = /^[0-9]+$/;
	const compareIdentifiers = (a, b) => {
		if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a < b ? -1 : 1;
		const anum = numeric.test(a);
		const bnum = numeric.test(b);
		if (anum && bnum) {
			a = +a;
			b = +b;
		}
		return a === b ? 0 : anum && !bnum ? -1 : bnum && !anum ? 1 : a < b ? -1 : 1;
	};
	const rcompareIdentifiers = (a, b) => compareIdentifiers(b, a);
	module.exports = {
		compareIdentifiers,
		rcompareIdentifiers
	};
}));
// node_modules/semver/classes/semver.js
var require_semver = __commonJSMin(((exports, module) => {
	const debug = require_debug();
	const { MAX_LENGTH, MAX_SAFE_INTEGER } = require_constants();
	const { safeRe: re, t } = require_re();
	const parseOptions = require_parse_options();
	const { compareIdentifiers } = require_identifiers();
	const isPrereleaseIdentifier = (prerelease, identifier) => {
		const identifiers = identifier.split(".");
		if (identifiers.length > prerelease.length) return false;
		for (let i = 0; i < identifiers.length; i++) if (compareIdentifiers(prerelease[i], identifiers[i]) !== 0) return false;
		return true;
	};
	module.exports = class SemVer {
		constructor(version, options) {
			options = parseOptions(options);
			if (version instanceof SemVer) {
				if (version.loose === !!options.loose && version.includePrerelease === !!options.includePrerelease) return version;
				else version = version.version;
			} else if (typeof version !== "string") throw new TypeError(`Invalid version. Must be a string. Got type "${typeof version}".`);
			if (version.length > MAX_LENGTH) throw new TypeError(`version is longer than ${MAX_LENGTH} characters`);
			debug("SemVer", version, options);
			this.options = options;
			this.loose = !!options.loose;
			this.includePrerelease = !!options.includePrerelease;
			const m = version.trim().match(options.loose ? re[t.LOOSE] : re[t.FULL]);
			if (!m) throw new TypeError(`Invalid Version: ${version}`);
			this.raw = version;
			this.major = +m[1];
			this.minor = +m[2];
			this.patch = +m[3];
			if (this.major > MAX_SAFE_INTEGER || this.major < 0) throw new TypeError("Invalid major version");
			if (this.minor > MAX_SAFE_INTEGER || this.minor < 0) throw new TypeError("Invalid minor version");
			if (this.patch > MAX_SAFE_INTEGER || this.patch < 0) throw new TypeError("Invalid patch version");
			if (!m[4]) this.prerelease = [];
			else this.prerelease = m[4].split(".").map((id) => {
				if (/^[0-9]+$/.test(id)) {
					const num = +id;
					if (num >= 0 && num < MAX_SAFE_INTEGER) return num;
				}
				return id;
			});
			this.build = m[5] ? m[5].split(".") : [];
			this.format();
		}
		format() {
			this.version = `${this.major}.${this.minor}.${this.patch}`;
			if (this.prerelease.length) this.version += `-${this.prerelease.join(".")}`;
			return this.version;
		}
		toString() {
			return this.version;
		}
		compare(other) {
			debug("SemVer.compare", this.version, this.options, other);
			if (!(other instanceof SemVer)) {
				if (typeof other === "string" && other === this.version) return 0;
				other = new SemVer(other, this.options);
			}
			if (other.version === this.version) return 0;
			return this.compareMain(other) || this.comparePre(other);
		}
		compareMain(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			if (this.major < other.major) return -1;
			if (this.major > other.major) return 1;
			if (this.minor < other.minor) return -1;
			if (this.minor > other.minor) return 1;
			if (this.patch < other.patch) return -1;
			if (this.patch > other.patch) return 1;
			return 0;
		}
		comparePre(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			if (this.prerelease.length && !other.prerelease.length) return -1;
			else if (!this.prerelease.length && other.prerelease.length) return 1;
			else if (!this.prerelease.length && !other.prerelease.length) return 0;
			let i = 0;
			do {
				const a = this.prerelease[i];
				const b = other.prerelease[i];
				debug("prerelease compare", i, a, b);
				if (a === void 0 && b === void 0) return 0;
				else if (b === void 0) return 1;
				else if (a === void 0) return -1;
				else if (a === b) continue;
				else return compareIdentifiers(a, b);
			} while (++i);
		}
		compareBuild(other) {
			if (!(other instanceof SemVer)) other = new SemVer(other, this.options);
			let i = 0;
			do {
				const a = this.build[i];
				const b = other.build[i];
				debug("build compare", i, a, b);
				if (a === void 0 && b === void 0) return 0;
				else if (b === void 0) return 1;
				else if (a === void 0) return -1;
				else if (a === b) continue;
				else return compareIdentifiers(a, b);
			} while (++i);
		}
		inc(release, identifier, identifierBase) {
			if (release.startsWith("pre")) {
				if (!identifier && identifierBase === false) throw new Error("invalid increment argument: identifier is empty");
				if (identifier) {
					const match = `-${identifier}`.match(this.options.loose ? re[t.PRERELEASELOOSE] : re[t.PRERELEASE]);
					if (!match || match[1] !== identifier) throw new Error(`invalid identifier: ${identifier}`);
				}
			}
			switch (release) {
				case "premajor":
					this.prerelease.length = 0;
					this.patch = 0;
					this.minor = 0;
					this.major++;
					this.inc("pre", identifier, identifierBase);
					break;
				case "preminor":
					this.prerelease.length = 0;
					this.patch = 0;
					this.minor++;
					this.inc("pre", identifier, identifierBase);
					break;
				case "prepatch":
					this.prerelease.length = 0;
					this.inc("patch", identifier, identifierBase);
					this.inc("pre", identifier, identifierBase);
					break;
				case "prerelease":
					if (this.prerelease.length === 0) this.inc("patch", identifier, identifierBase);
					this.inc("pre", identifier, identifierBase);
					break;
				case "release":
					if (this.prerelease.length === 0) throw new Error(`version ${this.raw} is not a prerelease`);
					this.prerelease.length = 0;
					break;
				case "major":
					if (this.minor !== 0 || this.patch !== 0 || this.prerelease.length === 0) this.major++;
					this.minor = 0;
					this.patch = 0;
					this.prerelease = [];
					break;
				case "minor":
					if (this.patch !== 0 || this.prerelease.length === 0) this.minor++;
					this.patch = 0;
					this.prerelease = [];
					break;
				case "patch":
					if (this.prerelease.length === 0) this.patch++;
					this.prerelease = [];
					break;
				case "pre": {
					const base = Number(identifierBase) ? 1 : 0;
					if (this.prerelease.length === 0) this.prerelease = [base];
					else {
						let i = this.prerelease.length;
						while (--i >= 0) if (typeof this.prerelease[i] === "number") {
							this.prerelease[i]++;
							i = -2;
						}
						if (i === -1) {
							if (identifier === this.prerelease.join(".") && identifierBase === false) throw new Error("invalid increment argument: identifier already exists");
							this.prerelease.push(base);
						}
					}
					if (identifier) {
						let prerelease = [identifier, base];
						if (identifierBase === false) prerelease = [identifier];
						if (isPrereleaseIdentifier(this.prerelease, identifier)) {
							const prereleaseBase = this.prerelease[identifier.split(".").length];
							if (isNaN(prereleaseBase)) this.prerelease = prerelease;
						} else this.prerelease = prerelease;
					}
					break;
				}
				default: throw new Error(`invalid increment argument: ${release}`);
			}
			this.raw = this.format();
			if (this.build.length) this.raw += `+${this.build.join(".")}`;
			return this;
		}
	};
}));
// node_modules/semver/functions/parse.js
var require_parse = __commonJSMin(((exports, module) => {
	const SemVer = require_semver();
	const parse = (version, options, throwErrors = false) => {
		if (version instanceof SemVer) return version;
		try {
			return new SemVer(version, options);
		} catch (er) {
			if (!throwErrors) return null;
			throw er;
		}
	};
	module.exports = parse;
}));
// node_modules/semver/functions/valid.js
var require_valid$1 = __commonJSMin(((exports, module) => {
	const parse = require_parse();
	const valid = (version, options) => {
		const v = parse(version, options);
		return v ? v.version : null;
	};
	module.exports = valid;
}));
// core/src/manifest/identifier.ts
var import_valid$1 = __toESM(require_valid$1(), 1);
const manifestName = "plugin.json5";
const identifierPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const simpleVersion = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;
const identifierWording = "has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them";
function isExtensionId(value) {
	return typeof value === "string" && value.length <= 128 && identifierPattern.test(value);
}
function isExtensionVersion(value) {
	return typeof value === "string" && (simpleVersion.test(value) || (0, import_valid$1.default)(value) === value.replace(/\+.*$/, ""));
}
function isContributionId(value) {
	return typeof value === "string" && identifierPattern.test(value);
}
// core/src/manifest/flat-schema.ts
const annotations = [
	"$schema",
	"$id",
	"$comment",
	"title",
	"description",
	"markdownDescription",
	"default"
];
const moreAnnotations = [
	"examples",
	"deprecated",
	"readOnly",
	"patternErrorMessage"
];
const silent = new Set([...annotations, ...moreAnnotations]);
const objectKeywords = new Set([
	"type",
	"properties",
	"required",
	"additionalProperties"
]);
const fieldKeywords = new Set(["type", "minLength"]);
const fieldTypes = new Set([
	"string",
	"boolean",
	"number"
]);
function compileFlatSchema(schema) {
	const { type, properties = {}, required = [], additionalProperties = true } = schema;
	if (!saysOnly(schema, objectKeywords) || type !== "object") return void 0;
	if (!isStringArray(required) || typeof additionalProperties !== "boolean") return void 0;
	if (!isObject$5(properties)) return void 0;
	const fields = [];
	for (const [name, description] of Object.entries(properties)) {
		if (name === "id" && saysNoMoreThanHost(description)) continue;
		if (!isObject$5(description) || !saysOnly(description, fieldKeywords)) return void 0;
		const { type: fieldType, minLength = 0 } = description;
		if (fieldType !== void 0 && !fieldTypes.has(fieldType)) return void 0;
		if (minLength !== 0 && (minLength !== 1 || fieldType !== "string")) return void 0;
		const isRequired = required.includes(name);
		fields.push({
			name,
			type: fieldType,
			isRequired,
			isFilled: minLength === 1
		});
	}
	for (const name of required) if (name !== "id" && !Object.hasOwn(properties, name)) fields.push({
		name,
		type: void 0,
		isRequired: true,
		isFilled: false
	});
	const known = additionalProperties ? void 0 : new Set(["id", ...Object.keys(properties)]);
	return (item) => {
		for (const field of fields) if (!fits(item, field)) return false;
		return known === void 0 || knowsAll(item, known);
	};
}
function saysNoMoreThanHost(description) {
	if (!isObject$5(description) || !saysOnly(description, new Set(["type", "pattern"]))) return false;
	const { type = "string", pattern = identifierPattern.source } = description;
	return type === "string" && pattern === identifierPattern.source;
}
function fits(item, field) {
	const { name, type, isRequired, isFilled } = field;
	if (!Object.hasOwn(item, name)) return !isRequired;
	const value = item[name];
	if (isFilled && value === "") return false;
	return type === void 0 || typeof value === type && (type !== "number" || Number.isFinite(value));
}
function knowsAll(item, known) {
	for (const key in item) if (!known.has(key)) return false;
	return true;
}
function saysOnly(schema, keywords) {
	return Object.keys(schema).every((key) => keywords.has(key) || silent.has(key));
}
function isStringArray(value) {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}
function isObject$5(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/manifest/section-schema.ts
const maximumSchemaBytes = 32768;
const none$6 = Object.freeze([]);
var SectionChecker = class {
	#prepared = new WeakMap();
	#workbench = new Workbench();
	check(section, schema, allowance = new ProcessorAllowance()) {
		const prepared = this.#prepare(schema);
		if (prepared.isWhole) return this.#checkWhole(section, "The section", schema, prepared, allowance);
		if (!Array.isArray(section)) return [invalid$1("", "The section has to be an array of contributions.")];
		const items = section;
		if (allFitQuickly(items, prepared.flat)) return none$6;
		const check = () => this.#checkItems(items, schema, prepared);
		if (items.every((item) => fitsQuickly(item, prepared.flat))) return check();
		this.#validator(schema, prepared);
		return this.#bounded("The section", allowance, check);
	}
	checkValue(value, schema, { whole }) {
		return this.#checkWhole(value, whole, schema, this.#prepare(schema), new ProcessorAllowance());
	}
	faultOfSchema(schema) {
		try {
			const prepared = this.#prepare(schema);
			if (prepared.flat === void 0) this.#validator(schema, prepared);
			return;
		} catch (error) {
			return error.message;
		}
	}
	#checkWhole(value, whole, schema, prepared, allowance) {
		this.#validator(schema, prepared);
		return this.#bounded(whole, allowance, () => this.#validate(value, "", whole, schema, prepared));
	}
	#checkItems(items, schema, prepared) {
		const findings = [];
		const firstIndex = new Map();
		let errors = 0;
		for (const [index, item] of items.entries()) {
			if (errors >= 100) break;
			const path = `/${index}`;
			if (!fitsQuickly(item, prepared.flat)) {
				const found = this.#checkItem(item, path, schema, prepared);
				if (found.some(({ severity }) => severity === "error")) errors++;
				findings.push(...found);
			}
			const id = isObject$4(item) && isContributionId(item.id) ? item.id : void 0;
			if (id === void 0) continue;
			if (firstIndex.get(id) === void 0) firstIndex.set(id, index);
			else {
				errors++;
				findings.push(duplicate(`${path}/id`, id));
			}
		}
		return findings.length === 0 ? none$6 : findings;
	}
	#checkItem(item, path, schema, prepared) {
		if (!isObject$4(item)) return [invalid$1(path, "A contribution has to be an object.")];
		const faultOfId = findFaultOfId(item, path);
		const others = this.#validate(item, path, "The contribution", schema, prepared, (finding) => faultOfId === void 0 ? unknownKeyOf(finding) === "id" : isAboutId(finding));
		return faultOfId === void 0 ? others : [faultOfId, ...others];
	}
	#validate(value, path, whole, schema, prepared, leaveOut = () => false) {
		const validate = this.#validator(schema, prepared);
		try {
			if (validate(value) === true) return none$6;
		} catch (error) {
			return [uncheckable(path, whole, error)];
		}
		return formatFindings(schemaFindings(validate.errors ?? []).filter((finding) => !leaveOut(finding)), {
			value,
			whole
		}).map((finding) => ({
			code: finding.unknownKey ? "MANIFEST_UNKNOWN_KEY" : "CONTRIBUTION_INVALID",
			severity: finding.unknownKey ? "warning" : "error",
			path: path + finding.path,
			message: finding.message,
			...finding.suggestion === void 0 ? void 0 : { suggestion: finding.suggestion },
			key: finding.key
		}));
	}
	#bounded(whole, allowance, find) {
		try {
			return this.#workbench.run(find, allowance);
		} catch (error) {
			if (error instanceof TooSlow) return [uncheckable("", whole, error)];
			throw error;
		}
	}
	#prepare(schema) {
		let prepared = this.#prepared.get(schema);
		if (prepared === void 0) {
			const { type } = schema;
			const isWhole = type === "array" || Array.isArray(type) && type.includes("array");
			prepared = {
				isWhole,
				flat: isWhole ? void 0 : compileFlatSchema(schema)
			};
			this.#prepared.set(schema, prepared);
		}
		return prepared;
	}
	#validator(schema, prepared) {
		prepared.validate ??= compile(schema);
		return prepared.validate;
	}
};
function compile(schema) {
	const copy = { ...schema };
	delete copy.$schema;
	delete copy.$async;
	try {
		return compileWithoutMeta(copy);
	} catch (error) {
		throw new TypeError(`The schema can't be used: ${error.message}`, { cause: error });
	}
}
function compileWithoutMeta(schema) {
	try {
		return createAjv({ meta: false }).compile(schema);
	} catch (error) {
		if (!error.message.includes("json-schema.org")) throw error;
		return createAjv({ meta: true }).compile(schema);
	}
}
function createAjv({ meta }) {
	const { Ajv2020 } = createRequire(import.meta.url)("ajv/dist/2020.js");
	return new Ajv2020({
		allErrors: true,
		code: { optimize: false },
		logger: false,
		meta,
		ownProperties: true,
		strict: false,
		strictNumbers: true,
		validateFormats: false,
		validateSchema: false,
		verbose: true
	});
}
function allFitQuickly(items, flat) {
	if (items.length > 8) return false;
	for (let index = 0; index < items.length; index++) {
		const item = items[index];
		if (!fitsQuickly(item, flat)) return false;
		for (let other = 0; other < index; other++) if (items[other].id === item.id) return false;
	}
	return true;
}
function fitsQuickly(item, flat) {
	return flat !== void 0 && isObject$4(item) && isContributionId(item.id) && flat(item);
}
function findFaultOfId(item, path) {
	if (item.id === void 0) return invalid$1(path, `The contribution needs "id".`);
	return isContributionId(item.id) ? void 0 : invalid$1(`${path}/id`, `"id" ${identifierWording}.`);
}
function isAboutId(finding) {
	if (finding.path === "/id" || unknownKeyOf(finding) === "id") return true;
	return finding.path === "" && finding.params.missingProperty === "id";
}
function unknownKeyOf({ path, params }) {
	return path === "" ? params.additionalProperty ?? params.unevaluatedProperty : void 0;
}
function invalid$1(path, message) {
	return {
		code: "CONTRIBUTION_INVALID",
		severity: "error",
		path,
		message,
		key: false
	};
}
function uncheckable(path, whole, { message }) {
	return invalid$1(path, `${whole} can't be checked against the schema of its point: ${message}.`);
}
function duplicate(path, id) {
	return {
		code: "CONTRIBUTION_DUPLICATE",
		severity: "error",
		path,
		message: `The id "${id}" is contributed twice to this point.`,
		key: false
	};
}
function isObject$4(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/contribution/section-examiner.ts
var Examination = class Examination {
	description;
	claims;
	unclaimed;
	#examiner;
	#problems;
	#silent;
	constructor(examiner, { description, claims, problems, unclaimed }) {
		this.#examiner = examiner;
		this.description = description;
		this.claims = claims;
		this.#problems = problems;
		this.unclaimed = unclaimed;
	}
	get problems() {
		return this.#silent === void 0 ? this.#problems : [...this.#problems, ...this.#silent.values()];
	}
	get events() {
		const events = outlineOf(this.description).activationEvents?.map(canonicalActivationEvent) ?? [];
		for (const pointId of Object.keys(this.claims)) {
			const activationEvent = this.#examiner.activationEvent(pointId);
			if (activationEvent === void 0) continue;
			for (const [index, item] of (this.claims[pointId] ?? nothing$3).entries()) {
				const implied = this.#implied(activationEvent, item, pointId, index);
				if (implied !== void 0) events.push(implied);
			}
		}
		return events;
	}
	waitsFor(event) {
		const { activationEvents = nothing$3 } = outlineOf(this.description);
		const hasArgument = event.includes(":");
		for (const pattern of activationEvents) if (matchesActivationEvent(pattern, event)) return true;
		for (const pointId of Object.keys(this.claims)) {
			const activationEvent = this.#examiner.activationEvent(pointId);
			if (activationEvent === void 0) continue;
			for (const [index, item] of (this.claims[pointId] ?? nothing$3).entries()) {
				const implied = this.#implied(activationEvent, item, pointId, index);
				if (implied === void 0) continue;
				if (implied === event || hasArgument && matchesActivationEvent(implied, event)) return true;
			}
		}
		return false;
	}
	#implied(activationEvent, item, pointId, index) {
		try {
			const event = activationEvent(item);
			if (typeof event === "string") return event;
			throw new TypeError(`it returned ${typeof event}, not the name of an event`);
		} catch (error) {
			const pointer = `${childPointer("/contributes", pointId)}/${String(index)}`;
			if (this.#silent?.has(pointer) !== true) {
				const finding = {
					code: "CONFIG_FUNCTION_FAILED",
					severity: "warning",
					message: `The activationEvent of the point "${pointId}" failed for this item: ${thrownText(error)}`
				};
				(this.#silent ??= new Map()).set(pointer, this.#examiner.problem(this.description, pointer, "value", finding));
			}
			return;
		}
	}
	withProblems(problems) {
		if (problems.length === 0) return this;
		const { description, claims, unclaimed } = this;
		const all = [...problems, ...this.#problems];
		return new Examination(this.#examiner, {
			description,
			claims,
			problems: all,
			unclaimed
		});
	}
};
const nothing$3 = Object.freeze([]);
const noSections = Object.freeze({});
var FirstProblems = class {
	list = [];
	#left = {
		error: 100,
		warning: 100
	};
	add(severity, problem) {
		if (this.#left[severity]-- > 0) this.list.push(problem());
	}
};
var SectionExaminer = class {
	#registry;
	#checker = new SectionChecker();
	#readManifest;
	#places;
	constructor(registry, readManifest) {
		this.#registry = registry;
		this.#readManifest = readManifest;
	}
	examine(description, before) {
		const sections = outlineOf(description).contributes ?? noSections;
		const known = before?.description === description ? before.claims : noSections;
		const refused = [];
		const unclaimed = [];
		const problems = new FirstProblems();
		const allowance = new ProcessorAllowance();
		for (const section of Object.keys(sections)) {
			const point = section === "points" ? void 0 : this.#registry.point(section);
			if (point === void 0) {
				refused.push(section);
				if (section === "points") continue;
				unclaimed.push(section);
				problems.add("warning", () => this.#unknownPoint(description, section));
			} else if (!Object.hasOwn(known, section)) {
				const findings = this.#checker.check(sections[section], point.schema, allowance);
				for (const finding of findings) problems.add(finding.severity, () => this.#placed(description, section, finding));
				if (findings.some(({ severity }) => severity === "error")) refused.push(section);
			}
		}
		return new Examination(this, {
			description,
			claims: without$1(sections, refused),
			problems: orNothing(problems.list),
			unclaimed: orNothing(unclaimed)
		});
	}
	activationEvent(pointId) {
		return this.#registry.point(pointId)?.activationEvent;
	}
	faultOfSchema(schema) {
		return this.#checker.faultOfSchema(schema);
	}
	problem(description, pointer, what, finding) {
		const { file, places } = this.#placesIn(description.folder);
		const { code, severity, message, suggestion } = finding;
		return {
			code,
			severity,
			message,
			file,
			...places?.at(pointer, what),
			path: pointer,
			extensionId: description.id,
			...suggestion === void 0 ? {} : { suggestion }
		};
	}
	#placesIn(folder) {
		if (this.#places?.folder === folder) return this.#places;
		const { file, text } = this.#readManifest(folder);
		const places = text === void 0 ? void 0 : new ManifestPlaces(text);
		queueMicrotask(() => {
			this.#places = void 0;
		});
		return this.#places = {
			folder,
			file,
			places
		};
	}
	#placed(description, section, finding) {
		const pointer = childPointer("/contributes", section) + finding.path;
		return this.problem(description, pointer, finding.key ? "key" : "value", finding);
	}
	#unknownPoint(description, section) {
		return this.problem(description, childPointer("/contributes", section), "key", {
			code: "MANIFEST_UNKNOWN_POINT",
			severity: "warning",
			message: `Nobody has opened a contribution point "${section}".`,
			suggestion: nearest(section, [...this.#registry.points, "points"])
		});
	}
};
function orNothing(list) {
	return list.length === 0 ? nothing$3 : list;
}
function without$1(sections, refused) {
	if (refused.length === 0) return sections;
	const leftOut = new Set(refused);
	return Object.fromEntries(Object.entries(sections).filter(([section]) => !leftOut.has(section)));
}
// core/src/discovery/extension-description.ts
var KeptDescription = class {
	folder;
	root;
	rank;
	name;
	id;
	version;
	fingerprint;
	problems;
	#kept;
	constructor(place, facts, kept) {
		this.folder = place.folder;
		this.root = place.root;
		this.rank = place.rank;
		this.name = place.name;
		this.id = facts.id;
		this.version = facts.version;
		this.fingerprint = facts.fingerprint;
		this.problems = facts.problems;
		this.#kept = kept;
	}
	get outline() {
		return this.#kept.outline;
	}
	get manifest() {
		return this.#kept.manifest;
	}
	get json() {
		return this.#kept.json ?? JSON.stringify(this.#kept.manifest);
	}
	toJSON() {
		const { folder, root, rank, name, id, version, manifest, fingerprint, problems } = this;
		return {
			folder,
			root,
			rank,
			name,
			id,
			version,
			manifest,
			fingerprint,
			problems
		};
	}
};
function realFolderOf({ fingerprint }) {
	return fingerprint.slice(fingerprint.indexOf(" ") + 1);
}
function jsonOf(description) {
	return description instanceof KeptDescription ? description.json : JSON.stringify(description.manifest);
}
// core/src/common/look-at.ts
const longestPath = process.platform === "win32" ? 32768 : 4096;
function lookAt(path) {
	try {
		return seen(statSync(path, { throwIfNoEntry: false }));
	} catch (error) {
		return { code: errorCode(error) };
	}
}
function lookAtEntry(path) {
	try {
		return seen(lstatSync(path, { throwIfNoEntry: false }));
	} catch (error) {
		return { code: errorCode(error) };
	}
}
async function lookLaterAt(path) {
	try {
		return { found: await stat(path) };
	} catch (error) {
		return { code: errorCode(error) };
	}
}
function lookInto(folder) {
	try {
		return { found: readdirSync(folder, { withFileTypes: true }) };
	} catch (error) {
		return { code: errorCode(error) };
	}
}
function* lookThrough(folder) {
	let open;
	try {
		open = opendirSync(folder, { bufferSize: 64 });
		for (let entry = open.readSync(); entry !== null; entry = open.readSync()) yield entry;
	} catch {} finally {
		close(open);
	}
}
function lookAtLink(path) {
	try {
		return { found: readlinkSync(path) };
	} catch (error) {
		return { code: errorCode(error) };
	}
}
function lookBehind(path) {
	try {
		return { found: realpathSync.native(path) };
	} catch (error) {
		return { code: errorCode(error) };
	}
}
function isFolder(path) {
	return lookAt(path).found?.isDirectory() === true;
}
function isLink(path) {
	return lookAtEntry(path).found?.isSymbolicLink() === true;
}
function saysMissing(code) {
	return code === "ENOENT" || code === "ENOTDIR";
}
function errorCode(error) {
	if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") return error.code;
	return String(error);
}
function seen(stats) {
	return stats === void 0 ? { code: "ENOENT" } : { found: stats };
}
function close(open) {
	try {
		open?.closeSync();
	} catch {}
}
// node_modules/semver/internal/lrucache.js
var require_lrucache = __commonJSMin(((exports, module) => {
	var LRUCache = class {
		constructor() {
			this.max = 1e3;
			this.map = new Map();
		}
		get(key) {
			const value = this.map.get(key);
			if (value === void 0) return;
			else {
				this.map.delete(key);
				this.map.set(key, value);
				return value;
			}
		}
		delete(key) {
			return this.map.delete(key);
		}
		set(key, value) {
			if (!this.delete(key) && value !== void 0) {
				if (this.map.size >= this.max) {
					const firstKey = this.map.keys().next().value;
					this.delete(firstKey);
				}
				this.map.set(key, value);
			}
			return this;
		}
	};
	module.exports = LRUCache;
}));
// node_modules/semver/functions/compare.js
var require_compare = __commonJSMin(((exports, module) => {
	const SemVer = require_semver();
	const compare = (a, b, loose) => new SemVer(a, loose).compare(new SemVer(b, loose));
	module.exports = compare;
}));
// node_modules/semver/functions/eq.js
var require_eq = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const eq = (a, b, loose) => compare(a, b, loose) === 0;
	module.exports = eq;
}));
// node_modules/semver/functions/neq.js
var require_neq = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const neq = (a, b, loose) => compare(a, b, loose) !== 0;
	module.exports = neq;
}));
// node_modules/semver/functions/gt.js
var require_gt = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const gt = (a, b, loose) => compare(a, b, loose) > 0;
	module.exports = gt;
}));
// node_modules/semver/functions/gte.js
var require_gte = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const gte = (a, b, loose) => compare(a, b, loose) >= 0;
	module.exports = gte;
}));
// node_modules/semver/functions/lt.js
var require_lt = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const lt = (a, b, loose) => compare(a, b, loose) < 0;
	module.exports = lt;
}));
// node_modules/semver/functions/lte.js
var require_lte = __commonJSMin(((exports, module) => {
	const compare = require_compare();
	const lte = (a, b, loose) => compare(a, b, loose) <= 0;
	module.exports = lte;
}));
// node_modules/semver/functions/cmp.js
var require_cmp = __commonJSMin(((exports, module) => {
	const eq = require_eq();
	const neq = require_neq();
	const gt = require_gt();
	const gte = require_gte();
	const lt = require_lt();
	const lte = require_lte();
	const cmp = (a, op, b, loose) => {
		switch (op) {
			case "===":
				if (typeof a === "object") a = a.version;
				if (typeof b === "object") b = b.version;
				return a === b;
			case "!==":
				if (typeof a === "object") a = a.version;
				if (typeof b === "object") b = b.version;
				return a !== b;
			case "":
			case "=":
			case "==": return eq(a, b, loose);
			case "!=": return neq(a, b, loose);
			case ">": return gt(a, b, loose);
			case ">=": return gte(a, b, loose);
			case "<": return lt(a, b, loose);
			case "<=": return lte(a, b, loose);
			default: throw new TypeError(`Invalid operator: ${op}`);
		}
	};
	module.exports = cmp;
}));
// node_modules/semver/classes/comparator.js
var require_comparator = __commonJSMin(((exports, module) => {
	const ANY = Symbol("SemVer ANY");
	module.exports = class Comparator {
		static get ANY() {
			return ANY;
		}
		constructor(comp, options) {
			options = parseOptions(options);
			if (comp instanceof Comparator) {
				if (comp.loose === !!options.loose) return comp;
				else comp = comp.value;
			}
			comp = comp.trim().split(/\s+/).join(" ");
			debug("comparator", comp, options);
			this.options = options;
			this.loose = !!options.loose;
			this.parse(comp);
			if (this.semver === ANY) this.value = "";
			else this.value = this.operator + this.semver.version;
			debug("comp", this);
		}
		parse(comp) {
			const r = this.options.loose ? re[t.COMPARATORLOOSE] : re[t.COMPARATOR];
			const m = comp.match(r);
			if (!m) throw new TypeError(`Invalid comparator: ${comp}`);
			this.operator = m[1] !== void 0 ? m[1] : "";
			if (this.operator === "=") this.operator = "";
			if (!m[2]) this.semver = ANY;
			else this.semver = new SemVer(m[2], this.options.loose);
		}
		toString() {
			return this.value;
		}
		test(version) {
			debug("Comparator.test", version, this.options.loose);
			if (this.semver === ANY || version === ANY) return true;
			if (typeof version === "string") try {
				version = new SemVer(version, this.options);
			} catch (er) {
				return false;
			}
			return cmp(version, this.operator, this.semver, this.options);
		}
		intersects(comp, options) {
			if (!(comp instanceof Comparator)) throw new TypeError("a Comparator is required");
			if (this.operator === "") {
				if (this.value === "") return true;
				return new Range(comp.value, options).test(this.value);
			} else if (comp.operator === "") {
				if (comp.value === "") return true;
				return new Range(this.value, options).test(comp.semver);
			}
			options = parseOptions(options);
			if (options.includePrerelease && (this.value === "<0.0.0-0" || comp.value === "<0.0.0-0")) return false;
			if (!options.includePrerelease && (this.value.startsWith("<0.0.0") || comp.value.startsWith("<0.0.0"))) return false;
			if (this.operator.startsWith(">") && comp.operator.startsWith(">")) return true;
			if (this.operator.startsWith("<") && comp.operator.startsWith("<")) return true;
			if (this.semver.version === comp.semver.version && this.operator.includes("=") && comp.operator.includes("=")) return true;
			if (cmp(this.semver, "<", comp.semver, options) && this.operator.startsWith(">") && comp.operator.startsWith("<")) return true;
			if (cmp(this.semver, ">", comp.semver, options) && this.operator.startsWith("<") && comp.operator.startsWith(">")) return true;
			return false;
		}
	};
	const parseOptions = require_parse_options();
	const { safeRe: re, t } = require_re();
	const cmp = require_cmp();
	const debug = require_debug();
	const SemVer = require_semver();
	const Range = require_range();
}));
// node_modules/semver/internal/trim-comparator-whitespace.js
var require_trim_comparator_whitespace = __commonJSMin(((exports, module) => {
	const { MAX_LENGTH, MAX_SAFE_BUILD_LENGTH, WHITESPACE_CHARACTERS } = require_constants();
	const whitespace = new Uint8Array(65536);
	for (const char of WHITESPACE_CHARACTERS) whitespace[char.charCodeAt(0)] = 1;
	const isWhitespace = (char) => char !== void 0 && whitespace[char.charCodeAt(0)] === 1;
	const isVersionPrefix = (char) => char === "v" || char === "=" || isWhitespace(char);
	const isDigit = (char) => char !== void 0 && char >= "0" && char <= "9";
	const isLetter = (char) => char !== void 0 && (char >= "a" && char <= "z" || char >= "A" && char <= "Z");
	const isIdentifierCharacter = (char) => isDigit(char) || isLetter(char) || char === "-";
	const isVersionStart = (char) => isDigit(char) || char === "x" || char === "X" || char === "*";
	const findDigitsEndIndex = (range, start, limit, digitRuns) => {
		if (!isDigit(range[start])) return start;
		if (start >= digitRuns.start && start < digitRuns.end) return Math.min(start + limit, digitRuns.end);
		if (start >= digitRuns.previousStart && start < digitRuns.previousEnd) return Math.min(start + limit, digitRuns.previousEnd);
		let end = start + 1;
		while (isDigit(range[end])) end++;
		digitRuns.previousStart = digitRuns.start;
		digitRuns.previousEnd = digitRuns.end;
		digitRuns.start = start;
		digitRuns.end = end;
		return Math.min(start + limit, end);
	};
	const findVersionNumberEndIndex = (range, start, loose, digitRuns) => {
		if (!loose && range[start] === "0") return start + 1;
		return findDigitsEndIndex(range, start, loose ? MAX_LENGTH : MAX_LENGTH + 1, digitRuns);
	};
	const findPrereleaseIdentifierEndIndex = (range, start, loose, digitRuns) => {
		const digitsEnd = findDigitsEndIndex(range, start, MAX_LENGTH, digitRuns);
		if (isLetter(range[digitsEnd]) || range[digitsEnd] === "-") {
			let end = digitsEnd + 1;
			const limit = end + MAX_SAFE_BUILD_LENGTH;
			while (end < limit && isIdentifierCharacter(range[end])) end++;
			return end;
		}
		return findVersionNumberEndIndex(range, start, loose, digitRuns);
	};
	const findPrereleaseEndIndex = (range, start, loose, digitRuns) => {
		const hyphen = range[start] === "-";
		if (!loose && !hyphen) return start;
		const identifierStart = start + (hyphen ? 1 : 0);
		let end = findPrereleaseIdentifierEndIndex(range, identifierStart, loose, digitRuns);
		if (end === identifierStart) {
			if (!loose || !hyphen) return start;
			end = findPrereleaseIdentifierEndIndex(range, start, loose, digitRuns);
		}
		while (range[end] === ".") {
			const next = findPrereleaseIdentifierEndIndex(range, end + 1, loose, digitRuns);
			if (next === end + 1) break;
			end = next;
		}
		return end;
	};
	const findBuildIdentifierEndIndex = (range, start) => {
		let end = start;
		while (end - start < MAX_SAFE_BUILD_LENGTH && isIdentifierCharacter(range[end])) end++;
		return end;
	};
	const findBuildEndIndex = (range, start) => {
		if (range[start] !== "+") return start;
		let end = findBuildIdentifierEndIndex(range, start + 1);
		if (end === start + 1) return start;
		while (range[end] === ".") {
			const next = findBuildIdentifierEndIndex(range, end + 1);
			if (next === end + 1) break;
			end = next;
		}
		return end;
	};
	const findLooseFullVersionEndIndex = (range, start, digitRuns) => {
		let end = start;
		for (let component = 0; component < 3; component++) {
			const next = findVersionNumberEndIndex(range, end, true, digitRuns);
			if (next === end) return start;
			end = next;
			if (component < 2) {
				if (range[end] !== ".") return start;
				end++;
			}
		}
		const prereleaseEnd = findPrereleaseEndIndex(range, end, true, digitRuns);
		return findBuildEndIndex(range, prereleaseEnd);
	};
	const findPartialVersionComponentEndIndex = (range, start, digitRuns) => {
		if (isDigit(range[start])) return findVersionNumberEndIndex(range, start, false, digitRuns);
		return isVersionStart(range[start]) ? start + 1 : start;
	};
	const findPartialVersionEndIndex = (range, start, digitRuns) => {
		let end = findPartialVersionComponentEndIndex(range, start, digitRuns);
		for (let component = 0; component < 2; component++) {
			if (range[end] !== ".") return end;
			const next = findPartialVersionComponentEndIndex(range, end + 1, digitRuns);
			if (next === end + 1) return end;
			end = next;
		}
		const prereleaseEnd = findPrereleaseEndIndex(range, end, false, digitRuns);
		return findBuildEndIndex(range, prereleaseEnd);
	};
	const findVersionEndIndex = (range, start, digitRuns) => {
		const fullVersionEnd = findLooseFullVersionEndIndex(range, start, digitRuns);
		return fullVersionEnd !== start ? fullVersionEnd : findPartialVersionEndIndex(range, start, digitRuns);
	};
	const findRemovableWhitespaceIndex = (range, matchStart) => {
		let position = matchStart;
		if (isWhitespace(range[position])) position++;
		if (range[position] === "<" || range[position] === ">") position++;
		if (range[position] === "=") position++;
		return isWhitespace(range[position]) ? position : -1;
	};
	const trimComparatorWhitespace = (range) => {
		let result = "";
		let copyFrom = 0;
		let cursor = 0;
		const digitRuns = {
			start: -1,
			end: -1,
			previousStart: -1,
			previousEnd: -1
		};
		while (cursor < range.length) {
			const matchStart = cursor;
			if (range[cursor] === "<" || range[cursor] === ">") cursor++;
			else if (!isVersionPrefix(range[cursor]) && !isVersionStart(range[cursor])) {
				cursor++;
				continue;
			}
			while (cursor < range.length && isVersionPrefix(range[cursor])) cursor++;
			if (!isVersionStart(range[cursor])) continue;
			const whitespacePosition = findRemovableWhitespaceIndex(range, matchStart);
			if (whitespacePosition !== -1) {
				result += range.slice(copyFrom, whitespacePosition);
				copyFrom = whitespacePosition + 1;
			}
			cursor = findVersionEndIndex(range, cursor, digitRuns);
		}
		return result + range.slice(copyFrom);
	};
	module.exports = trimComparatorWhitespace;
}));
// node_modules/semver/classes/range.js
var require_range = __commonJSMin(((exports, module) => {
	const SPACE_CHARACTERS = /\s+/g;
	module.exports = class Range {
		constructor(range, options) {
			options = parseOptions(options);
			if (range instanceof Range) {
				if (range.loose === !!options.loose && range.includePrerelease === !!options.includePrerelease) return range;
				else return new Range(range.raw, options);
			}
			if (range instanceof Comparator) {
				this.raw = range.value;
				this.set = [[range]];
				this.formatted = void 0;
				return this;
			}
			this.options = options;
			this.loose = !!options.loose;
			this.includePrerelease = !!options.includePrerelease;
			this.raw = range.trim().replace(SPACE_CHARACTERS, " ");
			this.set = this.raw.split("||").map((r) => this.parseRange(r.trim())).filter((c) => c.length);
			if (!this.set.length) throw new TypeError(`Invalid SemVer Range: ${this.raw}`);
			if (this.set.length > 1) {
				const first = this.set[0];
				this.set = this.set.filter((c) => !isNullSet(c[0]));
				if (this.set.length === 0) this.set = [first];
				else if (this.set.length > 1) {
					for (const c of this.set) if (c.length === 1 && isAny(c[0])) {
						this.set = [c];
						break;
					}
				}
			}
			this.formatted = void 0;
		}
		get range() {
			if (this.formatted === void 0) {
				this.formatted = "";
				for (let i = 0; i < this.set.length; i++) {
					if (i > 0) this.formatted += "||";
					const comps = this.set[i];
					for (let k = 0; k < comps.length; k++) {
						if (k > 0) this.formatted += " ";
						this.formatted += comps[k].toString().trim();
					}
				}
			}
			return this.formatted;
		}
		format() {
			return this.range;
		}
		toString() {
			return this.range;
		}
		parseRange(range) {
			range = range.replace(BUILDSTRIPRE, "");
			const memoKey = ((this.options.includePrerelease && FLAG_INCLUDE_PRERELEASE) | (this.options.loose && FLAG_LOOSE)) + ":" + range;
			const cached = cache.get(memoKey);
			if (cached) return cached;
			const loose = this.options.loose;
			const hr = loose ? re[t.HYPHENRANGELOOSE] : re[t.HYPHENRANGE];
			range = range.replace(hr, hyphenReplace(this.options.includePrerelease));
			debug("hyphen replace", range);
			range = trimComparatorWhitespace(range);
			debug("comparator trim", range);
			range = range.replace(re[t.TILDETRIM], tildeTrimReplace);
			debug("tilde trim", range);
			range = range.replace(re[t.CARETTRIM], caretTrimReplace);
			debug("caret trim", range);
			let rangeList = range.split(" ").map((comp) => parseComparator(comp, this.options)).join(" ").split(/\s+/).map((comp) => replaceGTE0(comp, this.options));
			if (loose) rangeList = rangeList.filter((comp) => {
				debug("loose invalid filter", comp, this.options);
				return !!comp.match(re[t.COMPARATORLOOSE]);
			});
			debug("range list", rangeList);
			const rangeMap = new Map();
			const comparators = rangeList.map((comp) => new Comparator(comp, this.options));
			for (const comp of comparators) {
				if (isNullSet(comp)) return [comp];
				rangeMap.set(comp.value, comp);
			}
			if (rangeMap.size > 1 && rangeMap.has("")) rangeMap.delete("");
			const result = [...rangeMap.values()];
			cache.set(memoKey, result);
			return result;
		}
		intersects(range, options) {
			if (!(range instanceof Range)) throw new TypeError("a Range is required");
			return this.set.some((thisComparators) => {
				return isSatisfiable(thisComparators, options) && range.set.some((rangeComparators) => {
					return isSatisfiable(rangeComparators, options) && thisComparators.every((thisComparator) => {
						return rangeComparators.every((rangeComparator) => {
							return thisComparator.intersects(rangeComparator, options);
						});
					});
				});
			});
		}
		test(version) {
			if (!version) return false;
			if (typeof version === "string") try {
				version = new SemVer(version, this.options);
			} catch (er) {
				return false;
			}
			for (let i = 0; i < this.set.length; i++) if (testSet(this.set[i], version, this.options)) return true;
			return false;
		}
	};
	const cache = new (require_lrucache())();
	const parseOptions = require_parse_options();
	const Comparator = require_comparator();
	const debug = require_debug();
	const SemVer = require_semver();
	const trimComparatorWhitespace = require_trim_comparator_whitespace();
	const { safeRe: re, src, t, tildeTrimReplace, caretTrimReplace } = require_re();
	const { FLAG_INCLUDE_PRERELEASE, FLAG_LOOSE } = require_constants();
	const BUILDSTRIPRE = new RegExp(src[t.BUILD], "g");
	const isNullSet = (c) => c.value === "<0.0.0-0";
	const isAny = (c) => c.value === "";
	const isSatisfiable = (comparators, options) => {
		let result = true;
		const remainingComparators = comparators.slice();
		let testComparator = remainingComparators.pop();
		while (result && remainingComparators.length) {
			result = remainingComparators.every((otherComparator) => {
				return testComparator.intersects(otherComparator, options);
			});
			testComparator = remainingComparators.pop();
		}
		return result;
	};
	const parseComparator = (comp, options) => {
		comp = comp.replace(re[t.BUILD], "");
		debug("comp", comp, options);
		comp = replaceCarets(comp, options);
		debug("caret", comp);
		comp = replaceTildes(comp, options);
		debug("tildes", comp);
		comp = replaceXRanges(comp, options);
		debug("xrange", comp);
		comp = replaceStars(comp, options);
		debug("stars", comp);
		return comp;
	};
	const isX = (id) => !id || id.toLowerCase() === "x" || id === "*";
	const invalidXRangeOrder = (M, m, p) => isX(M) && !isX(m) || isX(m) && p && !isX(p);
	const replaceTildes = (comp, options) => {
		return comp.trim().split(/\s+/).map((c) => replaceTilde(c, options)).join(" ");
	};
	const replaceTilde = (comp, options) => {
		const r = options.loose ? re[t.TILDELOOSE] : re[t.TILDE];
		const z = options.includePrerelease ? "-0" : "";
		return comp.replace(r, (_, M, m, p, pr) => {
			debug("tilde", comp, _, M, m, p, pr);
			let ret;
			if (isX(M)) ret = "";
			else if (isX(m)) ret = `>=${M}.0.0${z} <${+M + 1}.0.0-0`;
			else if (isX(p)) ret = `>=${M}.${m}.0${z} <${M}.${+m + 1}.0-0`;
			else if (pr) {
				debug("replaceTilde pr", pr);
				ret = `>=${M}.${m}.${p}-${pr} <${M}.${+m + 1}.0-0`;
			} else ret = `>=${M}.${m}.${p} <${M}.${+m + 1}.0-0`;
			debug("tilde return", ret);
			return ret;
		});
	};
	const replaceCarets = (comp, options) => {
		return comp.trim().split(/\s+/).map((c) => replaceCaret(c, options)).join(" ");
	};
	const replaceCaret = (comp, options) => {
		debug("caret", comp, options);
		const r = options.loose ? re[t.CARETLOOSE] : re[t.CARET];
		const z = options.includePrerelease ? "-0" : "";
		return comp.replace(r, (_, M, m, p, pr) => {
			debug("caret", comp, _, M, m, p, pr);
			let ret;
			if (isX(M)) ret = "";
			else if (isX(m)) ret = `>=${M}.0.0${z} <${+M + 1}.0.0-0`;
			else if (isX(p)) {
				if (M === "0") ret = `>=${M}.${m}.0${z} <${M}.${+m + 1}.0-0`;
				else ret = `>=${M}.${m}.0${z} <${+M + 1}.0.0-0`;
			} else if (pr) {
				debug("replaceCaret pr", pr);
				if (M === "0") {
					if (m === "0") ret = `>=${M}.${m}.${p}-${pr} <${M}.${m}.${+p + 1}-0`;
					else ret = `>=${M}.${m}.${p}-${pr} <${M}.${+m + 1}.0-0`;
				} else ret = `>=${M}.${m}.${p}-${pr} <${+M + 1}.0.0-0`;
			} else {
				debug("no pr");
				if (M === "0") {
					if (m === "0") ret = `>=${M}.${m}.${p} <${M}.${m}.${+p + 1}-0`;
					else ret = `>=${M}.${m}.${p} <${M}.${+m + 1}.0-0`;
				} else ret = `>=${M}.${m}.${p} <${+M + 1}.0.0-0`;
			}
			debug("caret return", ret);
			return ret;
		});
	};
	const replaceXRanges = (comp, options) => {
		debug("replaceXRanges", comp, options);
		return comp.split(/\s+/).map((c) => replaceXRange(c, options)).join(" ");
	};
	const replaceXRange = (comp, options) => {
		comp = comp.trim();
		const r = options.loose ? re[t.XRANGELOOSE] : re[t.XRANGE];
		return comp.replace(r, (ret, gtlt, M, m, p, pr) => {
			debug("xRange", comp, ret, gtlt, M, m, p, pr);
			if (invalidXRangeOrder(M, m, p)) return comp;
			const xM = isX(M);
			const xm = xM || isX(m);
			const xp = xm || isX(p);
			const anyX = xp;
			if (gtlt === "=" && anyX) gtlt = "";
			pr = options.includePrerelease ? "-0" : "";
			if (xM) {
				if (gtlt === ">" || gtlt === "<") ret = "<0.0.0-0";
				else ret = "*";
			} else if (gtlt && anyX) {
				if (xm) m = 0;
				p = 0;
				if (gtlt === ">") {
					gtlt = ">=";
					if (xm) {
						M = +M + 1;
						m = 0;
						p = 0;
					} else {
						m = +m + 1;
						p = 0;
					}
				} else if (gtlt === "<=") {
					gtlt = "<";
					if (xm) M = +M + 1;
					else m = +m + 1;
				}
				if (gtlt === "<") pr = "-0";
				ret = `${gtlt + M}.${m}.${p}${pr}`;
			} else if (xm) ret = `>=${M}.0.0${pr} <${+M + 1}.0.0-0`;
			else if (xp) ret = `>=${M}.${m}.0${pr} <${M}.${+m + 1}.0-0`;
			debug("xRange return", ret);
			return ret;
		});
	};
	const replaceStars = (comp, options) => {
		debug("replaceStars", comp, options);
		return comp.trim().replace(re[t.STAR], "");
	};
	const replaceGTE0 = (comp, options) => {
		debug("replaceGTE0", comp, options);
		return comp.trim().replace(re[options.includePrerelease ? t.GTE0PRE : t.GTE0], "");
	};
	const hyphenReplace = (incPr) => ($0, from, fM, fm, fp, fpr, fb, to, tM, tm, tp, tpr) => {
		if (isX(fM)) from = "";
		else if (isX(fm)) from = `>=${fM}.0.0${incPr ? "-0" : ""}`;
		else if (isX(fp)) from = `>=${fM}.${fm}.0${incPr ? "-0" : ""}`;
		else if (fpr) from = `>=${from}`;
		else from = `>=${from}${incPr ? "-0" : ""}`;
		if (isX(tM)) to = "";
		else if (isX(tm)) to = `<${+tM + 1}.0.0-0`;
		else if (isX(tp)) to = `<${tM}.${+tm + 1}.0-0`;
		else if (tpr) to = `<=${tM}.${tm}.${tp}-${tpr}`;
		else if (incPr) to = `<${tM}.${tm}.${+tp + 1}-0`;
		else to = `<=${to}`;
		return `${from} ${to}`.trim();
	};
	const testSet = (set, version, options) => {
		for (let i = 0; i < set.length; i++) if (!set[i].test(version)) return false;
		if (version.prerelease.length && !options.includePrerelease) {
			for (let i = 0; i < set.length; i++) {
				debug(set[i].semver);
				if (set[i].semver === Comparator.ANY) continue;
				if (set[i].semver.prerelease.length > 0) {
					const allowed = set[i].semver;
					if (allowed.major === version.major && allowed.minor === version.minor && allowed.patch === version.patch) return true;
				}
			}
			return false;
		}
		return true;
	};
}));
// node_modules/semver/functions/satisfies.js
var require_satisfies = __commonJSMin(((exports, module) => {
	const Range = require_range();
	const satisfies = (version, range, options) => {
		try {
			range = new Range(range, options);
		} catch (er) {
			return false;
		}
		return range.test(version);
	};
	module.exports = satisfies;
}));
// node_modules/semver/ranges/valid.js
var require_valid = __commonJSMin(((exports, module) => {
	const Range = require_range();
	const validRange = (range, options) => {
		try {
			return new Range(range, options).range || "*";
		} catch (er) {
			return null;
		}
	};
	module.exports = validRange;
}));
// core/src/manifest/path-in-folder.ts
var import_satisfies = __toESM(require_satisfies(), 1);
var import_valid = __toESM(require_valid(), 1);
function faultOfPath(path) {
	if (path.includes("\0")) return "must not hold a NUL character";
	if (path.includes("\\")) return "has to use / between its parts, not \\";
	if (path.startsWith("/") || path.includes(":") && /^[a-z][a-z0-9+.-]*:/i.test(path)) return "has to be relative to the extension's folder";
	if (!path.includes("..")) return void 0;
	let depth = 0;
	for (const part of path.split("/")) {
		if (part === "..") depth -= 1;
		else if (part !== "" && part !== ".") depth += 1;
		if (depth < 0) return "leads out of the extension's folder";
	}
}
// core/src/manifest/watch-globs.ts
const mostCharacters$1 = 2048;
const unmeant = new Set(["node_modules", ".git"]);
const any = { kind: "any" };
var WatchGlobs = class {
	#patterns;
	constructor(globs) {
		this.#patterns = readGlobs(globs).flatMap(({ alternatives }) => alternatives.map(partsOf));
	}
	fits(path) {
		const names = path.split("/");
		return this.#patterns.some((parts) => reached(parts, names).has(parts.length));
	}
	leadsInto(path) {
		const names = path === "" ? [] : path.split("/");
		return this.#patterns.some((parts) => {
			const places = reached(parts, names);
			places.delete(parts.length);
			return places.size > 0;
		});
	}
};
function faultsOfGlobs(globs) {
	return readGlobs(globs).flatMap(({ fault }, index) => fault === void 0 ? [] : [{
		index,
		fault
	}]);
}
function readGlobs(globs) {
	let leftCharacters = mostCharacters$1;
	return globs.map((glob) => {
		const fault = faultOfWording(glob);
		if (fault !== void 0) return {
			alternatives: [],
			fault
		};
		if (leftCharacters === 0) return { alternatives: [] };
		const alternatives = alternativesOf(glob, leftCharacters);
		if (alternatives === void 0) {
			leftCharacters = 0;
			return {
				alternatives: [],
				fault: `is too much: all globs together may come to ${mostCharacters$1.toLocaleString("en")} characters`
			};
		}
		for (const { length } of alternatives) leftCharacters = Math.max(0, leftCharacters - length);
		return { alternatives };
	});
}
function faultOfWording(glob) {
	if (glob.length > mostCharacters$1) return `has ${glob.length.toLocaleString("en")} characters`;
	if (glob.startsWith("!")) return "begins with \"!\", and what to leave out can't be named";
	const group = /[!?*+@]\(/.exec(glob)?.[0];
	if (group !== void 0) return `uses "${group}", which is not among "*", "?", "[a-z]", "{a,b}" and "**"`;
	let depth = 0;
	for (const [brace] of glob.matchAll(/[{}]/g)) {
		depth += brace === "{" ? 1 : -1;
		if (depth < 0) break;
	}
	if (depth !== 0) return "has a \"{\" or \"}\" without the other";
	if (/\{[^{},]*\}/.test(glob)) return "has braces without a comma";
	if (glob.split("/").some(hasOpenSet)) return "has a \"[\" that is not closed before the next \"/\"";
}
function reached(parts, names) {
	let places = withSkipped(parts, new Set([0]));
	for (const name of names) {
		const next = new Set();
		for (const place of places) {
			const part = parts[place];
			if (part === void 0 || !fitsPart(part, name)) continue;
			next.add(part.kind === "any" ? place : place + 1);
		}
		places = withSkipped(parts, next);
		if (places.size === 0) break;
	}
	return places;
}
function withSkipped(parts, places) {
	for (const place of places) if (parts[place]?.kind === "any") places.add(place + 1);
	return places;
}
function fitsPart(part, name) {
	if (part.kind === "any") return !unmeant.has(name);
	if (!part.isLiteral && unmeant.has(name)) return false;
	return fitsTokens(part.tokens, name);
}
function fitsTokens(tokens, name) {
	let token = 0;
	let at = 0;
	let star = -1;
	let starAt = 0;
	while (at < name.length || token < tokens.length) {
		const current = tokens[token];
		if (current?.kind === "many") {
			star = token++;
			starAt = at;
			continue;
		}
		const length = current === void 0 ? 0 : lengthOfFit(current, name, at);
		if (length > 0) {
			token += 1;
			at += length;
		} else {
			if (star < 0 || starAt >= name.length) return false;
			starAt += 1;
			at = starAt;
			token = star + 1;
		}
	}
	return true;
}
function lengthOfFit(token, name, at) {
	if (token.kind === "text") return name.startsWith(token.text, at) ? token.text.length : 0;
	const code = name.codePointAt(at);
	if (code === void 0) return 0;
	const character = String.fromCodePoint(code);
	if (token.kind === "set") {
		if (token.ranges.some(([from, to]) => from <= character && character <= to) === token.isNegated) return 0;
	}
	return character.length;
}
function alternativesOf(glob, leftCharacters) {
	const whole = [];
	const open = [glob];
	let characters = 0;
	for (let text = open.pop(); text !== void 0; text = open.pop()) {
		characters += text.length;
		if (characters > leftCharacters) return void 0;
		const braces = /\{([^{}]*)\}/.exec(text);
		if (braces === null) {
			whole.push(text);
			continue;
		}
		const [all, inner = ""] = braces;
		const before = text.slice(0, braces.index);
		const after = text.slice(braces.index + all.length);
		for (const one of inner.split(",").reverse()) open.push(before + one + after);
	}
	return whole;
}
function partsOf(glob) {
	const names = glob.split("/").filter((name) => name !== "" && name !== ".");
	const parts = [];
	for (const name of names) if (name === "**") {
		if (parts.at(-1)?.kind !== "any") parts.push(any);
	} else {
		const tokens = tokensOf(name);
		parts.push({
			kind: "name",
			tokens,
			isLiteral: tokens.every(({ kind }) => kind === "text")
		});
	}
	const last = parts.at(-1);
	if (last === void 0 || glob.endsWith("/") || last.kind === "name" && last.isLiteral) parts.push(any);
	return parts;
}
function tokensOf(name) {
	const tokens = [];
	for (const [text, inSet] of name.matchAll(/\[([!^]?.[^\]]*)\]|\*+|\?|[^[*?]+/g)) if (inSet !== void 0) tokens.push(setOf(inSet));
	else if (text.startsWith("*")) tokens.push({ kind: "many" });
	else if (text === "?") tokens.push({ kind: "one" });
	else tokens.push({
		kind: "text",
		text
	});
	return tokens;
}
function setOf(inner) {
	const isNegated = /^[!^]/.test(inner);
	return {
		kind: "set",
		ranges: [...inner.slice(isNegated ? 1 : 0).matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, single]) => [from ?? single ?? "", to ?? single ?? ""]),
		isNegated
	};
}
function hasOpenSet(name) {
	for (let start = name.indexOf("["); start >= 0;) {
		const first = /[!^]/.test(name[start + 1] ?? "") ? start + 2 : start + 1;
		const end = name.indexOf("]", first + 1);
		if (end < 0) return true;
		start = name.indexOf("[", end);
	}
	return false;
}
// core/src/manifest/parse-manifest.ts
const maximumManifestBytes = 262144;
const mostDependencies = 1e3;
const longestKept = 4096;
const longestShown$1 = 80;
const simpleRange = /^\^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;
const noProblems$4 = Object.freeze([]);
function parseManifest(source, options) {
	const { text, file } = source;
	if (isTooLarge(text)) return { problems: [{
		code: "MANIFEST_TOO_LARGE",
		severity: "error",
		file,
		message: `The manifest is larger than ${maximumManifestBytes / 1024} KiB.`
	}] };
	const { value, keyFindings, failure } = readJson5(text, { detached: text.length > longestKept });
	const drafts = failure === void 0 ? checkValue(value, options, keyFindings.length > 0) : [failureDraft(failure, text)];
	const identity = identityOf(value);
	const problems = drafts.length === 0 && keyFindings.length === 0 ? noProblems$4 : placeDrafts(drafts, source, identity.id);
	if (problems.some((problem) => problem.severity === "error")) return {
		...identity,
		problems
	};
	return new SoundManifest(value, {
		text,
		strings: options.strings,
		...identity,
		problems
	});
}
var SoundManifest = class {
	id;
	version;
	problems;
	outline;
	#strings;
	#manifest;
	constructor(value, facts) {
		const { text, strings, id, version, problems } = facts;
		if (id !== void 0) this.id = id;
		if (version !== void 0) this.version = version;
		this.problems = problems;
		this.#strings = strings;
		const isKept = text.length <= longestKept;
		this.outline = isKept ? outlineAlone(value) : value;
		this.#manifest = isKept ? text : freezeDeeply(value);
	}
	get manifest() {
		if (typeof this.#manifest === "string") {
			const { value } = readJson5(this.#manifest, {
				frozen: true,
				strings: this.#strings
			});
			this.#manifest = value;
		}
		return this.#manifest;
	}
	get json() {
		const manifest = this.#manifest;
		return JSON.stringify(typeof manifest === "string" ? readJson5(manifest).value : manifest);
	}
};
function isTooLarge(text) {
	return text.length * 3 > 262144 && Buffer.byteLength(text) > 262144;
}
function identityOf(value) {
	if (!isObject$3(value)) return {};
	const { id, version } = value;
	return {
		...isExtensionId(id) ? { id } : void 0,
		...isExtensionVersion(version) ? { version } : void 0
	};
}
function failureDraft(failure, text) {
	const { offset } = failure;
	if (failure.kind === "depth") return {
		code: "MANIFEST_TOO_DEEP",
		severity: "error",
		message: `The manifest nests deeper than 64 levels.`,
		offset
	};
	return {
		code: "MANIFEST_SYNTAX",
		severity: "error",
		message: `The manifest is not JSON5: ${syntaxErrorWording(text) ?? failure.message}.`,
		offset
	};
}
function checkValue(value, options, hasKeyFindings) {
	const findings = validateManifest(value);
	const drafts = new Drafts(findings.length === 0 ? [] : formatFindings(findings, {
		value,
		whole: "The manifest"
	}).map(schemaDraft));
	if (isObject$3(value)) {
		checkVersions(value, options, drafts);
		checkPaths$1(value, drafts);
	}
	return hasKeyFindings ? drafts.all.filter((draft) => !/\/(?:__proto__|constructor|prototype)$/.test(draft.path ?? "")) : drafts.all;
}
var Drafts = class {
	all;
	#added = 0;
	#paths;
	constructor(drafts) {
		this.all = drafts;
	}
	addError(path, code, message) {
		this.#paths ??= new Set(this.all.map((draft) => draft.path));
		if (this.#paths.has(path) || this.#added === 100) return;
		this.#added++;
		this.#paths.add(path);
		this.all.push({
			code,
			severity: "error",
			message,
			path
		});
	}
};
function schemaDraft(finding) {
	const { path, message, key, suggestion } = finding;
	return {
		code: finding.unknownKey ? "MANIFEST_UNKNOWN_KEY" : "MANIFEST_INVALID",
		severity: finding.unknownKey ? "warning" : "error",
		message,
		path,
		key,
		...suggestion === void 0 ? void 0 : { suggestion }
	};
}
function checkVersions(manifest, options, drafts) {
	const { version, engines } = manifest;
	if (typeof version === "string" && !isExtensionVersion(version)) drafts.addError("/version", "MANIFEST_INVALID", `"version" has to be a semantic version such as 1.2.0.`);
	if (isObject$3(engines) && typeof engines.plugboard === "string") checkEngine(engines.plugboard, options, drafts);
	checkRanges(manifest, "extensionDependencies", drafts);
	checkRanges(manifest, "optionalExtensionDependencies", drafts);
}
function checkEngine(range, { apiVersion }, drafts) {
	const path = "/engines/plugboard";
	if (!isRange(range)) drafts.addError(path, "MANIFEST_INVALID", `"engines.plugboard" has to be a range of versions such as ^1.0.0.`);
	else if (!fitsApiVersion(range, apiVersion)) {
		const message = `The extension asks for Plugboard ${range}, and this host provides ${apiVersion}.`;
		drafts.addError(path, "MANIFEST_INCOMPATIBLE", message);
	}
}
function checkRanges(manifest, field, drafts) {
	const dependencies = manifest[field];
	if (!isObject$3(dependencies)) return;
	const ranges = Object.entries(dependencies);
	if (ranges.length > mostDependencies) {
		const message = `"${field}" must not name more than ${mostDependencies} extensions.`;
		drafts.addError(`/${field}`, "MANIFEST_INVALID", message);
		return;
	}
	for (const [id, range] of ranges) {
		if (typeof range !== "string" || isRange(range)) continue;
		const message = `The range of "${id}" in "${field}" has to be a range of versions such as ^1.0.0.`;
		drafts.addError(childPointer(`/${field}`, id), "MANIFEST_INVALID", message);
	}
}
function checkPaths$1(manifest, drafts) {
	const { main, icon, watch, contributes } = manifest;
	if (main !== void 0) checkPath(main, "/main", drafts);
	if (icon !== void 0) checkPath(icon, "/icon", drafts);
	if (Array.isArray(watch)) checkGlobs(watch, drafts);
	if (!isObject$3(contributes)) return;
	checkItemPaths(contributes, "points", "schema", drafts);
	checkItemPaths(contributes, "runtimes", "settings", drafts);
}
function checkGlobs(watch, drafts) {
	for (const [index, glob] of watch.entries()) checkPath(glob, `/watch/${index}`, drafts);
	const globs = watch.map((glob) => typeof glob === "string" ? glob : "");
	for (const { index, fault } of faultsOfGlobs(globs)) {
		const message = `The glob ${JSON.stringify(shortened(globs[index] ?? ""))} ${fault}.`;
		drafts.addError(`/watch/${index}`, "MANIFEST_INVALID", message);
	}
}
function shortened(glob) {
	return glob.length > longestShown$1 ? `${glob.slice(0, longestShown$1)}…` : glob;
}
function checkItemPaths(contributes, section, key, drafts) {
	const items = contributes[section];
	if (!Array.isArray(items)) return;
	for (const [index, item] of items.entries()) if (isObject$3(item)) checkPath(item[key], `/contributes/${section}/${index}/${key}`, drafts);
}
function checkPath(path, pointer, drafts) {
	if (typeof path !== "string") return;
	const fault = faultOfPath(path);
	if (fault !== void 0) drafts.addError(pointer, "MANIFEST_PATH", `The path ${JSON.stringify(path)} ${fault}.`);
}
function fitsApiVersion(range, apiVersion) {
	const [, major, minor, patch] = simpleRange.exec(range) ?? [];
	const [, hostMajor, hostMinor, hostPatch] = simpleVersion.exec(apiVersion) ?? [];
	if (major === void 0 || hostMajor === void 0 || major === "0") return (0, import_satisfies.default)(apiVersion, range, { includePrerelease: true });
	if (hostMajor !== major) return false;
	const difference = Number(hostMinor) - Number(minor);
	return difference > 0 || difference === 0 && Number(hostPatch) >= Number(patch);
}
function isRange(range) {
	return range === "*" || simpleRange.test(range) || (0, import_valid.default)(range) !== null;
}
function placeDrafts(drafts, { text, file }, id) {
	const { place, keyFindings } = readJson5(text, { places: true });
	const lines = new TextLines(text);
	return [...drafts, ...keyFindings.slice(0, 100).map((finding) => keyDraft(finding, lines))].map((draft) => ({
		draft,
		offset: draft.offset ?? offsetOf(place, draft.path ?? "", draft.key ? "key" : "value")
	})).sort((a, b) => a.offset - b.offset).map(({ draft, offset }) => ({
		code: draft.code,
		severity: draft.severity,
		file,
		...lines.at(offset),
		...draft.path === void 0 ? void 0 : { path: draft.path },
		message: draft.message,
		...draft.suggestion === void 0 ? void 0 : { suggestion: draft.suggestion },
		...id === void 0 ? void 0 : { extensionId: id }
	}));
}
function keyDraft(finding, lines) {
	const { key, offset, path, firstOffset } = finding;
	const place = {
		offset,
		...path === void 0 ? void 0 : { path }
	};
	if (finding.kind === "forbidden") return {
		code: "MANIFEST_FORBIDDEN_KEY",
		severity: "error",
		message: `The key "${key}" is refused: it could change the prototype of an object.`,
		...place
	};
	const first = firstOffset === void 0 ? "" : `, first in line ${lines.at(firstOffset).line}`;
	return {
		code: "MANIFEST_DUPLICATE_KEY",
		severity: "error",
		message: `The key ${JSON.stringify(key)} is named twice${first}.`,
		...place
	};
}
function isObject$3(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/discovery/check-paths.ts
function checkPaths(description) {
	const { folder, id } = description;
	const problems = [];
	let places;
	for (const { path, pointer, kind } of namedPaths(description)) {
		const fault = faultOnDisk(folder, path, kind);
		if (fault === void 0) continue;
		if (problems.length === 100) break;
		const file = folder + sep + manifestName;
		places ??= placesIn(file);
		const message = `The path ${JSON.stringify(path)} ${fault}.`;
		problems.push({
			code: "MANIFEST_PATH",
			severity: "error",
			file,
			...places?.at(pointer, "value"),
			path: pointer,
			message,
			extensionId: id
		});
	}
	return problems;
}
function* namedPaths({ manifest }) {
	if (manifest.main !== void 0) yield {
		path: manifest.main,
		pointer: "/main",
		kind: "file"
	};
	if (manifest.icon !== void 0) yield {
		path: manifest.icon,
		pointer: "/icon",
		kind: "file"
	};
	for (const [index, point] of (manifest.contributes?.points ?? []).entries()) {
		if (point.schema === void 0) continue;
		yield {
			path: point.schema,
			pointer: `/contributes/points/${index}/schema`,
			kind: "file"
		};
	}
	for (const { file, pointer } of settingsFiles({ manifest })) yield {
		path: file,
		pointer,
		kind: "file"
	};
	for (const access of ["read", "write"]) for (const [index, path] of (manifest.capabilities?.fs?.[access] ?? []).entries()) {
		if (faultOfPath(path) !== void 0) continue;
		yield {
			path,
			pointer: childPointer(`/capabilities/fs/${access}`, index),
			kind: "perhaps missing"
		};
	}
}
function faultOnDisk(folder, path, kind) {
	const target = resolve(folder, path);
	if (kind === "file" && isPlainFile(folder, target)) return void 0;
	const within = lookBehind(folder);
	if (within.found === void 0) return faultOfCode(within.code);
	const { found: real, code } = kind === "perhaps missing" ? lookBehindNearest(target) : lookBehind(target);
	if (real === void 0) return faultOfCode(code);
	if (real !== within.found && !real.startsWith(within.found + sep)) return `leads out of the extension's folder, to ${real}`;
	if (kind === "perhaps missing") return void 0;
	const look = lookAt(real);
	if (look.found === void 0) return faultOfCode(look.code);
	return look.found.isFile() ? void 0 : "is not a file";
}
function faultOfCode(code) {
	if (saysMissing(code)) return "does not exist";
	return code === "ELOOP" ? "is a symbolic link that leads to itself" : `can't be read: ${code}`;
}
function isPlainFile(folder, target) {
	if (!target.startsWith(folder + sep)) return false;
	for (let end = target.indexOf(sep, folder.length + 1); end >= 0; end = target.indexOf(sep, end + 1)) if (lookAtEntry(target.slice(0, end)).found?.isDirectory() !== true) return false;
	return lookAtEntry(target).found?.isFile() === true;
}
function lookBehindNearest(path) {
	for (let existing = path;; existing = dirname(existing)) {
		const { found, code } = lookBehind(existing);
		if (found !== void 0) return { found: found + path.slice(existing.length) };
		if (code !== "ENOENT" || existing === dirname(existing)) return { code };
	}
}
function placesIn(file) {
	try {
		return new ManifestPlaces(readRegularFile(file, maximumManifestBytes));
	} catch {
		return;
	}
}
// core/src/discovery/folder-entry.ts
function comparePlaces(left, right) {
	if (left.rank !== right.rank) return left.rank - right.rank;
	return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
function placeOf$1(entry) {
	return entry.kind === "extension" ? entry.description : entry.broken;
}
function fingerprintOf(digest, realFolder) {
	return [digest, realFolder].join(" ");
}
// core/src/common/event-loop-yielder.ts
const sliceMs = 1;
var EventLoopYielder = class {
	#endsAt;
	due() {
		const now = performance.now();
		if (this.#endsAt === void 0) {
			this.#endsAt = now + sliceMs;
			setImmediate(() => {
				this.#endsAt = void 0;
			});
		}
		return now < this.#endsAt ? void 0 : setImmediate$1();
	}
};
// core/src/common/is-within.ts
function isWithin(folder, path) {
	const way = relative(folder, path);
	return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
// core/src/discovery/watched-tree.ts
const mostWays = 4;
function* walkTree(folder, globs) {
	const root = lookBehind(folder).found;
	if (root === void 0) return;
	const ways = new Map();
	const open = [{
		path: folder,
		place: "",
		isLink: false
	}];
	for (let current = open.pop(); current !== void 0; current = open.pop()) {
		const realPath = lookBehind(current.path).found;
		if (realPath === void 0 || !isWithin(root, realPath)) continue;
		const way = (ways.get(realPath) ?? 0) + 1;
		ways.set(realPath, way);
		if (way > mostWays) continue;
		yield {
			kind: "folder",
			...current,
			realPath
		};
		for (const entry of lookThrough(current.path)) {
			const place = current.place === "" ? entry.name : `${current.place}/${entry.name}`;
			const path = current.path + sep + entry.name;
			const isLink = entry.isSymbolicLink();
			if (leadsOn(entry, path)) {
				if (globs.leadsInto(place)) open.push({
					path,
					place,
					isLink
				});
				yield void 0;
			} else if (globs.fits(place)) yield {
				kind: "file",
				path,
				realPath: realPath + sep + entry.name,
				place,
				isLink
			};
			else yield void 0;
		}
	}
}
function leadsOn(entry, path) {
	return entry.isDirectory() || entry.isSymbolicLink() && isFolder(path);
}
// core/src/discovery/watched-files.ts
const momentMs = 10;
var WatchedFiles = class {
	#noted = new WeakMap();
	#yielder = new EventLoopYielder();
	note(owner) {
		const globs = outlineOf(owner.description).watch ?? [];
		if (globs.length > 0) this.#noted.set(owner, this.#states(owner.description.folder, globs));
	}
	async changed(owner) {
		const before = await this.#noted.get(owner);
		if (before === void 0) return [];
		const { folder } = owner.description;
		const now = await this.#states(folder, outlineOf(owner.description).watch ?? []);
		const changed = [];
		for (const [file, state] of now) {
			if (before.get(file) !== state) changed.push(file);
			const due = this.#yielder.due();
			if (due) await due;
		}
		for (const file of before.keys()) {
			if (!now.has(file)) changed.push(file);
			const due = this.#yielder.due();
			if (due) await due;
		}
		return changed;
	}
	async #states(folder, globs) {
		const begunAt = Date.now();
		const momentEnds = performance.now() + momentMs;
		const states = new Map();
		let isOneMoment = true;
		for (const item of walkTree(folder, new WatchGlobs(globs))) {
			if (item?.kind === "file") states.set(item.realPath, stateOf(item.path, isOneMoment ? Infinity : begunAt));
			if (performance.now() < momentEnds) continue;
			isOneMoment = false;
			const due = this.#yielder.due();
			if (due) await due;
		}
		return states;
	}
};
function stateOf(file, since) {
	const { found, code } = lookAt(file);
	if (found === void 0) return code;
	return found.ctimeMs >= since ? `changed, seen at ${performance.now()}` : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
// core/src/common/process-mark.ts
const markPattern = String.raw`\d+\.\d+\.[0-9a-f]+`;
function ownMark() {
	return `${String(process.pid)}.${processStart(process.pid)?.start ?? "0"}.${machine()}`;
}
function processIdOf(mark) {
	return Number.parseInt(mark, 10);
}
function lifeOf(mark) {
	const [id = "", start, place] = mark.split(".");
	if (place !== machine()) return "elsewhere";
	try {
		process.kill(Number(id), 0);
	} catch (error) {
		if (error.code === "ESRCH") return "gone";
	}
	const found = processStart(Number(id));
	if (found === void 0 || start === "0") return "running";
	return found.start === start && !found.hasEnded ? "running" : "gone";
}
function processStart(id) {
	if (process.platform !== "linux") return void 0;
	try {
		const line = readFileSync(`/proc/${String(id)}/stat`, "utf8");
		const [state = "", ...fields] = line.slice(line.lastIndexOf(")") + 2).split(" ");
		const start = fields[18];
		return start === void 0 ? void 0 : {
			start,
			hasEnded: state === "Z" || state === "X"
		};
	} catch {
		return;
	}
}
function machine() {
	let namespace = "";
	try {
		namespace = readlinkSync("/proc/self/ns/pid");
	} catch {}
	return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 8);
}
// core/src/common/write-whole.ts
const longestWriteMs = 6e5;
async function writeWhole(file, content, { mode, disk = realDisk }) {
	await disk.mkdir(dirname(file), {
		recursive: true,
		mode: 448
	});
	const aside = asideOf(file);
	try {
		const handle = await disk.open(aside, "wx", mode);
		try {
			await handle.writeFile(content);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await disk.rename(aside, file);
	} catch (error) {
		await disk.rm(aside, { force: true }).catch(() => void 0);
		throw error;
	}
	await flushFolder(dirname(file), disk);
}
function asideOf(file) {
	return `${file}.${ownMark()}~${randomBytes(4).toString("hex")}.new`;
}
async function removeLeftAside(folder) {
	const pattern = new RegExp(String.raw`\.(${markPattern})~[0-9a-f]{8}\.new$`);
	const names = await realDisk.readdir(folder).catch(() => []);
	for (const name of names) {
		const [, mark] = pattern.exec(name) ?? [];
		if (mark === void 0) continue;
		const file = join(folder, name);
		const life = lifeOf(mark);
		if (life === "gone" || life === "elsewhere" && await isOld(file)) await realDisk.rm(file, {
			recursive: true,
			force: true
		}).catch(() => void 0);
	}
}
async function flushFolder(folder, disk = realDisk) {
	if (process.platform !== "win32") await flush(folder, disk);
}
async function flush(path, disk = realDisk) {
	const handle = await disk.open(path, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
async function isOld(file) {
	try {
		return Date.now() - (await realDisk.stat(file)).mtimeMs > longestWriteMs;
	} catch {
		return false;
	}
}
// core/src/discovery/discovery-index.ts
const format = 3;
const sliceSize$1 = 250;
const lineFeed = 10;
const noProblems$3 = Object.freeze([]);
var RememberedFolder = class {
	#real;
	#columns;
	#rows = new Map();
	#texts;
	constructor({ real, columns }, texts) {
		this.#real = real;
		this.#columns = columns;
		this.#texts = texts;
		for (const [row, name] of columns.names.entries()) this.#rows.set(name, row);
	}
	describe(place, realRoot, stamp) {
		const row = this.#rows.get(place.name);
		if (row === void 0 || realRoot !== this.#real || !this.#hasStamp(row, stamp)) return void 0;
		const { fingerprints, ids, versions, outlines, problems } = this.#columns;
		return new KeptDescription(place, {
			id: ids[row],
			version: versions[row],
			fingerprint: fingerprints[row],
			problems: problems[place.name] ?? noProblems$3
		}, new RememberedManifest(outlines[row], this, row));
	}
	text(row) {
		const { offsets } = this.#columns;
		return this.#texts.toString("utf8", offsets[row], offsets[row + 1]);
	}
	#hasStamp(row, { mtimeMs, ctimeMs, size, ino }) {
		const { stamps } = this.#columns;
		const at = row * 4;
		return stamps[at] === mtimeMs && stamps[at + 1] === ctimeMs && stamps[at + 2] === size && stamps[at + 3] === ino;
	}
};
var RememberedManifest = class {
	outline;
	#row;
	#manifest;
	constructor(outline, folder, row) {
		this.outline = outline;
		this.#row = row;
		this.#manifest = folder;
	}
	get manifest() {
		if (this.#manifest instanceof RememberedFolder) this.#manifest = freezeDeeply(JSON.parse(this.#manifest.text(this.#row)));
		return this.#manifest;
	}
	get json() {
		const manifest = this.#manifest;
		return manifest instanceof RememberedFolder ? manifest.text(this.#row) : JSON.stringify(manifest);
	}
};
function readIndex(file, version) {
	const folders = new Map();
	try {
		const content = readRegularBytes(file, Infinity);
		const end = content.indexOf(lineFeed);
		const { roots, ...header } = JSON.parse(content.toString("utf8", 0, end));
		const texts = content.subarray(end + 1);
		if (header.format !== format || header.version !== version || header.length !== texts.length) return folders;
		for (const root of roots) folders.set(root.path, new RememberedFolder(root, texts));
	} catch {
		folders.clear();
	}
	return folders;
}
async function writeIndex(file, version, roots) {
	await writeWhole(file, await serialise(version, roots), { mode: 420 });
}
async function serialise(version, roots) {
	const texts = [];
	const headers = [];
	let length = 0;
	for (const { path, real, extensions } of roots) {
		const outlines = [];
		const offsets = [length];
		for (const { description } of extensions) {
			const text = Buffer.from(jsonOf(description));
			texts.push(text);
			offsets.push(length += text.length);
			outlines.push(JSON.stringify(outlineAlone(outlineOf(description))));
			if (texts.length % sliceSize$1 === 0) await setImmediate$1();
		}
		const columns = {
			names: extensions.map(({ description }) => description.name),
			stamps: extensions.flatMap(({ stamp }) => [
				stamp.mtimeMs,
				stamp.ctimeMs,
				stamp.size,
				stamp.ino
			]),
			fingerprints: extensions.map(({ description }) => description.fingerprint),
			ids: extensions.map(({ description }) => description.id),
			versions: extensions.map(({ description }) => description.version),
			problems: Object.fromEntries(extensions.filter(({ description }) => description.problems.length > 0).map(({ description: { name, problems } }) => [name, problems])),
			offsets
		};
		const place = `"path":${JSON.stringify(path)},"real":${JSON.stringify(real)}`;
		headers.push(`{${place},"columns":{"outlines":[${outlines.join(",")}],${JSON.stringify(columns).slice(1)}}`);
	}
	const head = `{"format":${format},"version":${JSON.stringify(version)},"length":${length}`;
	return Buffer.concat([Buffer.from(`${head},"roots":[${headers.join(",")}]}\n`), ...texts]);
}
// core/src/common/folder-identity.ts
function folderIdentity(path) {
	try {
		const stat = statSync(path, {
			throwIfNoEntry: false,
			bigint: true
		});
		return stat?.isDirectory() ? `${stat.dev} ${stat.ino} ${stat.birthtimeNs}` : void 0;
	} catch {
		return;
	}
}
// core/src/discovery/links-on-the-way.ts
const mostLinks = 40;
function linksOnTheWay(path, realFolders = new Map()) {
	const found = [];
	let current = path;
	for (let count = 0; count < mostLinks; count += 1) {
		const link = firstLink(current, realFolders);
		if (link === void 0) break;
		const target = lookAtLink(link).found;
		if (target === void 0) break;
		found.push(link);
		current = join(resolve(dirname(link), target), current.slice(link.length));
	}
	if (found.length > 0) found.push(current);
	return found;
}
function firstLink(path, realFolders) {
	const folder = dirname(path);
	let isReal = realFolders.get(folder);
	if (isReal === void 0) realFolders.set(folder, isReal = lookBehind(folder).found === folder);
	if (isReal) return isLink(path) ? path : void 0;
	for (let end = path.indexOf(sep, 1); end >= 0; end = path.indexOf(sep, end + 1)) if (isLink(path.slice(0, end))) return path.slice(0, end);
	return isLink(path) ? path : void 0;
}
// core/src/discovery/watched-directory.ts
const fallBackPollMs$1 = 1e3;
const retryWatchMs$1 = 6e4;
var WatchedDirectory = class {
	path;
	identity;
	#options;
	#yielder = new EventLoopYielder();
	#watcher;
	#poll;
	#retry;
	#isLooking = false;
	#isFaulty = false;
	#isClosed = false;
	constructor(path, options) {
		this.path = path;
		this.#options = options;
		this.identity = folderIdentity(path);
		if (options.pollingMs === void 0) this.#watch();
		else this.#pollEvery(options.pollingMs);
	}
	get hasMoved() {
		return folderIdentity(this.path) !== this.identity;
	}
	close() {
		this.#isClosed = true;
		this.#watcher?.close();
		clearInterval(this.#poll);
		clearTimeout(this.#retry);
		this.#endFault();
	}
	#watch() {
		const { watchDirectory = watch } = this.#options;
		try {
			const watcher = watchDirectory(this.path, { persistent: false });
			this.#watcher = watcher;
			watcher.on("change", (_event, name) => this.#tell(typeof name === "string" ? name : void 0));
			watcher.on("error", (error) => {
				if (this.hasMoved) this.#tell(void 0);
				else this.#fallBack(error);
			});
			clearInterval(this.#poll);
			this.#endFault();
		} catch (error) {
			if (!saysMissing(errorCode(error))) this.#fallBack(error);
			else if (this.#isFaulty) this.#retryLater();
			else this.#tellSoon();
		}
	}
	#fallBack(cause) {
		if (this.#isClosed) return;
		this.#watcher?.close();
		this.#watcher = void 0;
		if (!this.#isFaulty) {
			this.#isFaulty = true;
			this.#options.onFault({ cause });
			this.#pollEvery(fallBackPollMs$1);
			this.#tellSoon();
		}
		this.#retryLater();
	}
	#retryLater() {
		this.#retry = setTimeout(() => {
			this.#watch();
			this.#tellSoon();
		}, retryWatchMs$1).unref();
	}
	#endFault() {
		if (!this.#isFaulty) return;
		this.#isFaulty = false;
		this.#options.onFault(void 0);
	}
	#tell(name) {
		if (!this.#isClosed) this.#options.onEvent(name);
	}
	#tellSoon() {
		queueMicrotask(() => this.#tell(void 0));
	}
	#pollEvery(intervalMs) {
		const known = new Map();
		let isFirst = true;
		const look = () => {
			if (this.#isLooking) return;
			this.#isLooking = true;
			const end = () => {
				this.#isLooking = false;
			};
			this.#look(known, { isFirst }).then(end, (cause) => {
				end();
				this.#options.onFault({ cause });
			});
			isFirst = false;
		};
		queueMicrotask(look);
		clearInterval(this.#poll);
		this.#poll = setInterval(look, intervalMs).unref();
	}
	async #look(known, { isFirst }) {
		if (this.hasMoved) this.#tell(void 0);
		const gone = new Set(known.keys());
		for (const name of this.#namesToLookAt()) {
			gone.delete(name);
			const { found, code } = lookAt(this.path + sep + name);
			const state = found ? `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}` : code;
			const before = known.get(name);
			known.set(name, state);
			const isNew = before === void 0 && (isFirst || this.#options.names() !== "all");
			if (before !== state && !isNew) this.#tell(name);
			const due = this.#yielder.due();
			if (due) await due;
			if (this.#isClosed) return;
		}
		for (const name of gone) {
			known.delete(name);
			this.#tell(name);
		}
	}
	*#namesToLookAt() {
		const names = this.#options.names();
		if (names === "all") for (const { name } of lookThrough(this.path)) yield name;
		else yield* [...names];
	}
};
// core/src/discovery/followed-files.ts
const clockLagMs = 4;
var FollowedFiles = class {
	#options;
	#yielder = new EventLoopYielder();
	#follows = new Map();
	#directories = new Map();
	#stale = new Set();
	constructor(options) {
		this.#options = options;
	}
	follow(folder, files, { globs = [], since } = {}) {
		const absolute = [...new Set([...files].map((file) => resolve(folder, file)))];
		const follows = [];
		const common = {
			folder,
			since: since ?? Date.now(),
			directories: new Set()
		};
		if (absolute.length > 0) follows.push({
			...common,
			files: absolute
		});
		if (globs.length > 0) follows.push({
			...common,
			globs: new WatchGlobs(globs),
			walking: "not",
			hasWalked: false
		});
		for (const follow of follows) {
			const others = this.#follows.get(folder);
			if (others) others.add(follow);
			else this.#follows.set(folder, new Set([follow]));
			this.#resolve(follow);
		}
		if (since !== void 0 && absolute.some((file) => changedSince(file, since))) this.#options.onTouch(folder);
		return { dispose: () => follows.forEach((follow) => this.#unfollow(follow)) };
	}
	doubt(folder) {
		for (const follow of this.#follows.get(folder) ?? []) this.#stale.add(follow);
	}
	settle() {
		const settled = new Set();
		for (const follow of this.#stale) {
			this.#stale.delete(follow);
			if (settled.has(follow)) continue;
			settled.add(follow);
			this.#resolve(follow);
		}
	}
	close() {
		for (const follows of [...this.#follows.values()]) for (const follow of follows) this.#unfollow(follow);
	}
	#unfollow(follow) {
		const others = this.#follows.get(follow.folder);
		others?.delete(follow);
		if (others?.size === 0) this.#follows.delete(follow.folder);
		this.#stale.delete(follow);
		this.#attend(follow, new Set());
	}
	#isFollowed(follow) {
		return this.#follows.get(follow.folder)?.has(follow) === true;
	}
	#resolve(follow) {
		if (!this.#isFollowed(follow)) return;
		if ("globs" in follow) this.#walk(follow);
		else this.#attend(follow, this.#watchNames(follow, follow.files));
	}
	#attend(follow, directories) {
		const before = follow.directories;
		follow.directories = directories;
		for (const directory of before) if (!directories.has(directory)) this.#leave(directory, follow);
	}
	#leave(directory, follow) {
		directory.trees.delete(follow);
		for (const [name, follows] of directory.follows) if (follows.delete(follow) && follows.size === 0) directory.follows.delete(name);
		if (directory.follows.size > 0 || directory.trees.size > 0) return;
		directory.watched.close();
		const { path } = directory.watched;
		if (this.#directories.get(path) === directory) this.#directories.delete(path);
	}
	#watchNames(follow, files) {
		const directories = new Set();
		for (const [path, names] of namesToWatch(follow.folder, files)) {
			const directory = this.#directory(path);
			directories.add(directory);
			for (const name of names) {
				const follows = directory.follows.get(name);
				if (follows) follows.add(follow);
				else directory.follows.set(name, new Set([follow]));
			}
		}
		return directories;
	}
	async #walk(follow) {
		if (follow.walking !== "not") {
			follow.walking = "again";
			return;
		}
		do {
			follow.walking = "once";
			await this.#walkOnce(follow);
		} while (isWalkedAgain(follow) && this.#isFollowed(follow));
		follow.walking = "not";
	}
	async #walkOnce(follow) {
		const { folder, globs, hasWalked } = follow;
		const since = follow.since - clockLagMs;
		const directories = new Set();
		const links = [];
		let isTouched = false;
		for (const item of walkTree(folder, globs)) {
			if (item?.kind === "folder") {
				const directory = this.#directory(item.path);
				directory.trees.set(follow, item.place);
				directories.add(directory);
				if (hasWalked && !follow.directories.has(directory)) isTouched = true;
			}
			if (item?.isLink === true) links.push(item.path);
			if (item !== void 0 && !hasWalked) isTouched ||= changedSince(item.path, since);
			const due = this.#yielder.due();
			if (due) await due;
		}
		for (const directory of this.#watchNames(follow, links)) directories.add(directory);
		this.#attend(follow, this.#isFollowed(follow) ? directories : new Set());
		if (!this.#isFollowed(follow)) for (const directory of directories) this.#leave(directory, follow);
		else if (isTouched) this.#options.onTouch(folder);
		follow.hasWalked = true;
		this.settle();
	}
	#directory(path) {
		const known = this.#directories.get(path);
		if (known) {
			if (!known.isDoubtful && !known.watched.hasMoved) return known;
			for (const follow of followsOf(known)) this.#stale.add(follow);
			known.watched.close();
		}
		const follows = new Map();
		const trees = new Map();
		const directory = {
			watched: new WatchedDirectory(path, {
				names: () => trees.size > 0 ? "all" : follows.keys(),
				onEvent: (name) => this.#onEvent(directory, name),
				onFault: (fault) => this.#options.onFault(path, fault),
				pollingMs: this.#options.pollingMs,
				watchDirectory: this.#options.watchDirectory
			}),
			follows,
			trees,
			isDoubtful: false
		};
		this.#directories.set(path, directory);
		return directory;
	}
	#onEvent(directory, name) {
		const { watched, follows, trees } = directory;
		if (name === basename(watched.path)) directory.isDoubtful = true;
		if (name === void 0 || directory.isDoubtful || watched.hasMoved) {
			for (const follow of followsOf(directory)) this.#touch(follow);
			return;
		}
		for (const follow of follows.get(name) ?? []) this.#touch(follow);
		for (const [follow, place] of trees) {
			const inFolder = place === "" ? name : `${place}/${name}`;
			const path = watched.path + sep + name;
			if (follow.globs.leadsInto(inFolder) && (isFolder(path) || this.#directories.has(path)) || follow.globs.fits(inFolder) && isLink(path)) this.#touch(follow);
			else if (follow.globs.fits(inFolder)) this.#options.onTouch(follow.folder);
		}
	}
	#touch(follow) {
		this.#stale.add(follow);
		this.#options.onTouch(follow.folder);
	}
};
function followsOf({ follows, trees }) {
	return new Set([...[...follows.values()].flatMap((some) => [...some]), ...trees.keys()]);
}
function isWalkedAgain({ walking }) {
	return walking === "again";
}
function namesToWatch(folder, files) {
	const wanted = new Map();
	const existing = new Map();
	const realFolders = new Map();
	for (const file of files.flatMap((each) => [each, ...linksOnTheWay(each, realFolders)])) for (let path = file; path !== dirname(path); path = dirname(path)) {
		const directory = dirname(path);
		let exists = existing.get(directory);
		if (exists === void 0) existing.set(directory, exists = folderIdentity(directory) !== void 0);
		if (exists) {
			const names = wanted.get(directory);
			if (names) names.add(basename(path));
			else wanted.set(directory, new Set([basename(path)]));
			if (!directory.startsWith(folder + sep)) break;
		}
	}
	return wanted;
}
function changedSince(file, since) {
	return (lookAt(file).found?.ctimeMs ?? 0) >= since;
}
// core/src/discovery/manifest-file.ts
function sameStamp(left, right) {
	return left.mtimeMs === right?.mtimeMs && left.ctimeMs === right.ctimeMs && left.size === right.size && left.ino === right.ino;
}
var ManifestFileReader = class {
	#buffer = Buffer.allocUnsafeSlow(262145);
	read(file) {
		let descriptor;
		try {
			descriptor = openSync(file, nonBlockingRead);
		} catch (error) {
			return openingFault(error);
		}
		try {
			return this.#readOpened(descriptor);
		} catch (error) {
			return unreadable(error);
		} finally {
			closeRead(descriptor);
		}
	}
	#readOpened(descriptor) {
		const stat = fstatSync(descriptor);
		if (!stat.isFile()) return fault("MANIFEST_NOT_A_FILE", `${manifestName} is not a regular file.`);
		let length = 0;
		while (length <= 262144 && stat.size <= 262144) {
			const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, -1);
			length += count;
			if (count === 0 || length === stat.size) break;
		}
		if (Math.max(length, stat.size) > 262144) return {
			...fault("MANIFEST_TOO_LARGE", `${manifestName} has ${Math.max(length, stat.size)} bytes; at most ${maximumManifestBytes} are read.`),
			digest: `MANIFEST_TOO_LARGE ${stat.size} ${stat.mtimeMs}`
		};
		const bytes = this.#buffer.subarray(0, length);
		const digest = hash("sha256", bytes, "hex");
		if (!isUtf8(bytes)) return {
			...fault("MANIFEST_ENCODING", `${manifestName} is not UTF-8 text.`),
			digest
		};
		const text = bytes.toString("utf8");
		return {
			kind: "text",
			text: text.charCodeAt(0) === 65279 ? text.slice(1) : text,
			digest,
			stamp: {
				mtimeMs: stat.mtimeMs,
				ctimeMs: stat.ctimeMs,
				size: stat.size,
				ino: stat.ino
			}
		};
	}
};
function openingFault(error) {
	const code = errorCode(error);
	if (code === "ENOENT") return fault("MANIFEST_MISSING", `The folder holds no ${manifestName}.`);
	if (code === "ENXIO" || code === "EISDIR") return fault("MANIFEST_NOT_A_FILE", `${manifestName} is not a regular file.`);
	return unreadable(error);
}
function unreadable(error) {
	const code = errorCode(error);
	return {
		...fault("MANIFEST_UNREADABLE", `${manifestName} can't be read: ${code}.`),
		digest: `MANIFEST_UNREADABLE ${code}`
	};
}
function fault(code, message) {
	return {
		kind: "fault",
		code,
		message,
		digest: code
	};
}
// core/src/discovery/folder-reader.ts
const nothing$2 = { kind: "nothing" };
var FolderReader = class {
	#files = new ManifestFileReader();
	#parse;
	#onInternalError;
	constructor(parse, onInternalError) {
		this.#parse = parse;
		this.#onInternalError = onInternalError;
	}
	look(place, realRoot, { kind, known }) {
		if (place.folder === place.root) return this.#read(place, realRoot, known);
		let actual = kind;
		if (actual === "unknown") {
			const { found, code } = lookAtEntry(place.folder);
			if (saysMissing(code)) return nothing$2;
			actual = found?.isSymbolicLink() === true ? "link" : "folder";
			if (actual === "folder" && found?.isDirectory() === false) return nothing$2;
		}
		if (actual === "link") return this.#lookAtLink(place, realRoot, known);
		return this.#read(place, realRoot + sep + place.name, known);
	}
	isAsDescribed(description) {
		const real = realFolderOf(description);
		const read = this.#files.read(real + sep + manifestName);
		return read.kind === "text" && fingerprintOf(read.digest, real) === description.fingerprint;
	}
	stamp(folder) {
		const { found } = lookAt(folder + sep + manifestName);
		if (!found?.isFile()) return void 0;
		return {
			mtimeMs: found.mtimeMs,
			ctimeMs: found.ctimeMs,
			size: found.size,
			ino: found.ino
		};
	}
	#lookAtLink(place, realRoot, known) {
		const { found: real, code } = lookBehind(place.folder);
		if (real === void 0) {
			if (code === "ELOOP") return link(place, "DISCOVERY_LINK_LOOP", "leads to itself");
			if (saysMissing(code)) return link(place, "DISCOVERY_LINK_DANGLING", "leads nowhere");
			return link(place, "DISCOVERY_UNREADABLE", `can't be followed: ${code}`);
		}
		const target = lookAt(real);
		if (!target.found) return link(place, "DISCOVERY_UNREADABLE", `can't be followed: ${target.code}`);
		if (!target.found.isDirectory()) return nothing$2;
		if (real === realRoot || realRoot.startsWith(real.endsWith(sep) ? real : real + sep)) return link(place, "DISCOVERY_LINK_LOOP", `leads back to ${real}, above itself`);
		return this.#read(place, real, known);
	}
	#read(place, real, known) {
		const file = place.folder + sep + manifestName;
		const read = this.#files.read(file);
		if (read.kind === "fault") {
			if (read.code === "MANIFEST_MISSING" || read.code === "MANIFEST_UNREADABLE") {
				const { found, code } = lookAt(place.folder);
				if (found ? !found.isDirectory() : code === "ENOENT") return nothing$2;
			}
			const fingerprint = fingerprintOf(read.digest, real);
			const isSuspect = read.code === "MANIFEST_UNREADABLE";
			if (known && placeOf$1(known).fingerprint === fingerprint) return {
				kind: "folder",
				entry: known,
				isSuspect
			};
			const severity = read.code === "MANIFEST_MISSING" ? "warning" : "error";
			const problem = {
				code: read.code,
				severity,
				file,
				message: read.message
			};
			return {
				kind: "folder",
				entry: {
					kind: "broken",
					broken: {
						...place,
						fingerprint,
						problems: [problem]
					}
				},
				isSuspect
			};
		}
		const fingerprint = fingerprintOf(read.digest, real);
		return {
			kind: "folder",
			entry: known !== void 0 && placeOf$1(known).fingerprint === fingerprint ? known : this.#describe(place, file, read.text, fingerprint),
			stamp: read.stamp,
			isSuspect: false
		};
	}
	#describe(place, file, text, fingerprint) {
		const { folder, root, rank, name } = place;
		try {
			const parsed = this.#parse({
				text,
				file
			});
			const { id, version, problems } = parsed;
			if (!isWhole(parsed) || id === void 0 || version === void 0) return {
				kind: "broken",
				broken: {
					folder,
					root,
					rank,
					name,
					id,
					version,
					fingerprint,
					problems
				}
			};
			return {
				kind: "extension",
				description: new KeptDescription(place, {
					id,
					version,
					fingerprint,
					problems
				}, parsed)
			};
		} catch (error) {
			this.#onInternalError(error);
			return {
				kind: "broken",
				broken: {
					folder,
					root,
					rank,
					name,
					fingerprint,
					problems: [{
						code: "INTERNAL",
						severity: "error",
						file,
						message: `The host failed while it read ${manifestName}: ${String(error)}`
					}]
				}
			};
		}
	}
};
function isWhole(parsed) {
	return parsed.outline !== void 0;
}
function link(place, code, what) {
	return {
		kind: "link",
		problem: {
			code,
			severity: "warning",
			file: place.folder,
			message: `The symbolic link ${place.folder} ${what}.`
		},
		isDangling: code !== "DISCOVERY_LINK_LOOP"
	};
}
// core/src/discovery/known-extensions.ts
var KnownExtensions = class {
	#entries = new Map();
	#claimants = new Map();
	#providers = new Map();
	#broken = new Map();
	#holds = new Map();
	#shadowed = new Map();
	get size() {
		return this.#entries.size;
	}
	entries() {
		return this.#entries.values();
	}
	entry(folder) {
		return this.#entries.get(folder);
	}
	provider(id) {
		return this.#providers.get(id);
	}
	providers() {
		return this.#providers.values();
	}
	*held() {
		for (const [id, entry] of this.#broken) {
			const description = this.#providers.get(id);
			if (description) yield {
				id,
				description,
				entry
			};
		}
	}
	shadowed() {
		return this.#shadowed.values();
	}
	shadow(folder) {
		return this.#shadowed.get(folder);
	}
	reconcile(batch) {
		const folders = [];
		const affected = new Set();
		const lifted = new Set();
		for (const [folder, after] of batch) {
			const before = this.#entries.get(folder);
			if (sameEntry(before, after)) continue;
			folders.push({
				folder,
				before,
				after
			});
			const hold = this.#holds.get(folder);
			if (hold !== void 0) affected.add(hold);
			if (before?.kind === "extension") {
				this.#withdraw(before.description);
				if (this.#shadowed.delete(folder)) lifted.add(folder);
				affected.add(before.description.id);
			}
			if (after) this.#entries.set(folder, after);
			else this.#entries.delete(folder);
			if (after?.kind === "extension") {
				this.#claim(after.description);
				affected.add(after.description.id);
			}
		}
		return {
			...this.#settle(affected, lifted),
			folders: inOrder(folders, changePlace)
		};
	}
	#settle(affected, lifted) {
		const added = [];
		const changed = [];
		const removed = [];
		const broken = [];
		const repaired = [];
		const shadowed = [];
		for (const id of affected) {
			const before = this.#providers.get(id);
			const brokenBefore = this.#broken.get(id);
			const brokenNow = before && this.#holdingFolder(id, before);
			const best = brokenNow ? before : this.#best(id);
			const after = before && best && sameContent(before, best) ? before : best;
			if (brokenBefore && before) this.#holds.delete(before.folder);
			this.#broken.delete(id);
			if (brokenNow) {
				this.#holds.set(before.folder, id);
				this.#broken.set(id, brokenNow);
			}
			if (after) this.#providers.set(id, after);
			else this.#providers.delete(id);
			if (!before) {
				if (after) added.push(after);
			} else if (!after) removed.push(before);
			else if (brokenNow) {
				if (brokenBefore !== brokenNow) broken.push({
					id,
					description: after,
					entry: brokenNow
				});
			} else if (before !== after) changed.push({
				before,
				after
			});
			else if (brokenBefore) repaired.push(after);
		}
		for (const id of affected) this.#castShadows(id, shadowed, lifted);
		for (const { description } of shadowed) lifted.delete(description.folder);
		return {
			delta: {
				added: inOrder(added, itself),
				changed: inOrder(changed, (change) => change.after),
				removed: inOrder(removed, itself)
			},
			broken: inOrder(broken, (held) => held.description),
			repaired: inOrder(repaired, itself),
			shadowed: inOrder(shadowed, (shadow) => shadow.description),
			unshadowed: [...lifted].sort()
		};
	}
	#holdingFolder(id, provider) {
		const entry = this.#entries.get(provider.folder);
		if (entry?.kind !== "broken" || (entry.broken.id ?? id) !== id) return void 0;
		const good = this.#best(id);
		return !good || comparePlaces(provider, good) < 0 ? entry.broken : void 0;
	}
	#best(id) {
		const claimants = this.#claimants.get(id);
		return !claimants || "folder" in claimants ? claimants : claimants[0];
	}
	#castShadows(id, shadowed, lifted) {
		const winner = this.#providers.get(id);
		if (!winner) return;
		if (this.#shadowed.delete(winner.folder)) lifted.add(winner.folder);
		const claimants = this.#claimants.get(id);
		if (!claimants || claimants === winner) return;
		for (const description of this.#claimantsOf(id)) {
			if (description.folder === winner.folder) continue;
			const known = this.#shadowed.get(description.folder);
			if (known?.by === winner.folder && known.description === description) continue;
			const shadow = {
				description,
				by: winner.folder,
				problem: duplicateId(description, winner)
			};
			this.#shadowed.set(description.folder, shadow);
			shadowed.push(shadow);
		}
	}
	#claim(description) {
		const others = this.#claimantsOf(description.id);
		const claimants = others.length === 0 ? description : [...others, description].sort(comparePlaces);
		this.#claimants.set(description.id, claimants);
	}
	#withdraw(description) {
		const rest = this.#claimantsOf(description.id).filter((other) => other.folder !== description.folder);
		const [only] = rest;
		if (!only) this.#claimants.delete(description.id);
		else this.#claimants.set(description.id, rest.length === 1 ? only : rest);
	}
	#claimantsOf(id) {
		const claimants = this.#claimants.get(id);
		if (!claimants) return [];
		return "folder" in claimants ? [claimants] : claimants;
	}
};
function sameEntry(left, right) {
	if (!left || !right) return left === right;
	return left.kind === right.kind && placeOf$1(left).fingerprint === placeOf$1(right).fingerprint;
}
function sameContent(left, right) {
	return left.folder === right.folder && left.fingerprint === right.fingerprint;
}
function duplicateId(loser, winner) {
	return {
		code: "DISCOVERY_DUPLICATE_ID",
		severity: "error",
		file: loser.folder,
		path: "/id",
		message: `${loser.folder} is not used: ${winner.folder} comes first and has the same id, ${loser.id}.`,
		extensionId: loser.id
	};
}
const itself = (description) => description;
function changePlace(change) {
	return placeOf$1(change.after ?? change.before);
}
function inOrder(items, place) {
	for (let index = 1; index < items.length; index++) if (comparePlaces(place(items[index - 1]), place(items[index])) > 0) return items.sort((left, right) => comparePlaces(place(left), place(right)));
	return items;
}
// core/src/discovery/root-watcher.ts
const requirePackage = lazyRequire(import.meta.url);
const shortestWaitMs = 20;
const longestWaitMs$1 = 250;
const beatMs$2 = 500;
const linksPerBeat = 100;
const fallBackPollMs = 1e3;
const retryWatchMs = 6e4;
const faultMs = 1e3;
const exhaustions = new Set([
	"ENOSPC",
	"EMFILE",
	"ENFILE"
]);
var RootWatcher = class {
	ready;
	#options;
	#observer;
	#setReady;
	#children = new Map();
	#watcher;
	#own;
	#identity;
	#links = new Map();
	#closing = new Set();
	#faultAt = -Infinity;
	#timer;
	#beat;
	#isClosed = false;
	constructor(options, observer) {
		this.#options = options;
		this.#observer = observer;
		const { promise, resolve } = Promise.withResolvers();
		this.ready = promise;
		this.#setReady = resolve;
	}
	start() {
		this.#beat = setInterval(() => this.#onBeat(), beatMs$2);
		this.#beat.unref();
		if (this.#options.pollingMs === void 0) this.#open();
		else this.#poll(this.#options.pollingMs);
	}
	attend(name) {
		if (!this.#watcher || this.#options.isSingle) return;
		const path = this.#options.path + sep + name;
		const identity = folderIdentity(path);
		const known = this.#children.get(name);
		if (known && known.identity === identity && !known.isDoubtful) return;
		known?.watcher.close();
		this.#children.delete(name);
		if (identity === void 0) return;
		try {
			const watcher = (this.#options.watchDirectory ?? watch)(path, { persistent: false });
			const child = {
				watcher,
				identity,
				isDoubtful: false
			};
			watcher.on("change", (_event, file) => this.#onChildEvent(name, child, file));
			watcher.on("error", () => this.#onChildEvent(name, child, void 0));
			this.#children.set(name, child);
		} catch (error) {
			if (exhaustions.has(errorCode(error))) this.#fallBack(error);
		}
	}
	setLink(name, { isLink }) {
		if (isLink) this.#links.set(name, folderIdentity(this.#options.path + sep + name));
		else this.#links.delete(name);
	}
	lookAgain() {
		if (this.#watcher && folderIdentity(this.#options.path) !== void 0) this.#reopen();
	}
	async close() {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		clearInterval(this.#beat);
		this.#drop();
		this.#setReady();
		await Promise.all(this.#closing);
	}
	#open() {
		const { path, isSingle, watchRoot = watchByChokidar } = this.#options;
		this.#identity = folderIdentity(path);
		if (this.#identity === void 0) {
			this.#setReady();
			this.#await(shortestWaitMs);
			return;
		}
		const real = lookBehind(path).found;
		if (real === void 0) {
			this.#await(shortestWaitMs);
			return;
		}
		if (!this.#watchItself(real)) return;
		const watcher = watchRoot(real, {
			depth: 0,
			ignoreInitial: true,
			followSymlinks: false,
			atomic: false,
			ignorePermissionErrors: true,
			...isSingle ? {} : { ignored: (_path, stats) => stats?.isFile() === true }
		});
		const isCurrent = () => this.#watcher === watcher;
		watcher.on("all", (_event, place) => {
			if (isCurrent()) this.#onRootEvent(nameBelow(real, place));
		});
		watcher.on("raw", (_event, name, details) => {
			if (isCurrent()) this.#onRawEvent(real, name, details);
		});
		watcher.on("error", (error) => {
			if (isCurrent()) this.#onFault(error);
		});
		watcher.on("ready", () => {
			if (isCurrent()) this.#readWhole();
		});
		this.#watcher = watcher;
	}
	#watchItself(real) {
		const { path, watchDirectory = watch } = this.#options;
		try {
			const own = watchDirectory(real, { persistent: false });
			this.#own = own;
			own.on("change", (event, name) => {
				if (this.#own !== own) return;
				if (typeof name !== "string" || event === "rename" && name === basename(real)) this.#reopen();
				else this.#onRootEvent(name);
			});
			own.on("error", (error) => {
				if (this.#own === own) this.#onFault(error);
			});
		} catch (error) {
			if (exhaustions.has(errorCode(error))) this.#fallBack(error);
			else this.#await(shortestWaitMs);
			return false;
		}
		if (folderIdentity(path) === this.#identity) return true;
		this.#drop();
		this.#await(shortestWaitMs);
		return false;
	}
	#onRawEvent(root, name, details) {
		if ((isWatchedPlace(details) ? details.watchedPath : root) === root && typeof name === "string") this.#onRootEvent(nameBelow(root, root + sep + name));
		else if (this.#hasMoved()) this.#reopen();
	}
	#onRootEvent(name) {
		const { path, isSingle } = this.#options;
		if (name === void 0 || this.#hasMoved()) this.#reopen();
		else if (!isSingle) this.#observer.onName(name);
		else if (name === "plugin.json5") this.#observer.onName(basename(path));
		else this.#observer.onInside(basename(path));
	}
	#onChildEvent(name, child, file) {
		if (this.#children.get(name) !== child) return;
		const path = this.#options.path + sep + name;
		if (typeof file !== "string" || file === name) child.isDoubtful = true;
		if (child.isDoubtful || file === "plugin.json5" || folderIdentity(path) !== child.identity) this.#observer.onName(name);
		else this.#observer.onInside(name);
	}
	#onBeat() {
		if (this.#watcher && this.#hasMoved()) this.#reopen();
		this.#checkLinks();
		this.#observer.onBeat();
	}
	#checkLinks() {
		for (const [name, before] of [...this.#links].slice(0, linksPerBeat)) {
			const identity = folderIdentity(this.#options.path + sep + name);
			this.#links.delete(name);
			this.#links.set(name, identity);
			if (identity !== before) this.#observer.onName(name);
		}
	}
	#onFault(cause) {
		const now = performance.now();
		const isRepeated = now - this.#faultAt < faultMs;
		this.#faultAt = now;
		if (exhaustions.has(errorCode(cause)) || isRepeated && !this.#hasMoved()) this.#fallBack(cause);
		else this.#reopen();
	}
	#hasMoved() {
		return folderIdentity(this.#options.path) !== this.#identity;
	}
	#reopen() {
		this.#drop();
		this.#observer.onMoved();
		this.#open();
	}
	#drop() {
		const closing = this.#watcher?.close();
		this.#watcher = void 0;
		this.#own?.close();
		this.#own = void 0;
		if (closing) {
			this.#closing.add(closing);
			closing.finally(() => this.#closing.delete(closing));
		}
		for (const child of this.#children.values()) child.watcher.close();
		this.#children.clear();
	}
	#await(delayMs) {
		if (this.#isClosed) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			if (folderIdentity(this.#options.path) === void 0) this.#await(Math.min(delayMs * 2, longestWaitMs$1));
			else this.#open();
		}, delayMs);
	}
	#fallBack(cause) {
		if (this.#isClosed) return;
		this.#drop();
		this.#observer.onFault({ cause });
		this.#poll(fallBackPollMs, performance.now() + retryWatchMs);
	}
	#poll(intervalMs, until = Infinity) {
		clearTimeout(this.#timer);
		if (this.#isClosed) return;
		this.#readWhole().then(() => {
			if (this.#isClosed) return;
			this.#timer = setTimeout(() => {
				if (performance.now() < until) {
					this.#poll(intervalMs, until);
					return;
				}
				this.#observer.onFault(void 0);
				this.#open();
			}, intervalMs);
		});
	}
	async #readWhole() {
		try {
			await this.#observer.onWhole();
		} catch (cause) {
			this.#observer.onFault({ cause });
		}
		this.#setReady();
	}
};
function isWatchedPlace(details) {
	return typeof details === "object" && details !== null && "watchedPath" in details && typeof details.watchedPath === "string";
}
function nameBelow(folder, path) {
	if (!path.startsWith(folder + sep)) return void 0;
	return path.slice(folder.length + 1).split(sep, 1)[0];
}
function watchByChokidar(path, options) {
	return requirePackage("chokidar").watch(path, options);
}
// core/src/discovery/extension-discovery.ts
const sliceSize = 250;
const indexDelayMs = 1e3;
const racyMs = 2e3;
var ExtensionDiscovery = class {
	ready;
	#options;
	#known = new KnownExtensions();
	#reader;
	#followed;
	#linked;
	#linkFollows = new Map();
	#roots;
	#rootPaths;
	#stamps = new Map();
	#listeners = new Set();
	#lastEvents = new Map();
	#dirty = new Map();
	#touched = new Set();
	#moved = new Set();
	#setReady;
	#openBatches = new Set();
	#timer;
	#firstEventAt = 0;
	#problemsChanged = false;
	#followFaults = new Map();
	#indexProblem;
	#indexTimer;
	#indexWriting;
	#isIndexStale = false;
	#isClosed = false;
	constructor(options) {
		this.#options = options;
		this.#reader = new FolderReader(options.parse, (error) => this.#onInternalError(error));
		const common = {
			pollingMs: options.pollingMs,
			watchDirectory: options.watchDirectory,
			onFault: (directory, fault) => {
				if (fault) this.#followFaults.set(directory, watchProblem(directory, fault.cause));
				else this.#followFaults.delete(directory);
				this.#problemsChanged = true;
				this.#schedule();
			}
		};
		this.#followed = new FollowedFiles({
			...common,
			onTouch: (folder) => this.#touch(folder)
		});
		this.#linked = new FollowedFiles({
			...common,
			onTouch: (folder) => this.#onLinkTouched(folder)
		});
		const development = new Set((options.developmentFolders ?? []).map((folder) => resolve(folder)));
		const parents = new Set(options.folders.map((folder) => resolve(folder)));
		this.#rootPaths = new Set([...development, ...parents]);
		this.#roots = [...[...development].map((path) => ({
			path,
			isSingle: true
		})), ...[...parents].map((path) => ({
			path,
			isSingle: false
		}))].map(({ path, isSingle }, rank) => ({
			path,
			prefix: path + sep,
			rank,
			isSingle,
			real: path,
			names: new Set(),
			oddNames: new Map(),
			suspects: new Set(),
			problems: new Map(),
			isUnlisted: false,
			watcher: void 0
		}));
		const { promise, resolve: setReady } = Promise.withResolvers();
		this.ready = promise;
		this.#setReady = setReady;
	}
	scan() {
		const { indexFile, parserVersion = "" } = this.#options;
		const index = indexFile === void 0 ? void 0 : readIndex(indexFile, parserVersion);
		const batch = new Map();
		for (const root of this.#roots) {
			const listing = this.#list(root);
			if (!listing) continue;
			const remembered = index?.get(root.path);
			for (const [name, kind] of listing) {
				if (kind === "folder" && remembered && this.#recall(root, name, remembered, batch)) continue;
				this.#observe(root, name, kind, batch);
			}
		}
		if (this.#isIndexStale && indexFile !== void 0) {
			this.#indexTimer = setTimeout(() => {
				this.#indexWriting = this.#writeIndex();
			}, indexDelayMs);
			this.#indexTimer.unref();
		}
		return this.#apply(batch, new Set());
	}
	watch() {
		if (this.#isClosed) return;
		const ready = [];
		for (const root of this.#roots) {
			if (root.watcher) continue;
			root.watcher = new RootWatcher({
				path: root.path,
				isSingle: root.isSingle,
				pollingMs: this.#options.pollingMs,
				watchDirectory: this.#options.watchDirectory,
				watchRoot: this.#options.watchRoot
			}, this.#observerOf(root));
			root.watcher.start();
			ready.push(root.watcher.ready);
		}
		Promise.all(ready).then(this.#setReady);
	}
	onDidChange = (listener) => {
		const own = (change) => listener(change);
		this.#listeners.add(own);
		return { dispose: () => void this.#listeners.delete(own) };
	};
	async rescan() {
		await Promise.all(this.#roots.map((root) => this.#rescanRoot(root)));
	}
	follow(folder, files, options = {}) {
		return this.#followed.follow(folder, files, options);
	}
	isAsDescribed(description) {
		const { folder, fingerprint } = description;
		const entry = this.#known.entry(folder);
		const stamp = entry && placeOf$1(entry).fingerprint === fingerprint ? this.#stamps.get(folder) : void 0;
		if (stamp !== void 0 && sameStamp(stamp, this.#reader.stamp(realFolderOf(description)))) return true;
		return this.#reader.isAsDescribed(description);
	}
	lookAgain(folder) {
		this.#onLinkTouched(folder);
	}
	lastEventAt(folder) {
		return this.#lastEvents.get(folder);
	}
	get size() {
		return this.#known.size;
	}
	entries() {
		return this.#known.entries();
	}
	entry(folder) {
		return this.#known.entry(folder);
	}
	shadowed() {
		return this.#known.shadowed();
	}
	shadow(folder) {
		return this.#known.shadow(folder);
	}
	problems() {
		const problems = this.#roots.flatMap((root) => [...root.problems.values()]);
		const [followFault] = this.#followFaults.values();
		for (const problem of [followFault, this.#indexProblem]) if (problem) problems.push(problem);
		return problems;
	}
	async close() {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#indexTimer);
		this.#listeners.clear();
		await this.#indexWriting;
		await this.#writeIndex();
		this.#followed.close();
		this.#linked.close();
		await Promise.all(this.#roots.map(async (root) => root.watcher?.close()));
		this.#setReady();
	}
	#observerOf(root) {
		return {
			onName: (name) => this.#markDirty(root, name),
			onInside: (name) => {
				if (root.names.has(name)) this.#lastEvents.set(placeIn(root, name).folder, performance.now());
			},
			onWhole: () => this.#rescanRoot(root),
			onMoved: () => {
				this.#moved.add(root);
				for (const name of root.names) {
					this.#followed.doubt(placeIn(root, name).folder);
					this.#linked.doubt(placeIn(root, name).folder);
				}
				this.#schedule();
			},
			onBeat: () => {
				if (root.isUnlisted) root.watcher?.lookAgain();
				for (const name of root.suspects) this.#enqueue(root, name);
			},
			onFault: (fault) => {
				const problem = fault && watchProblem(root.path, fault.cause);
				this.#setProblem(root, "watch", problem);
				this.#schedule();
			}
		};
	}
	#isIgnored(root, name) {
		if (root.isSingle) return false;
		return name.startsWith(".") || name === "node_modules" || this.#rootPaths.has(root.path + sep + name);
	}
	#list(root) {
		const real = lookBehind(root.path);
		if (real.found === void 0) return this.#onListingFault(root, real.code);
		root.real = real.found;
		const { found, code } = root.isSingle ? onlyItself(root) : lookInto(root.path);
		if (found === void 0) return this.#onListingFault(root, code);
		const names = new Map();
		if (root.isSingle) names.set(basename(root.path), "folder");
		else {
			found.sort((left, right) => left.name < right.name ? -1 : 1);
			for (const child of found) {
				if (this.#isIgnored(root, child.name)) continue;
				if (child.isDirectory()) names.set(child.name, "folder");
				else if (child.isSymbolicLink()) names.set(child.name, "link");
				else if (!child.isFile()) names.set(child.name, "unknown");
			}
		}
		root.isUnlisted = false;
		this.#setProblem(root, "", void 0);
		return names;
	}
	#onListingFault(root, code) {
		root.isUnlisted = true;
		if (code === "ENOENT") {
			const message = `${root.path} does not exist; the host waits for it.`;
			this.#setProblem(root, "", {
				code: "DISCOVERY_FOLDER_MISSING",
				severity: "info",
				file: root.path,
				message
			});
			return new Map();
		}
		const what = code === "ENOTDIR" ? "is not a folder" : `can't be read: ${code}`;
		const message = `${root.path} ${what}.`;
		this.#setProblem(root, "", {
			code: "DISCOVERY_UNREADABLE",
			severity: "error",
			file: root.path,
			message
		});
		return code === "ENOTDIR" ? new Map() : void 0;
	}
	#recall(root, name, remembered, batch) {
		const place = placeIn(root, name);
		const stamp = this.#reader.stamp(place.folder);
		const description = stamp && remembered.describe(place, root.real, stamp);
		if (!description) return false;
		this.#stamps.set(place.folder, stamp);
		this.#addName(root, name, batch);
		batch.set(place.folder, {
			kind: "extension",
			description
		});
		return true;
	}
	#observe(root, name, kind, batch) {
		const place = placeIn(root, name);
		const known = this.#known.entry(place.folder);
		if (root.watcher) {
			root.watcher.attend(name);
			this.#attendManifest(place.folder);
		}
		const finding = this.#reader.look(place, root.real, {
			kind,
			known
		});
		for (const open of this.#openBatches) if (open !== batch) open.delete(place.folder);
		this.#setProblem(root, name, finding.kind === "link" ? finding.problem : void 0);
		if (finding.kind === "link" ? finding.isDangling : finding.kind === "folder" && finding.isSuspect) root.suspects.add(name);
		else root.suspects.delete(name);
		const stamp = finding.kind === "folder" ? finding.stamp : void 0;
		if (stamp && this.#isSettled(stamp)) this.#stamps.set(place.folder, stamp);
		else this.#stamps.delete(place.folder);
		if (stamp) this.#isIndexStale = true;
		if (root.watcher) {
			const isLink = finding.kind === "folder" && isLinked(root, name, finding.entry);
			root.watcher.setLink(name, { isLink });
		}
		if (finding.kind === "folder") {
			if (!root.names.has(name)) this.#addName(root, name, batch);
			if (finding.entry !== known || batch.has(place.folder)) batch.set(place.folder, finding.entry);
		} else {
			if (root.names.has(name)) this.#removeName(root, name);
			if (known && !isFolder(root.path)) root.isUnlisted = true;
			if (known || batch.has(place.folder)) batch.set(place.folder, void 0);
		}
	}
	#attendManifest(folder) {
		const before = this.#linkFollows.get(folder);
		this.#linkFollows.delete(folder);
		const file = folder + sep + manifestName;
		if (isLink(file)) this.#linkFollows.set(folder, this.#linked.follow(folder, [file]));
		before?.dispose();
	}
	#onLinkTouched(folder) {
		const entry = this.#known.entry(folder);
		const root = entry && this.#roots.find(({ path }) => path === placeOf$1(entry).root);
		if (root) this.#markDirty(root, placeOf$1(entry).name);
	}
	#addName(root, name, batch) {
		root.names.add(name);
		const key = foldName(name);
		if (name !== key) {
			const odd = root.oddNames.get(key);
			if (odd) odd.add(name);
			else root.oddNames.set(key, new Set([name]));
		} else if (!root.oddNames.has(key)) return;
		const others = namesOfFold(root, key).filter((other) => other !== name);
		if (others.length === 0) return;
		const listed = new Set(lookInto(root.path).found?.map((entry) => entry.name) ?? others);
		for (const other of others) {
			if (listed.has(other)) continue;
			this.#removeName(root, other);
			batch.set(placeIn(root, other).folder, void 0);
		}
		this.#reportClash(root, key);
	}
	#removeName(root, name) {
		root.names.delete(name);
		const key = foldName(name);
		const odd = root.oddNames.get(key);
		if (!odd) return;
		odd.delete(name);
		if (odd.size === 0) root.oddNames.delete(key);
		this.#reportClash(root, key);
	}
	#reportClash(root, key) {
		const folders = namesOfFold(root, key).map((name) => placeIn(root, name).folder);
		const [file] = folders;
		const message = `${folders.join(" and ")} differ only in case.`;
		const problem = file === void 0 || folders.length < 2 ? void 0 : {
			code: "DISCOVERY_CASE_CLASH",
			severity: "warning",
			file,
			message
		};
		this.#setProblem(root, `case ${key}`, problem);
	}
	#setProblem(root, subject, problem) {
		const known = root.problems.get(subject);
		if (known?.message === problem?.message && known?.code === problem?.code) return;
		if (problem) root.problems.set(subject, problem);
		else root.problems.delete(subject);
		this.#problemsChanged = true;
	}
	#markDirty(root, name) {
		if (this.#isIgnored(root, name)) return;
		const { folder } = placeIn(root, name);
		this.#touch(folder);
		this.#followed.doubt(folder);
		this.#linked.doubt(folder);
		this.#enqueue(root, name);
		for (const suspect of root.suspects) this.#enqueue(root, suspect);
	}
	#touch(folder) {
		this.#touched.add(folder);
		this.#lastEvents.set(folder, performance.now());
		this.#schedule();
	}
	#enqueue(root, name) {
		const names = this.#dirty.get(root);
		if (names) names.add(name);
		else this.#dirty.set(root, new Set([name]));
		this.#schedule();
	}
	#schedule() {
		if (this.#isClosed) return;
		const { quietMs = 8, maxQuietMs = 100 } = this.#options;
		const now = performance.now();
		if (!this.#timer) this.#firstEventAt = now;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#flush(), Math.max(0, Math.min(quietMs, this.#firstEventAt + maxQuietMs - now)));
		this.#timer.unref();
	}
	#flush() {
		this.#timer = void 0;
		if (this.#isClosed) return;
		this.#followed.settle();
		this.#linked.settle();
		const batch = new Map();
		for (const [root, names] of this.#dirty) {
			if (this.#moved.has(root)) continue;
			for (const name of [...names].sort()) this.#observe(root, name, "unknown", batch);
		}
		this.#dirty.clear();
		const touched = new Set();
		for (const folder of this.#touched) {
			if (batch.has(folder) || this.#known.entry(folder)) touched.add(folder);
			if (!this.#known.entry(folder) && !batch.get(folder)) this.#lastEvents.delete(folder);
		}
		this.#touched.clear();
		this.#emit(this.#apply(batch, touched));
		for (const root of this.#moved) this.#rescanRoot(root, { hasMoved: true });
		this.#moved.clear();
	}
	async #rescanRoot(root, { hasMoved = false } = {}) {
		if (this.#hasEnded()) return;
		const batch = new Map();
		this.#openBatches.add(batch);
		try {
			const listing = this.#list(root);
			if (listing) {
				for (const name of root.names) if (!listing.has(name)) listing.set(name, "unknown");
				let count = 0;
				for (const [name, kind] of listing) {
					if (kind !== "folder" || !this.#isUnchanged(root, name)) this.#observe(root, name, kind, batch);
					if (++count % sliceSize === 0) await setImmediate$1();
					if (this.#hasEnded()) return;
				}
			}
		} finally {
			this.#openBatches.delete(batch);
		}
		const touched = hasMoved ? [...root.names].map((name) => placeIn(root, name).folder) : [];
		this.#emit(this.#apply(batch, new Set(touched)));
	}
	#hasEnded() {
		return this.#isClosed;
	}
	#isUnchanged(root, name) {
		root.watcher?.attend(name);
		const place = placeIn(root, name);
		const known = this.#stamps.get(place.folder);
		if (known === void 0 || !sameStamp(known, this.#reader.stamp(place.folder))) return false;
		const entry = this.#known.entry(place.folder);
		return entry !== void 0 && !isLinked(root, name, entry);
	}
	#isSettled(stamp) {
		return (this.#options.now?.() ?? Date.now()) - Math.max(stamp.mtimeMs, stamp.ctimeMs) > racyMs;
	}
	async #writeIndex() {
		const { indexFile, parserVersion = "" } = this.#options;
		if (indexFile === void 0 || !this.#isIndexStale) return;
		this.#isIndexStale = false;
		const roots = this.#roots.filter((root) => !root.isSingle).map((root) => ({
			path: root.path,
			real: root.real,
			extensions: this.#indexable(root)
		}));
		try {
			await writeIndex(indexFile, parserVersion, roots);
			if (this.#indexProblem) this.#problemsChanged = true;
			this.#indexProblem = void 0;
		} catch (error) {
			const message = `${indexFile} can't be written: ${errorCode(error)}.`;
			this.#indexProblem = {
				code: "STATE_UNWRITABLE",
				severity: "warning",
				file: indexFile,
				message
			};
			this.#problemsChanged = true;
		}
		if (this.#problemsChanged) this.#schedule();
	}
	#indexable(root) {
		const extensions = [];
		for (const name of root.names) {
			const { folder } = placeIn(root, name);
			const entry = this.#known.entry(folder);
			const stamp = this.#stamps.get(folder);
			if (entry?.kind !== "extension" || !stamp) continue;
			if (isLinked(root, name, entry)) continue;
			extensions.push({
				description: entry.description,
				stamp
			});
		}
		return extensions;
	}
	#apply(batch, touched) {
		const problems = this.#problemsChanged ? this.problems() : void 0;
		this.#problemsChanged = false;
		return {
			...this.#known.reconcile(batch),
			touched,
			problems
		};
	}
	#emit(change) {
		if (change.folders.length === 0 && change.touched.size === 0 && change.problems === void 0 || this.#isClosed) return;
		for (const listener of [...this.#listeners]) try {
			listener(change);
		} catch (error) {
			this.#onInternalError(error);
		}
	}
	#onInternalError(error) {
		this.#options.onInternalError?.(error);
	}
};
function placeIn(root, name) {
	return {
		folder: root.isSingle ? root.path : root.prefix + name,
		root: root.path,
		rank: root.rank,
		name
	};
}
function onlyItself(root) {
	const { found, code } = lookAt(root.real);
	if (found === void 0) return { code };
	return found.isDirectory() ? { found: [] } : { code: "ENOTDIR" };
}
function foldName(name) {
	return name.normalize("NFC").toLowerCase();
}
function isLinked(root, name, entry) {
	const real = root.isSingle ? root.real : root.real + sep + name;
	return !placeOf$1(entry).fingerprint.endsWith(` ${real}`);
}
function namesOfFold(root, key) {
	const names = [...root.oddNames.get(key) ?? []];
	if (root.names.has(key)) names.push(key);
	return names.sort();
}
function watchProblem(path, cause) {
	const code = errorCode(cause);
	const limit = usedUp(code);
	return {
		code: limit === void 0 ? "DISCOVERY_WATCH_FAILED" : "DISCOVERY_WATCH_LIMIT",
		severity: "warning",
		file: path,
		message: `${path} can't be watched (${code}${limit ?? ""}); it is looked at every second instead.`
	};
}
function usedUp(code) {
	if (code === "ENFILE") return ": all files that the system may open";
	if (code === "ENOSPC") return ": all of fs.inotify.max_user_watches";
	if (code !== "EMFILE") return void 0;
	const files = "all files that the process may open, see ulimit -n";
	return process.platform === "linux" ? `: all of fs.inotify.max_user_instances, or ${files}` : `: ${files}`;
}
// core/src/guest/loader/content-hash.ts
const shortBytes = 16384;
function contentHash(bytes) {
	return bytes.length > shortBytes ? process.getBuiltinModule("node:crypto").hash("sha1", bytes, "hex") : hashOfWords(paddedWords(bytes));
}
const wordsOfBlock = 16;
const rounds = 80;
function paddedWords(bytes) {
	const blocks = Math.ceil((bytes.length + 9) / 64);
	const words = new Int32Array(blocks * wordsOfBlock);
	const put = (index, byte) => {
		words[index >> 2] = at(words, index >> 2) | byte << 24 - (index & 3) * 8;
	};
	bytes.forEach((byte, index) => put(index, byte));
	put(bytes.length, 128);
	words[words.length - 1] = bytes.length * 8;
	return words;
}
function hashOfWords(words) {
	const state = Int32Array.of(1732584193, 4023233417, 2562383102, 271733878, 3285377520);
	const schedule = new Int32Array(rounds);
	for (let start = 0; start < words.length; start += wordsOfBlock) {
		schedule.set(words.subarray(start, start + wordsOfBlock));
		for (let round = wordsOfBlock; round < rounds; round += 1) {
			const mixed = at(schedule, round - 3) ^ at(schedule, round - 8) ^ at(schedule, round - 14) ^ at(schedule, round - 16);
			schedule[round] = rotate(mixed, 1);
		}
		addBlock(state, schedule);
	}
	return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
function addBlock(state, schedule) {
	let [a, b, c, d, e] = state;
	for (let round = 0; round < rounds; round += 1) {
		const next = rotate(a, 5) + mix(round, b, c, d) + e + at(schedule, round) | 0;
		[e, d, c, b, a] = [
			d,
			c,
			rotate(b, 30),
			a,
			next
		];
	}
	[
		a,
		b,
		c,
		d,
		e
	].forEach((word, index) => {
		state[index] = at(state, index) + word;
	});
}
function mix(round, b, c, d) {
	if (round < 20) return (b & c | ~b & d) + 1518500249;
	if (round < 40) return (b ^ c ^ d) + 1859775393;
	if (round < 60) return (b & c | b & d | c & d) + 2400959708;
	return (b ^ c ^ d) + 3395469782;
}
function rotate(word, bits) {
	return word << bits | word >>> 32 - bits;
}
function at(words, index) {
	return words[index];
}
// core/src/guest/loader/file-stamp.ts
const absent = Object.freeze({
	hash: void 0,
	mtimeMs: 0,
	ctimeMs: 0,
	size: 0
});
const slowestClockMs = 2e3;
const mostOpen = 16;
function readStamped(file) {
	const descriptor = openSync(file, "r");
	try {
		const stats = fstatSync(descriptor);
		const bytes = readFileSync(descriptor);
		const fresh = Date.now() - stats.ctimeMs < slowestClockMs;
		return {
			bytes,
			stamp: {
				hash: contentHash(bytes),
				mtimeMs: stats.mtimeMs,
				ctimeMs: fresh ? NaN : stats.ctimeMs,
				size: stats.size,
				ino: stats.ino
			}
		};
	} finally {
		closeRead(descriptor);
	}
}
async function changedFiles(files) {
	const changed = new Set();
	const yielder = new EventLoopYielder();
	const rest = files.entries();
	const lookAtRest = async () => {
		for (const [file, stamp] of rest) {
			const verdict = verdictOn(file, stamp);
			if (verdict === "changed" || verdict === "read" && !await readsAs(file, stamp)) changed.add(file);
			const due = yielder.due();
			if (due) await due;
		}
	};
	await Promise.all(Array.from({ length: Math.min(mostOpen, files.size) }, lookAtRest));
	return changed.size === 0 ? [] : [...files.keys()].filter((file) => changed.has(file));
}
async function readsAs(file, { hash }) {
	try {
		return contentHash(await readRegularBytesLater(file, largestCompared)) === hash;
	} catch {
		return false;
	}
}
const largestCompared = 64 * 2 ** 20;
function verdictOn(file, stamp) {
	if (stamp.target !== void 0 && lookBehind(file).found !== stamp.target) return "changed";
	const { found: stats } = lookAt(file);
	if (stamp.hash === void 0) return stats === void 0 ? "same" : "changed";
	if (stats === void 0 || !stats.isFile() || stats.size !== stamp.size) return "changed";
	if (stats.size === 0) return "same";
	if ((stamp.ino === void 0 || stats.ino === stamp.ino) && stats.mtimeMs === stamp.mtimeMs && stats.ctimeMs === stamp.ctimeMs) return "same";
	return stats.size > largestCompared ? "changed" : "read";
}
// core/src/lifecycle/base/activation-timeline.ts
var ActivationTimeline = class {
	#startedAt = performance.now();
	#lines = new Map();
	ask(id, activatedBy, requiredBy) {
		let line = this.#lines.get(id);
		if (line === void 0) {
			line = {
				id,
				activatedBy,
				requiredBy: new Set(),
				startedAt: performance.now() - this.#startedAt,
				outcome: void 0
			};
			this.#lines.set(id, line);
		}
		if (requiredBy !== void 0) line.requiredBy.add(requiredBy);
	}
	settle(id, outcome) {
		const line = this.#lines.get(id);
		if (line !== void 0) line.outcome = outcome;
	}
	get elapsedMs() {
		return performance.now() - this.#startedAt;
	}
	entries() {
		return [...this.#lines.values()].map(({ id, activatedBy, requiredBy, startedAt, outcome }) => ({
			id,
			activatedBy,
			requiredBy: [...requiredBy],
			startedAt,
			...outcome ?? { state: "activating" }
		}));
	}
};
function formatTimeline(entries, elapsedMs, headline) {
	const byRequirer = new Map();
	for (const entry of entries) for (const requirer of entry.requiredBy) byRequirer.set(requirer, [...byRequirer.get(requirer) ?? [], entry]);
	const known = new Set(entries.map((entry) => entry.id));
	const roots = entries.filter((entry) => !entry.requiredBy.some((requirer) => known.has(requirer)));
	const lines = [];
	const shown = new Set();
	const print = (siblings, indent) => {
		for (const [index, entry] of siblings.entries()) {
			const [branch, below] = index === siblings.length - 1 ? ["└─", "   "] : ["├─", "│  "];
			if (shown.has(entry.id)) {
				lines.push(`${indent}${branch} ${entry.id} (above)`);
				continue;
			}
			shown.add(entry.id);
			lines.push(`${indent}${branch} ${describe(entry)}`);
			print(byRequirer.get(entry.id) ?? [], `${indent}${below}`);
		}
	};
	print(roots, "");
	return [`${headline} (${milliseconds(elapsedMs)})`, ...lines].join("\n");
}
function describe(entry) {
	const start = `+${milliseconds(entry.startedAt)}`;
	const duration = entry.times === void 0 ? "" : durationText(entry.times);
	const because = entry.requiredBy.length > 0 ? "" : ` by ${entry.activatedBy}`;
	const reason = entry.reason === void 0 ? "" : `: ${entry.reason.code} ${entry.reason.message}`;
	return `${entry.id} ${entry.state}${because} ${start}${duration}${reason}`;
}
function durationText({ wait, load, call, settle }) {
	const parts = `${wait === void 0 ? "" : `wait ${milliseconds(wait)}, `}load ${milliseconds(load)}, call ${milliseconds(call)}, settle ${milliseconds(settle)}`;
	return ` ${milliseconds((wait ?? 0) + load + call + settle)} (${parts})`;
}
function milliseconds(value) {
	return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
// core/src/common/deadline.ts
function millisecondsUntil(deadline) {
	return deadline === Infinity ? 0 : Math.max(1, deadline - Date.now());
}
function contextWithin(milliseconds) {
	return new BoundedContext(milliseconds);
}
var BoundedContext = class {
	deadline;
	#signal;
	constructor(milliseconds) {
		this.deadline = milliseconds === 0 ? Infinity : Date.now() + milliseconds;
	}
	get signal() {
		return this.#signal ??= this.deadline === Infinity ? new AbortController().signal : AbortSignal.timeout(Math.max(0, this.deadline - Date.now()));
	}
	transfer() {}
};
// core/src/common/source-place.ts
function placeInStack(stack, isWanted) {
	for (const line of stack?.split("\n") ?? []) {
		const match = /^\s*at (?:async )?(?:.*? \()?(.+):(\d+):(\d+)\)?$/.exec(line);
		if (match?.[1] === void 0 || !isWanted(match[1])) continue;
		return {
			file: match[1],
			line: Number(match[2]),
			column: Number(match[3])
		};
	}
}
function pathOfFile(file) {
	try {
		return file.startsWith("file:") ? fileURLToPath(file) : file;
	} catch {
		return file;
	}
}
// core/src/lifecycle/extension/busy-text.ts
function busyText({ file, line, functionName }) {
	return `busy${functionName === void 0 ? "" : ` in ${functionName}`} (${pathOfFile(file)}:${String(line)})`;
}
function placeDetails({ file, line }) {
	return {
		file: pathOfFile(file),
		line
	};
}
// core/src/lifecycle/extension/place-in-folder.ts
function placeInFolder(folder, text) {
	const { found: real } = lookBehind(folder);
	if (real === void 0) return void 0;
	const isOwn = (file) => pathOfFile(file).startsWith(real + sep);
	const place = placeInStack(text, isOwn) ?? placeInStack(bracketed(text), isOwn);
	return place === void 0 ? void 0 : {
		...place,
		file: pathOfFile(place.file)
	};
}
function bracketed(text = "") {
	return `at ${/\(([^()]+:\d+:\d+)\)\.?$/.exec(text)?.[1] ?? ""}`;
}
// core/src/lifecycle/extension/crash-error.ts
function crashError({ description: { id, folder } }, message, place) {
	return new ExtensionError("EXTENSION_CRASHED", `${id} crashed: ${message}`, {
		extensionId: id,
		details: place === void 0 ? { ...placeInFolder(folder, message) } : placeDetails(place)
	});
}
function isCrashOf(id, error) {
	return isExtensionError(error, "EXTENSION_CRASHED") && error.extensionId === id;
}
function unlessCrashed(generation, promise) {
	return new Promise((resolve, reject) => {
		const listener = generation.onCrash(reject);
		promise.then((value) => {
			listener.dispose();
			resolve(value);
		}, (error) => {
			listener.dispose();
			reject(error);
		});
	});
}
function tellOfCrash(generation, session, report) {
	const crashed = (message) => {
		try {
			const place = session.health?.unresponsive?.place;
			generation.crashed(crashError(generation, message, place));
		} catch (error) {
			report(error);
		}
	};
	Promise.resolve(session.exited).then((exit) => {
		if (exit?.kind === "crashed") crashed(exit.message);
	}, (error) => {
		crashed(thrownText(error));
	});
}
function isCrashed({ state, reason }) {
	return state === "failed" && (reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN");
}
// core/src/lifecycle/extension/extension-state.ts
const moves = {
	discovered: {
		rejected: "invalid",
		unresolved: "blocked",
		resolved: "ready",
		gone: "removed"
	},
	invalid: { gone: "removed" },
	blocked: {
		resolved: "ready",
		unresolved: "blocked",
		gone: "removed"
	},
	ready: {
		requested: "activating",
		unresolved: "blocked",
		gone: "removed"
	},
	activating: {
		settled: "active",
		failed: "failed",
		unresolved: "blocked",
		stopping: "deactivating"
	},
	active: {
		stopping: "deactivating",
		failed: "failed"
	},
	failed: { gone: "removed" },
	deactivating: {
		stopped: "removed",
		gone: "removed"
	},
	removed: {}
};
function nextState(state, move) {
	return moves[state][move];
}
// core/src/lifecycle/extension/reason.ts
function asExtensionError(error, code, extensionId, message, details = {}) {
	if (isExtensionError(error)) return error;
	const root = rootCause(error);
	const because = root === error ? "" : `, because of: ${thrownText(root)}`;
	return new ExtensionError(code, `${message}: ${thrownText(error)}${because}`, {
		extensionId,
		details,
		cause: error
	});
}
function reasonOf(error) {
	return {
		code: error.code,
		message: error.message,
		cause: error
	};
}
function errorOf(reason, extensionId) {
	if (isExtensionError(reason.cause)) return reason.cause;
	const code = reason.code in errorTable ? reason.code : codeOfReason(reason.code);
	return new ExtensionError(code, reason.message, {
		extensionId,
		details: { reason: reason.code }
	});
}
function codeOfReason(code) {
	if (code === "DISABLED") return "EXTENSION_DISABLED";
	if (code === "SHADOWED") return "DISCOVERY_DUPLICATE_ID";
	return "ACTIVATION_FAILED";
}
// core/src/lifecycle/extension/generation.ts
const noProblems$2 = Object.freeze([]);
var Generation = class {
	number;
	description;
	revision;
	reason;
	problems = noProblems$2;
	times;
	waitingSince;
	waitedMs;
	activatedBy;
	activation;
	session;
	savesState = false;
	files;
	connection;
	#state = "discovered";
	#failedAt;
	#controller;
	#abortReason;
	#crash;
	#crashListeners;
	#abortListeners;
	constructor(number, description, revision) {
		this.number = number;
		this.description = description;
		this.revision = revision;
	}
	get state() {
		return this.#state;
	}
	move(move, reason) {
		const next = nextState(this.#state, move);
		if (next === void 0) throw new ExtensionError("INTERNAL", `A generation that is ${this.#state} can't be told "${move}".`, { extensionId: this.description.id });
		this.#state = next;
		this.reason = reason;
	}
	fail(move, error) {
		this.move(move, reasonOf(error));
		this.#failedAt = performance.now();
	}
	hasFailedWithin(milliseconds) {
		return this.#failedAt !== void 0 && performance.now() - this.#failedAt < milliseconds;
	}
	get signal() {
		if (this.#controller === void 0) {
			this.#controller = new AbortController();
			if (this.#abortReason !== void 0) this.#controller.abort(this.#abortReason);
		}
		return this.#controller.signal;
	}
	abort(reason) {
		if (this.#abortReason !== void 0) return;
		this.#abortReason = reason;
		this.#controller?.abort(reason);
		for (const listener of [...this.#abortListeners ?? []]) listener.abort(reason);
	}
	get crash() {
		return this.#crash;
	}
	crashed(error) {
		if (this.#crash !== void 0) return;
		this.#crash = error;
		if (this.#state === "activating") this.abort(error);
		const listeners = this.#crashListeners;
		this.#crashListeners = void 0;
		for (const listener of listeners ?? []) listener(error);
	}
	onCrash(listener) {
		if (this.#crash === void 0) (this.#crashListeners ??= new Set()).add(listener);
		else listener(this.#crash);
		return { dispose: () => void this.#crashListeners?.delete(listener) };
	}
	get isAborted() {
		return this.#abortReason !== void 0;
	}
	throwIfAborted() {
		if (this.#abortReason !== void 0) throw this.#abortReason;
	}
	addAbortListener(listener) {
		if (this.#abortReason === void 0) (this.#abortListeners ??= new Set()).add(listener);
		else listener.abort(this.#abortReason);
	}
	removeAbortListener(listener) {
		this.#abortListeners?.delete(listener);
	}
	get isBeingPrepared() {
		return this.#state === "discovered" || this.#state === "ready" || this.#state === "activating";
	}
	get isBegun() {
		return this.#state === "activating" && this.activation !== void 0;
	}
	get isRunning() {
		return this.#state === "active" || this.#state === "activating" || this.#state === "deactivating";
	}
};
var GenerationConnection = class {
	book;
	#session;
	constructor(book, session) {
		this.book = book;
		this.#session = session;
	}
	handler(point, id, method) {
		return this.#session?.handler(point, id, method);
	}
};
// core/src/lifecycle/base/activator.ts
var Activator = class {
	#options;
	#deadlines = new Deadlines();
	#yielder = new EventLoopYielder();
	constructor(options) {
		this.#options = options;
	}
	async load(generation, reuse) {
		const { description } = generation;
		const { main } = outlineOf(description);
		const startedAt = performance.now();
		const options = this.#options;
		if (main === void 0 && !options.runsWithoutMain(description)) return 0;
		let logger;
		const trusted = reuse === void 0 ? await options.admit(description) : void 0;
		options.onStart(generation);
		const runtime = await options.runtime(description);
		const place = reuse === void 0 ? options.startPlace(runtime) : void 0;
		if (place?.turn !== void 0) await this.#turn(generation, place);
		const limit = new LoadLimit(this.#options.limits.activateMs);
		const request = {
			extension: {
				id: description.id,
				version: description.version,
				path: options.realFolder(description)
			},
			generation: generation.number,
			main: main ?? "",
			runtime: runtimeOf(description),
			group: options.group(description),
			get capabilities() {
				return options.capabilities(description);
			},
			get logger() {
				return logger ??= options.environment(generation).logger;
			},
			trusted,
			onFile: (path, stamp) => {
				this.#note(generation, path, stamp);
			},
			onProblem: (problem) => {
				generation.problems = [...generation.problems, problemOf$1(description, problem)];
				options.onProblem(generation);
			},
			extendTimeout: (milliseconds) => {
				limit.extend(milliseconds);
			},
			reuse,
			openSession: (channel) => options.openSession(request, channel)
		};
		const starting = runtime.start(request, { get signal() {
			return generation.signal;
		} });
		try {
			const session = await this.#loaded(generation, starting, limit);
			generation.session = session;
			place?.leaveOnceLoaded(session);
			tellOfCrash(generation, session, options.report);
		} catch (error) {
			place?.leave();
			starting.then((session) => {
				session.dispose();
			}, () => void 0);
			throw asExtensionError(error, "RUNTIME_START_FAILED", description.id, `${description.id} could not be loaded`);
		}
		return performance.now() - startedAt - (generation.waitedMs ?? 0);
	}
	async activate(generation, loadMs, parts) {
		const { session, description } = generation;
		if (session === void 0) {
			generation.times = {
				load: 0,
				call: 0,
				settle: 0
			};
			generation.connection = this.#connect(generation);
			generation.problems = this.#unsupplied(generation, parts.examination);
			return;
		}
		try {
			const activating = session.activate({
				...this.#options.environment(generation),
				contributions: this.#declared(parts.examination),
				dependencies: parts.dependencies,
				state: parts.state,
				limits: {
					callMs: this.#options.clock.limitMs,
					callBytes: this.#options.limits.callBytes,
					memoryBytes: this.#options.limits.memoryBytes
				},
				get signal() {
					return generation.signal;
				}
			});
			if (session.queuesCalls === true && parts.onReachable !== void 0) {
				generation.connection = this.#connect(generation);
				parts.onReachable(generation.connection);
			}
			const { activateMs } = this.#options.limits;
			const late = () => {
				throw this.#timeout(generation, "activate", activateMs);
			};
			const result = await this.#deadlines.within(activateMs, activating, late, generation);
			generation.savesState = result.savesState;
			const { waitedMs } = generation;
			generation.times = {
				...waitedMs === void 0 ? {} : { wait: waitedMs },
				load: loadMs,
				...result.times
			};
			const problems = [...result.findings, ...(session.gaps ?? []).map(unconfined)].map((finding) => problemOf$1(description, finding));
			if (problems.length > 0) generation.problems = [...generation.problems, ...problems];
			generation.connection ??= this.#connect(generation);
		} catch (error) {
			const failure = asExtensionError(error, "ACTIVATION_FAILED", description.id, `${description.id} failed to activate`, placeOf(description, error));
			this.discard(generation, failure);
			throw failure;
		}
	}
	discard(generation, reason) {
		generation.abort(reason);
		letGo(generation);
		generation.connection?.book.rejectAll(reason);
		generation.connection = void 0;
	}
	async retire(generation, reason, { isKept = false } = {}) {
		const { session, connection, description } = generation;
		const { limits } = this.#options;
		const silence = isExtensionError(reason, "HOST_STOPPED") ? new Silence(session?.health) : void 0;
		const unlessSilent = async (answer) => silence === void 0 ? answer : Promise.race([answer, silence.begun]);
		if (connection !== void 0 && connection.book.size > 0) {
			await this.#deadlines.within(limits.drainMs, unlessSilent(connection.book.idle()), () => void 0);
			connection.book.abort(reason);
		}
		await this.#yielder.due();
		generation.abort(reason);
		if (session !== void 0 && generation.crash === void 0) {
			const problems = [];
			const report = (code, message) => {
				problems.push({
					code,
					severity: "warning",
					file: description.folder,
					message,
					extensionId: description.id
				});
			};
			const context = contextWithin(limits.deactivateMs);
			try {
				const deactivating = unlessCrashed(generation, session.deactivate(context));
				await this.#deadlines.within(limits.deactivateMs, unlessSilent(deactivating), () => {
					report("DEACTIVATION_TIMEOUT", `${description.id} did not deactivate within ${String(limits.deactivateMs)} ms.`);
				});
			} catch (error) {
				report("DEACTIVATION_FAILED", `${description.id} failed to deactivate: ${thrownText(error)}`);
			}
			if (silence?.isBegun === true) report("DEACTIVATION_TIMEOUT", `${description.id} does not answer, and was ended without its deactivate.`);
			if (problems.length > 0) generation.problems = [...generation.problems, ...problems];
		}
		if (!isKept || session?.keepsCode !== true || generation.crash !== void 0) letGo(generation);
		silence?.end();
		connection?.book.rejectAll(reason);
	}
	async undo(generation, reason) {
		if (generation.times === void 0) this.discard(generation, reason);
		else await this.retire(generation, reason);
	}
	letGo(generation) {
		if (generation.session?.keepsCode === true) letGo(generation);
	}
	kill(generation, reason) {
		generation.abort(reason);
		letGo(generation);
		generation.connection?.book.rejectAll(reason);
	}
	async #turn(generation, place) {
		const since = performance.now();
		generation.waitingSince = since;
		try {
			const { startTurnMs } = this.#options.limits;
			const expire = () => {
				throw noTurn(generation.description.id, startTurnMs);
			};
			await this.#deadlines.within(startTurnMs, place.turn ?? Promise.resolve(), expire, generation);
		} catch (error) {
			place.leave();
			throw error;
		} finally {
			generation.waitingSince = void 0;
			generation.waitedMs = performance.now() - since;
		}
	}
	#note(generation, path, stamp) {
		(generation.files ??= new Map()).set(path, stamp);
		this.#options.onFile(generation);
	}
	#connect(generation) {
		const { clock, limits } = this.#options;
		return new GenerationConnection(new CallBook(clock, generation.description.id, limits.callBytes), generation.session);
	}
	#declared(examination) {
		const declared = [];
		for (const [pointId, items] of Object.entries(examination.claims)) {
			const methods = this.#options.registry.point(pointId)?.methods;
			if (methods === void 0 || Object.keys(methods).length === 0) continue;
			for (const { id } of items) declared.push({
				point: pointId,
				id,
				methods
			});
		}
		return declared;
	}
	#unsupplied(generation, examination) {
		const { description } = generation;
		return this.#declared(examination).map(({ point, id }) => ({
			code: "CONTRIBUTION_MISSING",
			severity: "warning",
			file: description.folder,
			message: `${description.id} declares ${point} "${id}" but names no main that supplies it.`,
			extensionId: description.id
		}));
	}
	#loaded(generation, starting, limit) {
		const wait = (milliseconds) => this.#deadlines.within(milliseconds, starting, late, generation);
		const late = () => {
			const { leftMs } = limit;
			if (leftMs > 0) return wait(leftMs);
			throw this.#timeout(generation, "load", limit.milliseconds);
		};
		return wait(limit.milliseconds);
	}
	#timeout(generation, what, limitMs) {
		const { id } = generation.description;
		const place = generation.session?.health?.unresponsive?.place;
		const busy = place === void 0 ? "" : `: it is ${busyText(place)}`;
		return new ExtensionError("ACTIVATION_TIMEOUT", `${id} did not ${what} within ${String(Math.round(limitMs))} ms${busy}.`, {
			extensionId: id,
			details: {
				limitMs: Math.round(limitMs),
				...place && placeDetails(place)
			}
		});
	}
};
var LoadLimit = class {
	milliseconds;
	#startedAt = performance.now();
	constructor(milliseconds) {
		this.milliseconds = milliseconds;
	}
	get leftMs() {
		return this.#startedAt + this.milliseconds - performance.now();
	}
	extend(milliseconds) {
		const whole = performance.now() - this.#startedAt + milliseconds;
		if (this.milliseconds > 0 && whole > this.milliseconds) this.milliseconds = whole;
	}
};
function noTurn(id, limitMs) {
	return new ExtensionError("ACTIVATION_TIMEOUT", `${id} did not get its turn to start within ${String(limitMs)} ms: other workers and processes were starting all the time.`, {
		extensionId: id,
		details: { limitMs }
	});
}
var Silence = class {
	begun;
	#health;
	#listener;
	#begin;
	isBegun = false;
	constructor(health) {
		const { promise, resolve } = Promise.withResolvers();
		this.begun = promise;
		this.#begin = resolve;
		this.#health = health;
		this.#look();
		this.#listener = health?.onDidChange(() => setImmediate(() => this.#look()));
	}
	end() {
		this.#listener?.dispose();
	}
	#look() {
		if (this.#health?.unresponsive === void 0) return;
		this.isBegun = true;
		this.#begin(void 0);
	}
};
function letGo(generation) {
	try {
		generation.session?.dispose();
	} catch (error) {
		const message = `${generation.description.id} could not be let go: ${thrownText(error)}`;
		const problem = problemOf$1(generation.description, {
			code: "DEACTIVATION_FAILED",
			message
		});
		generation.problems = [...generation.problems, problem];
	}
}
function unconfined(message) {
	return {
		code: "RUNTIME_UNCONFINED",
		message
	};
}
function problemOf$1({ folder, id }, { code, message }) {
	return {
		code,
		severity: "warning",
		file: folder,
		message,
		extensionId: id
	};
}
function placeOf({ folder }, error) {
	try {
		return { ...placeInFolder(folder, error instanceof Error ? error.stack : void 0) };
	} catch {
		return {};
	}
}
function runtimeOf(description) {
	const { runtime = "in-process" } = outlineOf(description);
	if (typeof runtime === "string") return { kind: runtime };
	const { runtime: frozen } = description.manifest;
	return typeof frozen === "object" ? frozen : runtime;
}
// core/src/common/keyed-queue.ts
var KeyedQueue = class {
	#held = new Set();
	#waiting = [];
	async run(keys, task) {
		if (this.#isFree(keys)) for (const key of keys) this.#held.add(key);
		else await new Promise((start) => this.#waiting.push({
			keys,
			start
		}));
		try {
			return await task();
		} finally {
			for (const key of keys) this.#held.delete(key);
			this.#startWaiting();
		}
	}
	#isFree(keys) {
		return !keys.some((key) => this.#held.has(key) || this.#waiting.some((waiting) => waiting.keys.includes(key)));
	}
	#startWaiting() {
		if (this.#waiting.length === 0) return;
		const claimed = new Set();
		const remaining = [];
		for (const waiting of this.#waiting) {
			const { keys, start } = waiting;
			if (keys.some((key) => this.#held.has(key) || claimed.has(key))) {
				remaining.push(waiting);
				for (const key of keys) claimed.add(key);
			} else {
				for (const key of keys) this.#held.add(key);
				start();
			}
		}
		this.#waiting = remaining;
	}
};
// core/src/manifest/dependency-ranges.ts
function dependencyRanges(manifest) {
	return ranges(manifest.extensionDependencies);
}
function optionalDependencyRanges(manifest) {
	return ranges(manifest.optionalExtensionDependencies);
}
const none$5 = new Map();
function ranges(dependencies) {
	if (dependencies === void 0) return none$5;
	if (isList(dependencies)) return new Map(dependencies.map((id) => [id, "*"]));
	return new Map(Object.entries(dependencies));
}
function isList(value) {
	return Array.isArray(value);
}
// core/src/lifecycle/extension/dependency-terms.ts
const nothing$1 = [];
function requiredIds(description) {
	const outline = outlineOf(description);
	return outline.extensionDependencies === void 0 ? nothing$1 : [...dependencyRanges(outline).keys()];
}
function usedIds(description) {
	if (!hasDependencies(description)) return nothing$1;
	const outline = outlineOf(description);
	return [...dependencyRanges(outline).keys(), ...optionalDependencyRanges(outline).keys()];
}
function hasDependencies(description) {
	const { extensionDependencies, optionalExtensionDependencies } = outlineOf(description);
	return extensionDependencies !== void 0 || optionalExtensionDependencies !== void 0;
}
function satisfies(version, range) {
	return range === "*" || (0, import_satisfies.default)(version, range, { includePrerelease: true });
}
function withoutDependencies(description, ids) {
	const ranges = [...dependencyRanges(outlineOf(description))].filter(([id]) => !ids.has(id));
	return {
		...description,
		manifest: {
			...description.manifest,
			extensionDependencies: Object.fromEntries(ranges)
		}
	};
}
// core/src/lifecycle/extension/lifecycle-errors.ts
function gone({ id }) {
	return new ExtensionError("EXTENSION_GONE", `${id} is gone.`, { extensionId: id });
}
function superseded({ id }) {
	return new ExtensionError("ACTIVATION_ABORTED", `${id} changed, or is no longer wanted, while it was being activated.`, { extensionId: id });
}
function refusal$1({ state, reason, description: { id } }) {
	return errorOf(reason ?? {
		code: "INTERNAL",
		message: `${id} is ${state}.`
	}, id);
}
function dependencyReason(code, id, message, details, cause) {
	return reasonOf(new ExtensionError(code, message, {
		extensionId: id,
		details,
		cause
	}));
}
function dependencyMissing(id, dependency, range) {
	return dependencyReason("DEPENDENCY_MISSING", id, `${id} depends on ${dependency} ${range}, which is not there.`, {
		dependency,
		range
	});
}
// core/src/lifecycle/base/lifecycle-options.ts
function isRefusal({ code }) {
	return code === "UNTRUSTED" || code.startsWith("TRUST_");
}
// core/src/lifecycle/activation/activation.ts
const waitsForOthers = new Set([
	"DEPENDENCY_FAILED",
	"DEPENDENCY_MISSING",
	"RUNTIME_UNKNOWN"
]);
const mostTries$1 = 10;
var Activation = class {
	#options;
	#run;
	#news;
	#queue;
	#events;
	#set;
	#readiness;
	#exports;
	#following;
	#incomplete;
	#crashes;
	#lock;
	#wholeness;
	#updates;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#news = parts.news;
		this.#queue = parts.queue;
		this.#events = parts.events;
		this.#set = parts.set;
		this.#readiness = parts.readiness;
		this.#exports = parts.exports;
		this.#following = parts.following;
		this.#incomplete = parts.incomplete;
		this.#crashes = parts.crashes;
		this.#lock = parts.lock;
		this.#wholeness = parts.wholeness;
		this.#updates = parts.updates;
	}
	async ensureActive(extension, cause) {
		cause.timeline?.ask(extension.id, cause.event, cause.requiredBy);
		try {
			for (;;) {
				this.#run.assertGoingOn();
				if (extension.isRemoved) throw gone(extension);
				const generation = extension.serving;
				const { state, activation } = generation;
				if (state === "active") return;
				try {
					await this.#attempt(extension, generation, cause);
				} catch (error) {
					if (extension.serving === generation && !isStillToCome(extension, state)) throw error;
				}
				if (extension.serving !== generation || generation.state !== state) continue;
				if (state === "activating" && activation === void 0 && generation.activation !== void 0) continue;
				throw stuck(extension);
			}
		} finally {
			const { state, reason, times } = extension.serving;
			cause.timeline?.settle(extension.id, {
				state,
				...reason === void 0 ? {} : { reason },
				...times === void 0 ? {} : { times }
			});
		}
	}
	async ensureDependencies(extension, description, cause) {
		const optional = [];
		for (const [id, range] of optionalDependencyRanges(outlineOf(description))) {
			const provider = this.#set.get(id);
			if (provider === void 0 || !satisfies(provider.serving.description.version, range)) continue;
			if (!this.#set.mayWaitFor(id, extension.id) && !this.#isHeldUp(provider, cause)) optional.push(provider);
			else if (!this.#set.graph.reaches(id, extension.id) && provider !== extension) this.#beginAside(provider, extension);
		}
		const required = [...dependencyRanges(outlineOf(description))];
		if (required.length === 0 && optional.length === 0) return;
		const because = {
			...cause,
			requiredBy: extension.id
		};
		const attempts = required.map(async ([id, range]) => {
			const provider = this.#set.get(id);
			if (provider === void 0) throw errorOf(dependencyMissing(extension.id, id, range), extension.id);
			try {
				if (this.#isHeldUp(provider, cause)) throw superseded(extension);
				await this.ensureActive(provider, because);
			} catch (error) {
				if (isExtensionError(error, "HOST_STOPPED")) throw error;
				throw errorOf(this.#readiness.dependencyFailed(extension.id, provider), extension.id);
			}
		});
		const [outcomes] = await Promise.all([Promise.allSettled(attempts), Promise.allSettled(optional.map((provider) => this.ensureActive(provider, because)))]);
		for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
	}
	toComeFirst(description) {
		return this.#set.known(requiredIds(description)).find((provider) => !isRefusing(provider) && this.#isHeldUp(provider, { isUnderLock: true }));
	}
	#isHeldUp(provider, { isUnderLock = false }) {
		if (!isUnderLock || provider.serving.state === "active") return false;
		for (const id of this.#lock.inHand) if (this.#set.mayWaitFor(provider.id, id)) return true;
		return false;
	}
	#beginAside(provider, { id }) {
		const beginning = this.ensureActive(provider, {
			event: "optional dependency",
			requiredBy: id
		});
		this.#run.inBackground(beginning.catch(() => void 0));
	}
	async resume(extension) {
		const event = this.#reasonToRun(extension);
		if (event === void 0) return;
		try {
			await this.ensureActive(extension, { event });
			extension.release();
		} catch (error) {
			if (!extension.isAway) extension.rejectHeld(error);
		}
	}
	resumeAll(extensions) {
		const resumed = [];
		for (const extension of extensions) if (this.#reasonToRun(extension) !== void 0) resumed.push(this.resume(extension));
		return resumed;
	}
	#reasonToRun(extension) {
		if (extension.serving.state !== "ready" || this.#run.stopReason !== void 0) return void 0;
		const called = extension.heldCalls > 0 ? "call" : void 0;
		return extension.wantedBy ?? this.#events.missed(extension.id) ?? called;
	}
	#attempt(extension, generation, cause) {
		switch (generation.state) {
			case "active": return Promise.resolve();
			case "ready": return this.#begin(extension, generation, cause);
			case "activating": return generation.activation ?? this.#turnOf(extension);
			case "discovered":
			case "deactivating":
			case "removed": return this.#turnOf(extension);
			case "failed":
				if (extension.supervision?.restart !== void 0) return extension.supervision.restart.begun;
				if (generation.reason?.code === "CRASHED_TOO_OFTEN") throw refusal$1(generation);
				return this.#retryLater(extension, generation);
			case "blocked":
				if (generation.reason?.code === "INCOMPLETE" && extension.incomplete !== void 0) return extension.incomplete.promise;
				if (generation.reason?.code === "DEPENDENCY_FAILED") return this.#retryDependencies(extension, generation, cause);
				throw refusal$1(generation);
			case "invalid": throw this.#readiness.invalid(extension);
		}
	}
	#turnOf({ id }) {
		return this.#queue.run([id], () => Promise.resolve());
	}
	#begin(extension, generation, cause) {
		const activation = this.#activate(extension, generation, cause);
		if (generation.state === "activating") generation.activation = activation;
		return activation;
	}
	async #retryDependencies(extension, generation, cause) {
		await this.ensureDependencies(extension, extension.description, cause);
		if (extension.serving === generation && generation.state === "blocked") this.#readiness.refreshStates([extension.id]);
		if (generation.state === "blocked") throw refusal$1(generation);
	}
	#retryLater(extension, generation) {
		if (generation.hasFailedWithin(this.#options.limits.retryMs)) return Promise.reject(refusal$1(generation));
		this.#set.renew(extension);
		this.#readiness.refresh([extension]);
		const { serving } = extension;
		return serving.state === "blocked" ? Promise.reject(refusal$1(serving)) : Promise.resolve();
	}
	async #activate(extension, generation, cause) {
		generation.move("requested");
		generation.activatedBy = cause.event;
		extension.wantedBy ??= cause.requiredBy === void 0 ? cause.event : void 0;
		this.#news.tell("activating", extension);
		const inHand = this.#lock.settled(requiredIds(generation.description));
		try {
			for (let tries = 0;; tries++) {
				if (hasDependencies(generation.description)) await this.ensureDependencies(extension, generation.description, cause);
				await inHand;
				if (await this.#queue.run([extension.id], () => this.#activateLocked(extension, generation, tries))) break;
			}
		} catch (error) {
			this.#fail(extension, generation, asExtensionError(error, "INTERNAL", extension.id, `${extension.id} failed to activate`));
			throw generation.reason?.code === "CRASHED_TOO_OFTEN" ? refusal$1(generation) : error;
		}
		extension.isAway = false;
		extension.overtaken = 0;
		extension.handedOver = void 0;
		extension.leftovers = void 0;
		this.#options.registry.connect(extension);
		this.#following.follow(extension);
		this.#news.tell("activated", extension);
		extension.release();
		this.#exports.tellChanged(extension.id);
		if (extension.isPending) this.#run.inBackground(this.#updates.update());
		else if (this.#following.isOn) this.#run.inBackground(this.#updates.checkFiles(extension));
		this.#dependentsFollow(extension);
	}
	#dependentsFollow(extension) {
		const dependents = [...this.#set.graph.dependents(extension.id)];
		if (dependents.length === 0) return;
		this.#readiness.refreshStates(dependents);
		for (const dependent of this.#readiness.ready(dependents)) if (dependent.wantedBy !== void 0) this.#run.inBackground(this.resume(dependent));
	}
	async #activateLocked(extension, generation, tries) {
		generation.throwIfAborted();
		if (extension.serving !== generation) throw superseded(extension);
		if (requiredIds(generation.description).find((id) => this.#set.get(id)?.serving.state !== "active") !== void 0 && tries < mostTries$1) return false;
		const examination = extension.listed ?? extension.examination;
		if (examination === void 0) throw superseded(extension);
		this.#run.alive.add(generation);
		try {
			const loadMs = await this.#options.activator.load(generation);
			await this.#options.activator.activate(generation, loadMs, {
				examination,
				dependencies: this.#exports.forDependent(generation.description),
				state: extension.handedOver,
				onReachable: (connection) => {
					if (this.#incomplete.remainingMs(extension) <= 0) extension.sendAhead(connection);
				}
			});
			await this.#wholeness.assert(extension, generation);
			generation.throwIfAborted();
		} catch (error) {
			await this.#options.activator.undo(generation, error);
			if (isCrashOf(extension.id, error) || isExtensionError(error, "MODULE_CHANGED")) extension.rejectSentAhead(error);
			extension.forgetSentAhead();
			this.#run.alive.delete(generation);
			throw error;
		}
		generation.move("settled");
		this.#crashes.watch(extension, generation);
		return true;
	}
	#fail(extension, generation, error) {
		generation.activation = void 0;
		if (generation.state === "activating") {
			if (this.#incomplete.isIncomplete(extension, error)) {
				generation.move("unresolved", {
					code: "INCOMPLETE",
					message: error.message,
					cause: error
				});
				this.#following.follow(extension);
				this.#incomplete.wait(extension, this.#incomplete.remainingMs(extension), () => {
					this.#retryIncomplete(extension, generation);
				});
				return;
			}
			const isToWait = waitsForOthers.has(error.code) || isRefusal(error);
			generation.fail(isToWait ? "unresolved" : "failed", error);
			if (isCrashOf(extension.id, error)) this.#crashes.settle(extension, generation, error);
		}
		if (extension.serving !== generation || extension.isRemoved) return;
		this.#following.follow(extension);
		this.#news.tell("failed", extension, { reason: generation.reason ?? reasonOf(error) });
		this.#crashes.tell(extension);
		this.#readiness.refreshStates(this.#set.graph.dependents(extension.id));
	}
	#retryIncomplete(extension, generation) {
		if (extension.serving !== generation || extension.isRemoved || this.#run.stopReason !== void 0) return;
		this.#set.renew(extension);
		for (const ready of this.#readiness.refresh([extension])) this.#run.inBackground(this.resume(ready));
	}
};
function isStillToCome({ serving: { state, reason }, incomplete, supervision }, before) {
	if (state === before) return false;
	if (state === "blocked") return reason?.code === "INCOMPLETE" && incomplete !== void 0;
	return state === "failed" && supervision?.restart !== void 0;
}
function isRefusing({ serving: { state } }) {
	return state === "failed" || state === "blocked" || state === "invalid";
}
function stuck({ id, serving: { state, reason, number } }) {
	const because = reason === void 0 ? "" : ` (${reason.code})`;
	return new ExtensionError("INTERNAL", `Generation ${String(number)} of ${id} is ${state}${because}, and nothing moves it on.`, {
		extensionId: id,
		details: {
			state,
			reason: reason?.code,
			generation: number
		}
	});
}
// core/src/lifecycle/base/activation-events.ts
const rememberedEvents = 1e4;
const questionsBeforeIndex = 2;
var ActivationEvents = class {
	#listeners = new Map();
	#index;
	#questions = 0;
	#happened = new Set();
	listen(id, listener) {
		this.#listeners.set(id, listener);
		this.#index?.delete(id);
		this.#index?.add(id, listener.events);
	}
	forget(id) {
		this.#index?.delete(id);
		this.#listeners.delete(id);
	}
	of(id) {
		return [...new Set(this.#listeners.get(id)?.events)];
	}
	listeners(event) {
		if (this.#index === void 0 && this.#questions++ < questionsBeforeIndex) return this.#lookThrough(event);
		if (this.#index === void 0) {
			this.#index = new EventIndex();
			for (const [id, { events }] of this.#listeners) this.#index.add(id, events);
		}
		return this.#index.listeners(event);
	}
	remember(event) {
		this.#happened.delete(event);
		this.#happened.add(event);
		if (this.#happened.size <= rememberedEvents) return;
		for (const oldest of this.#happened) {
			this.#happened.delete(oldest);
			break;
		}
	}
	missed(id) {
		if (this.#happened.size === 0) return void 0;
		for (const event of this.of(id)) {
			const happened = this.happened(event);
			if (happened !== void 0) return happened;
		}
	}
	happened(pattern) {
		if (!pattern.endsWith(":*")) return this.#happened.has(pattern) ? pattern : void 0;
		const prefix = pattern.slice(0, -1);
		for (const happened of this.#happened) if (happened.startsWith(prefix)) return happened;
	}
	#lookThrough(event) {
		const ids = new Set();
		this.#listeners.forEach((listener, id) => {
			if (listener.waitsFor(event)) ids.add(id);
		});
		return ids;
	}
};
var EventIndex = class {
	#listeners = new Map();
	#prefixes = new Map();
	#events = new Map();
	add(id, events) {
		if (events.length === 0) return;
		this.#events.set(id, events);
		for (const event of events) {
			const { map, key } = this.#place(event);
			const ids = map.get(key);
			if (ids === void 0) map.set(key, id);
			else if (typeof ids !== "string") ids.add(id);
			else if (ids !== id) map.set(key, new Set([ids, id]));
		}
	}
	delete(id) {
		for (const event of this.#events.get(id) ?? []) {
			const { map, key } = this.#place(event);
			const ids = map.get(key);
			if (ids === id) map.delete(key);
			else if (ids !== void 0 && typeof ids !== "string" && ids.delete(id) && ids.size === 0) map.delete(key);
		}
		this.#events.delete(id);
	}
	listeners(event) {
		const ids = new Set(idsOf$1(this.#listeners.get(event)));
		for (let colon = event.indexOf(":"); colon >= 0; colon = event.indexOf(":", colon + 1)) for (const id of idsOf$1(this.#prefixes.get(event.slice(0, colon + 1)))) ids.add(id);
		return ids;
	}
	#place(event) {
		return event.endsWith(":*") ? {
			map: this.#prefixes,
			key: event.slice(0, -1)
		} : {
			map: this.#listeners,
			key: event
		};
	}
};
function idsOf$1(listeners) {
	return typeof listeners === "string" ? [listeners] : listeners ?? [];
}
// core/src/lifecycle/activation/call-holding.ts
var CallHolding = class {
	#options;
	#run;
	#events;
	#set;
	#activation;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#events = parts.events;
		this.#set = parts.set;
		this.#activation = parts.activation;
	}
	hold(extension, target) {
		const { limits } = this.#options;
		if (this.#run.stopReason !== void 0) return Promise.reject(this.#run.stopReason);
		if (extension.heldCalls >= limits.heldCalls) return Promise.reject(new ExtensionError("CALL_QUEUE_FULL", `${String(limits.heldCalls)} calls already wait for ${extension.id}.`, {
			extensionId: extension.id,
			details: { limit: limits.heldCalls }
		}));
		const isAway = extension.isAway && extension.serving.state !== "active";
		const kept = extension.keep(target, {
			callMs: limits.callMs,
			away: isAway ? {
				limitMs: limits.dependencyMs,
				error: () => this.#stillAway(extension)
			} : void 0
		});
		if (!extension.isHolding) this.#wake(extension, target);
		return kept;
	}
	#stillAway(extension) {
		const { id } = extension;
		const limitMs = this.#options.limits.dependencyMs;
		const because = extension.serving.reason?.message ?? `${id} waits for an extension that it depends on.`;
		return new ExtensionError("DEPENDENCY_FAILED", `${because} The call waited ${String(limitMs)} ms for it.`, {
			extensionId: id,
			details: { limitMs }
		});
	}
	#wake(extension, { contribution }) {
		const event = eventOf(contribution) ?? `onCall:${contribution.point.id}:${contribution.id}`;
		for (const other of this.#set.known(this.#events.listeners(event))) if (other !== extension && other.serving.state === "ready") this.#run.inBackground(this.#activation.ensureActive(other, { event }));
		this.#activation.ensureActive(extension, { event }).then(() => {
			if (!extension.isHolding) extension.release();
		}, (error) => {
			if (!extension.isAway) extension.rejectHeld(error);
		});
	}
};
function eventOf({ point, item }) {
	try {
		return point.activationEvent?.(item);
	} catch {
		return;
	}
}
// core/src/lifecycle/activation/closure-lock.ts
var ClosureLock = class {
	#queue;
	#set;
	#underWay = new Map();
	constructor(parts) {
		this.#queue = parts.queue;
		this.#set = parts.set;
	}
	async run(seeds, interrupt, task) {
		for (;;) {
			const keys = this.#set.runningClosure(seeds.map((seed) => seed.id));
			for (const member of this.#set.known(keys)) interrupt(member);
			const outcome = await this.#queue.run([...keys], async () => {
				const now = this.#set.runningClosure(seeds.map((seed) => seed.id));
				if ([...now].some((id) => !keys.has(id))) return void 0;
				const members = this.#set.graph.order(now).flatMap((id) => seeds.find((seed) => seed.id === id) ?? this.#set.get(id) ?? []);
				const underWay = task(members);
				for (const { id } of members) this.#underWay.set(id, underWay);
				try {
					return { value: await underWay };
				} finally {
					for (const { id } of members) this.#underWay.delete(id);
				}
			});
			if (outcome !== void 0) return outcome.value;
		}
	}
	get inHand() {
		return this.#underWay.keys();
	}
	async settled(ids) {
		const tasks = new Set();
		for (const id of ids) {
			const task = this.#underWay.get(id);
			if (task !== void 0) tasks.add(task);
		}
		if (tasks.size > 0) await Promise.allSettled(tasks);
	}
};
// core/src/lifecycle/extension/crash-budget.ts
var CrashBudget = class {
	#crashes = [];
	#restarts = 0;
	spend(now, { delaysMs, budget, windowMs }) {
		this.#crashes = [...this.#crashes.filter((time) => now - time < windowMs), now];
		if (this.#crashes.length === 1) this.#restarts = 0;
		if (this.#crashes.length >= budget) return void 0;
		const delay = delaysMs[Math.min(this.#restarts, delaysMs.length - 1)];
		this.#restarts++;
		return delay ?? 0;
	}
	count(now, { windowMs }) {
		return this.#crashes.filter((time) => now - time < windowMs).length;
	}
	forgive() {
		this.#crashes = [];
		this.#restarts = 0;
	}
};
// core/src/lifecycle/extension/incident.ts
var IncidentHistory = class {
	#incidents = [];
	get incidents() {
		return this.#incidents;
	}
	add(incident) {
		this.#incidents = [...this.#incidents, incident].slice(-20);
	}
	amend(incident, more) {
		const amended = {
			...incident,
			...more
		};
		this.#incidents = this.#incidents.map((one) => one === incident ? amended : one);
		return amended;
	}
};
// core/src/lifecycle/extension/supervision.ts
var Supervision = class {
	history = new IncidentHistory();
	#budget = new CrashBudget();
	#restart;
	get restart() {
		return this.#restart;
	}
	spend(policy) {
		return this.#budget.spend(performance.now(), policy);
	}
	crashes(policy) {
		return this.#budget.count(performance.now(), policy);
	}
	scheduleRestart(incident, delayMs, start) {
		const { promise, resolve } = Promise.withResolvers();
		this.#end();
		this.#restart = {
			delayMs,
			at: Date.now() + delayMs,
			begun: promise,
			begin: () => {
				resolve(void 0);
			},
			timer: setTimeout(start, delayMs),
			incident
		};
	}
	begin(start) {
		const due = this.#end();
		const generation = start();
		if (due === void 0) return;
		const { incident, delayMs } = due;
		this.history.amend(incident, { outcome: {
			kind: "restarted",
			delayMs,
			generation
		} });
	}
	replaced(generation) {
		const due = this.#end();
		if (due !== void 0) this.history.amend(due.incident, { outcome: {
			kind: "replaced",
			generation
		} });
	}
	forgive() {
		this.#budget.forgive();
	}
	dispose() {
		const due = this.#end();
		if (due !== void 0) this.history.amend(due.incident, { outcome: { kind: "ended" } });
	}
	#end() {
		const due = this.#restart;
		this.#restart = void 0;
		clearTimeout(due?.timer);
		due?.begin();
		return due;
	}
};
// core/src/lifecycle/faults/crash-watch.ts
var CrashWatch = class {
	#options;
	#run;
	#news;
	#queue;
	#set;
	#readiness;
	#responsiveness;
	#takeDown;
	#restarts;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#news = parts.news;
		this.#queue = parts.queue;
		this.#set = parts.set;
		this.#readiness = parts.readiness;
		this.#responsiveness = parts.responsiveness;
		this.#takeDown = parts.takeDown;
		this.#restarts = parts.restarts;
	}
	watch(extension, generation) {
		if (generation.session === void 0) return;
		generation.onCrash((error) => {
			this.#crashed(extension, generation, error);
		});
		if (generation.session.health === void 0) return;
		const { unresponsiveMs } = this.#options.restart(generation.description);
		const expire = (message, place) => {
			generation.crashed(crashError(generation, message, place));
		};
		this.#responsiveness.watch(extension, generation, {
			limitMs: unresponsiveMs,
			expire
		});
	}
	settle(extension, generation, error, place) {
		if (extension.serving !== generation || extension.isRemoved) return;
		const policy = this.#options.restart(generation.description);
		const supervision = extension.supervision ??= new Supervision();
		const delayMs = supervision.spend(policy);
		const incident = {
			kind: "crashed",
			time: Date.now(),
			generation: generation.number,
			message: error.message,
			...place === void 0 ? {} : { place },
			outcome: delayMs === void 0 ? { kind: "stopped" } : {
				kind: "restarting",
				delayMs
			}
		};
		supervision.history.add(incident);
		if (delayMs === void 0) generation.reason = tooOften(extension, error, {
			...policy,
			crashes: supervision.crashes(policy)
		});
		else if (this.#run.stopReason === void 0) supervision.scheduleRestart(incident, delayMs, () => {
			this.#run.inBackground(this.#restart(extension, generation));
		});
	}
	tell(extension) {
		const restart = extension.supervision?.restart;
		if (restart !== void 0) this.#news.tell("restarting", extension, { delayMs: restart.delayMs });
	}
	noteCandidate(extension, candidate, error) {
		(extension.supervision ??= new Supervision()).history.add({
			kind: "crashed",
			time: Date.now(),
			generation: candidate.number,
			message: error.message,
			outcome: { kind: "discarded" }
		});
	}
	#crashed(extension, generation, error) {
		if (generation.state !== "active") {
			generation.connection?.book.rejectAll(error);
			return;
		}
		const place = generation.session?.health?.unresponsive?.place;
		generation.fail("failed", error);
		this.#options.activator.kill(generation, error);
		this.#run.alive.delete(generation);
		if (extension.serving !== generation) return;
		this.settle(extension, generation, error, place);
		this.#options.registry.connect(extension);
		this.#news.tell("failed", extension, { reason: generation.reason ?? reasonOf(error) });
		this.tell(extension);
		this.#run.inBackground(this.#takeDown.takeDownDependents(extension));
	}
	async #restart(extension, generation) {
		const isDue = () => extension.serving === generation && extension.supervision?.restart !== void 0 && this.#run.stopReason === void 0;
		if (!await this.#queue.run([extension.id], () => {
			if (!isDue()) return Promise.resolve(false);
			extension.supervision?.begin(() => {
				this.#set.renew(extension);
				return extension.serving.number;
			});
			this.#readiness.refresh([extension]);
			return Promise.resolve(true);
		})) return;
		try {
			await this.#restarts.restart(extension, generation.activatedBy ?? "restart");
			extension.release();
		} catch (error) {
			if (!extension.isAway) extension.rejectHeld(error);
		}
	}
};
function tooOften({ id }, error, { crashes, windowMs }) {
	const code = "CRASHED_TOO_OFTEN";
	const message = `${id} crashed ${crashes === 1 ? "once" : `${String(crashes)} times within ${duration(windowMs)}`} and is not started again by itself. Last: ${error.message}`;
	return {
		code,
		message,
		cause: new ExtensionError("EXTENSION_CRASHED", message, {
			extensionId: id,
			details: {
				...error.details,
				reason: code
			},
			cause: error
		})
	};
}
function duration(milliseconds) {
	if (milliseconds < 1e3) return `${String(milliseconds)} ms`;
	const seconds = milliseconds / 1e3;
	return seconds % 60 === 0 ? `${String(seconds / 60)} min` : `${String(seconds)} s`;
}
// core/src/lifecycle/disk-changes.ts
var DiskChanges = class {
	#run;
	#news;
	#events;
	#set;
	#points;
	#listing;
	#readiness;
	#incomplete;
	#activation;
	#calls;
	#takeDown;
	#updates;
	constructor(parts) {
		this.#run = parts.run;
		this.#news = parts.news;
		this.#events = parts.events;
		this.#set = parts.set;
		this.#points = parts.points;
		this.#listing = parts.listing;
		this.#readiness = parts.readiness;
		this.#incomplete = parts.incomplete;
		this.#activation = parts.activation;
		this.#calls = parts.calls;
		this.#takeDown = parts.takeDown;
		this.#updates = parts.updates;
	}
	apply(change) {
		if (this.#run.stopReason !== void 0) return Promise.resolve();
		const removed = this.#remove(change.removed);
		const batch = {
			fresh: new Map(),
			checks: []
		};
		for (const description of change.added) batch.fresh.set(this.#set.add(description, this.#calls), "added");
		for (const description of change.changed) this.#change(description, batch);
		for (const { id, problems } of change.broken) this.#break(id, problems);
		for (const extension of this.#set.known(change.repaired)) this.#repair(extension, batch);
		for (const extension of this.#set.known(change.touched)) this.#touch(extension, batch);
		const considered = this.#listAll(removed, [...batch.fresh.keys()]);
		for (const extension of removed) this.#news.tell("removed", extension);
		const stops = removed.map((extension) => this.#finishRemoval(extension));
		for (const [extension, kind] of batch.fresh) this.#news.tell(kind, extension);
		const update = this.#updates.update();
		const starts = this.#activation.resumeAll(considered);
		return this.#run.settled([
			...batch.checks,
			...stops,
			update,
			...starts
		]);
	}
	#remove(descriptions) {
		const removed = this.#set.known(descriptions.map(({ id }) => id));
		for (const extension of removed) {
			this.#set.remove(extension);
			this.#events.forget(extension.id);
			extension.endIncomplete();
			this.#points.await(extension, []);
		}
		return removed;
	}
	#finishRemoval(extension) {
		extension.rejectHeld(gone(extension));
		return this.#takeDown.takeDown([extension], "removed");
	}
	#change(description, batch) {
		const extension = this.#set.get(description.id);
		if (extension === void 0) return;
		this.#set.describe(extension, description);
		extension.supervision?.forgive();
		extension.broken = void 0;
		extension.changed();
		const { serving } = extension;
		if (serving.isBegun && extension.overtake(serving, superseded(extension)) || !extension.isInHand) this.#beginAgain(extension, batch);
	}
	#break(id, problems) {
		const extension = this.#set.get(id);
		if (extension === void 0) return;
		extension.broken = problems;
		extension.changed();
		if (extension.isInHand) return;
		const giveUp = () => {
			if (extension.broken === void 0 || extension.isInHand || extension.isRemoved) return;
			this.#set.renew(extension);
			this.#readiness.refresh([extension]);
			this.#news.tell("changed", extension);
		};
		const incompleteMs = this.#incomplete.remainingMs(extension);
		if (incompleteMs <= 0) {
			giveUp();
			return;
		}
		this.#incomplete.wait(extension, incompleteMs, giveUp);
		const { serving } = extension;
		if (serving.state !== "ready" && serving.reason?.code.startsWith("DEPENDENCY_") !== true) return;
		const message = problems[0]?.message ?? "The folder is not complete.";
		serving.move("unresolved", {
			code: "INCOMPLETE",
			message
		});
		this.#news.tell("changed", extension);
	}
	#repair(extension, batch) {
		extension.broken = void 0;
		extension.forgetTry();
		if (extension.isInHand) batch.checks.push(this.#updates.checkFiles(extension));
		else this.#beginAgain(extension, batch);
	}
	#touch(extension, batch) {
		if (batch.fresh.has(extension)) return;
		if (extension.isInHand) batch.checks.push(this.#updates.checkFiles(extension));
		else if (isRetriedOnTouch(extension)) {
			if (isCrashed(extension.serving)) batch.checks.push(this.#updates.checkCrashed(extension));
			else this.#beginAgain(extension, batch);
		}
	}
	#beginAgain(extension, batch) {
		extension.supervision?.forgive();
		this.#set.renew(extension);
		if (!batch.fresh.has(extension)) batch.fresh.set(extension, "changed");
	}
	#listAll(removed, fresh) {
		const relist = new Set(removed);
		for (const extension of fresh) for (const other of this.#listing.examine(extension)) relist.add(other);
		for (const extension of fresh) relist.add(extension);
		const considered = this.#set.affected([...removed, ...fresh].map(({ id }) => id));
		for (const extension of this.#readiness.reconsider(considered)) relist.add(extension);
		this.#listing.list(relist);
		return considered;
	}
};
function isRetriedOnTouch({ broken, serving: { state, reason } }) {
	if (broken !== void 0) return false;
	return state === "failed" || state === "blocked" && reason?.code === "INCOMPLETE";
}
// core/src/lifecycle/extension/dependency-graph.ts
var DependencyGraph = class {
	#dependencies = new Map();
	#dependents = new Map();
	set(id, dependencies) {
		this.delete(id);
		if (dependencies.length === 0) return;
		this.#dependencies.set(id, dependencies);
		for (const dependency of dependencies) {
			let dependents = this.#dependents.get(dependency);
			if (dependents === void 0) this.#dependents.set(dependency, dependents = new Set());
			dependents.add(id);
		}
	}
	delete(id) {
		if (!this.#dependencies.has(id)) return;
		for (const dependency of this.dependencies(id)) {
			const dependents = this.#dependents.get(dependency);
			dependents?.delete(id);
			if (dependents?.size === 0) this.#dependents.delete(dependency);
		}
		this.#dependencies.delete(id);
	}
	dependencies(id) {
		return this.#dependencies.get(id) ?? [];
	}
	dependents(id) {
		return this.#dependents.get(id) ?? [];
	}
	closure(ids, follow) {
		const closure = new Set(ids);
		if (this.#dependents.size === 0) return closure;
		for (const id of closure) for (const dependent of this.dependents(id)) if (follow(dependent)) closure.add(dependent);
		return closure;
	}
	reaches(from, to) {
		const seen = new Set([from]);
		for (const id of seen) for (const dependency of this.dependencies(id)) {
			if (dependency === to) return true;
			seen.add(dependency);
		}
		return false;
	}
	cycle(id, instead) {
		const cameFrom = new Map();
		const open = [id];
		for (let next = open.shift(); next !== void 0; next = open.shift()) for (const dependency of instead?.get(next) ?? this.dependencies(next)) {
			if (dependency === id) {
				const path = [id];
				for (let at = next; at !== void 0 && at !== id; at = cameFrom.get(at)) path.unshift(at);
				return [id, ...path];
			}
			if (cameFrom.has(dependency)) continue;
			cameFrom.set(dependency, next);
			open.push(dependency);
		}
	}
	order(ids) {
		const members = new Set(ids);
		if (this.#dependencies.size === 0) return [...members];
		const done = new Set();
		const ordered = [];
		const visit = (id) => {
			if (done.has(id)) return;
			done.add(id);
			for (const dependency of this.dependencies(id)) visit(dependency);
			if (members.has(id)) ordered.push(id);
		};
		for (const id of members) visit(id);
		return ordered;
	}
};
// core/src/lifecycle/extension/managed-extension.ts
const mostOvertaken = 3;
var ManagedExtension = class {
	id;
	description;
	broken;
	examination;
	listed;
	serving;
	candidate;
	wantedBy;
	isAway = false;
	isDisabled = false;
	isRefused = false;
	isHolding = false;
	isRemoved = false;
	revision = 1;
	triedRevision = 0;
	reloadRevision = 0;
	overtaken = 0;
	mixtures;
	handedOver;
	listedNumber = 0;
	leftovers;
	incomplete;
	incompleteTimer;
	supervision;
	#holder;
	#held;
	constructor(description, generationNumber, holder) {
		this.id = description.id;
		this.description = description;
		this.serving = new Generation(generationNumber, description, this.revision);
		this.#holder = holder;
	}
	get rank() {
		return this.serving.description.rank;
	}
	get generationNumber() {
		return this.serving.number;
	}
	get connection() {
		return this.serving.state === "active" && !this.isHolding ? this.serving.connection : void 0;
	}
	get isInHand() {
		return this.serving.isRunning || this.serving.state === "removed";
	}
	get heldCalls() {
		return this.#held?.size ?? 0;
	}
	hold(target) {
		return this.#holder.hold(this, target);
	}
	keep(target, limits) {
		return new Promise((resolve, reject) => {
			const call = new HeldCall(this.id, target, limits, resolve, reject, (done) => {
				this.#held?.delete(done);
			});
			(this.#held ??= new Set()).add(call);
			call.listen();
		});
	}
	get isPending() {
		return this.serving.revision !== this.revision;
	}
	get isStale() {
		return this.isPending && this.candidate?.revision !== this.revision;
	}
	get isTried() {
		return this.triedRevision === this.revision;
	}
	changed() {
		this.revision++;
	}
	wanted() {
		this.reloadRevision = ++this.revision;
	}
	putBack() {
		if (this.serving.revision < this.reloadRevision) return false;
		this.serving.revision = this.revision;
		return true;
	}
	forgetTry() {
		this.triedRevision = 0;
	}
	overtake(generation, reason) {
		if (!generation.isBeingPrepared || generation.isAborted) return true;
		if (this.overtaken >= mostOvertaken) return false;
		this.overtaken++;
		generation.abort(reason);
		return true;
	}
	get fault() {
		const isError = ({ severity }) => severity === "error";
		return this.broken?.find(isError) ?? this.examination?.problems.find(isError);
	}
	endIncomplete() {
		clearTimeout(this.incompleteTimer);
		this.incomplete?.resolve();
		this.incomplete = void 0;
	}
	release() {
		const held = this.#held;
		this.#held = void 0;
		for (const call of held ?? []) call.send();
	}
	sendAhead(connection) {
		for (const call of this.#held ?? []) call.sendAhead(connection);
	}
	forgetSentAhead() {
		for (const call of this.#held ?? []) call.forgetSentAhead();
	}
	rejectSentAhead(error) {
		for (const call of this.#held ?? []) {
			if (!call.isSentAhead) continue;
			this.#held?.delete(call);
			call.fail(error);
		}
	}
	rejectHeld(error) {
		const held = this.#held;
		this.#held = void 0;
		for (const call of held ?? []) call.fail(error);
	}
};
var HeldCall = class {
	#extensionId;
	#target;
	#limitMs;
	#away;
	#resolve;
	#reject;
	#leave;
	#since = performance.now();
	#timer;
	#ahead;
	constructor(extensionId, target, limits, resolve, reject, leave) {
		this.#extensionId = extensionId;
		this.#target = target;
		this.#limitMs = target.options?.timeoutMs ?? limits.callMs;
		this.#away = limits.away;
		this.#resolve = resolve;
		this.#reject = reject;
		this.#leave = leave;
	}
	listen() {
		const { signal } = this.#target.options ?? {};
		if (signal?.aborted === true) {
			this.#cancel();
			return;
		}
		signal?.addEventListener("abort", this.#cancel, { once: true });
		const limitMs = Math.min(this.#limitMs === 0 ? Infinity : this.#limitMs, this.#away?.limitMs ?? Infinity);
		if (limitMs === Infinity) return;
		this.#timer = setTimeout(() => {
			this.#leave(this);
			this.fail(limitMs === this.#away?.limitMs ? this.#away.error() : timedOut(this.#extensionId, limitMs));
		}, limitMs);
	}
	send() {
		this.#stop();
		const { contribution, method, args } = this.#target;
		this.#resolve(this.#ahead ?? contribution.invoke(method, args, this.#rest()));
	}
	sendAhead(connection) {
		const { contribution } = this.#target;
		this.#ahead = contribution.callAhead(connection, {
			...this.#target,
			options: this.#rest()
		});
		this.#ahead?.catch(() => void 0);
	}
	get isSentAhead() {
		return this.#ahead !== void 0;
	}
	forgetSentAhead() {
		this.#ahead = void 0;
	}
	#rest() {
		const passed = performance.now() - this.#since;
		return {
			...this.#target.options,
			timeoutMs: this.#limitMs === 0 ? 0 : Math.max(1, this.#limitMs - passed)
		};
	}
	fail(error) {
		this.#stop();
		this.#reject(error);
	}
	#cancel = () => {
		this.#leave(this);
		this.fail(cancelled(this.#extensionId, this.#target.options?.signal));
	};
	#stop() {
		clearTimeout(this.#timer);
		this.#target.options?.signal?.removeEventListener("abort", this.#cancel);
	}
};
// core/src/lifecycle/extension/extension-set.ts
var ExtensionSet = class {
	graph = new DependencyGraph();
	#byId = new Map();
	#byFolder;
	#numbers = new Map();
	#disabled = new Set();
	disabledUnless;
	get(id) {
		return this.#byId.get(id);
	}
	inFolder(folder) {
		if (this.#byFolder === void 0) {
			this.#byFolder = new Map();
			for (const extension of this.#byId.values()) this.#byFolder.set(extension.description.folder, extension);
		}
		return this.#byFolder.get(folder);
	}
	get extensions() {
		return this.#byId.values();
	}
	known(ids) {
		const known = [];
		for (const id of ids) {
			const extension = this.#byId.get(id);
			if (extension !== void 0) known.push(extension);
		}
		return known;
	}
	closure(ids) {
		return this.graph.closure(ids, () => true);
	}
	affected(ids) {
		return this.known(this.graph.order(this.closure(ids)));
	}
	runningClosure(ids) {
		return this.graph.closure(ids, (id) => {
			const state = this.#byId.get(id)?.serving.state;
			return state === "active" || state === "activating";
		});
	}
	mayWaitFor(from, to) {
		const seen = new Set([from]);
		for (const id of seen) {
			if (id === to) return true;
			const extension = this.#byId.get(id);
			if (extension === void 0) continue;
			for (const description of new Set([extension.serving.description, extension.description])) for (const dependency of usedIds(description)) seen.add(dependency);
		}
		return false;
	}
	presetDisabled(ids) {
		for (const id of ids) this.#disabled.add(id);
	}
	setDisabled(id, { isDisabled }) {
		if (isDisabled) this.#disabled.add(id);
		else this.#disabled.delete(id);
	}
	add(description, holder) {
		const extension = new ManagedExtension(description, this.#nextNumber(description.id), holder);
		extension.isDisabled = this.#isDisabled(description.id);
		this.#byId.set(description.id, extension);
		this.#byFolder?.set(description.folder, extension);
		return extension;
	}
	remove(extension) {
		if (extension.isDisabled && this.disabledUnless === void 0) this.#disabled.add(extension.id);
		extension.isRemoved = true;
		extension.supervision?.dispose();
		this.#byId.delete(extension.id);
		this.#leaveFolder(extension);
		this.graph.delete(extension.id);
	}
	describe(extension, description) {
		this.#leaveFolder(extension);
		extension.description = description;
		this.#byFolder?.set(description.folder, extension);
	}
	createGeneration({ id, description, revision }) {
		return new Generation(this.#nextNumber(id), description, revision);
	}
	createAgain({ description, revision }) {
		return new Generation(this.#nextNumber(description.id), description, revision);
	}
	serve(extension, generation) {
		extension.serving = generation;
		extension.supervision?.replaced(generation.number);
	}
	renew(extension) {
		extension.endIncomplete();
		this.serve(extension, this.createGeneration(extension));
		extension.candidate?.abort(superseded(extension));
		extension.candidate = void 0;
		extension.forgetTry();
	}
	#isDisabled(id) {
		return this.disabledUnless?.has(id) === false || this.#disabled.has(id);
	}
	#leaveFolder(extension) {
		const { folder } = extension.description;
		if (this.#byFolder?.get(folder) === extension) this.#byFolder.delete(folder);
	}
	#nextNumber(id) {
		const number = (this.#numbers.get(id) ?? 0) + 1;
		this.#numbers.set(id, number);
		return number;
	}
};
// core/src/lifecycle/activation/file-following.ts
var FileFollowing = class {
	#options;
	#run;
	#set;
	#follows = new Map();
	#due = new Set();
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#set = parts.set;
	}
	get isOn() {
		return this.#options.follower.isFollowing;
	}
	follow(extension) {
		if (!this.isOn || this.#due.has(extension)) return;
		this.#due.add(extension);
		queueMicrotask(() => {
			this.#due.delete(extension);
			this.followNow(extension);
		});
	}
	followNow(extension) {
		const before = this.#follows.get(extension);
		this.#follows.delete(extension);
		if (this.isOn && !extension.isRemoved && this.#run.stopReason === void 0) {
			const { serving, candidate, description } = extension;
			const files = new Set([...serving.files?.keys() ?? [], ...candidate?.files?.keys() ?? []]);
			if (files.size > 0) {
				const patterns = outlineOf(description).watch ?? [];
				this.#follows.set(extension, this.#options.follower.follow(description.folder, files, patterns));
			}
		}
		before?.dispose();
	}
	filesChanged(generation) {
		const extension = this.#set.get(generation.description.id);
		if (extension?.serving === generation && generation.state === "active") this.follow(extension);
	}
	dispose() {
		for (const follow of this.#follows.values()) follow.dispose();
		this.#follows.clear();
	}
};
// core/src/lifecycle/activation/incomplete-folders.ts
var IncompleteFolders = class {
	#options;
	constructor(parts) {
		this.#options = parts.options;
	}
	remainingMs(extension) {
		const last = this.#options.follower.lastEventAt(extension.description.folder);
		return last === void 0 ? 0 : last + this.#options.limits.incompleteMs - performance.now();
	}
	wait(extension, milliseconds, giveUp) {
		clearTimeout(extension.incompleteTimer);
		extension.incomplete ??= Promise.withResolvers();
		extension.incompleteTimer = setTimeout(() => {
			const rest = this.remainingMs(extension);
			if (rest > 0) this.wait(extension, rest, giveUp);
			else giveUp();
		}, milliseconds);
	}
	isIncomplete(extension, error) {
		const { session } = extension.serving;
		if (error.code === "MODULE_CHANGED") return this.remainingMs(extension) > 0;
		return (session === void 0 || session.isLoaded === false) && (error.code.startsWith("MODULE_") || error.code === "MANIFEST_PATH") && error.code !== "MODULE_UNSUPPORTED" && this.remainingMs(extension) > 0;
	}
};
// core/src/lifecycle/base/lifecycle-news.ts
var LifecycleNews = class {
	#changed;
	constructor(report) {
		this.#changed = new EventEmitter(report);
	}
	get onDidChange() {
		return this.#changed.event;
	}
	tell(kind, { id, description, serving }, more = {}) {
		this.#changed.fire({
			kind,
			id,
			folder: description.folder,
			...more,
			generation: more.generation ?? serving.number
		});
	}
	tellRetired({ number, description: { id, folder } }, problems) {
		const about = {
			id,
			folder,
			generation: number
		};
		this.#changed.fire({
			kind: "deactivated",
			...about
		});
		for (const problem of problems) this.#changed.fire({
			kind: "problem",
			...about,
			problem
		});
	}
};
// core/src/lifecycle/base/lifecycle-run.ts
var LifecycleRun = class {
	alive = new Set();
	#report;
	#background = new Set();
	#stopReason;
	constructor(report) {
		this.#report = report;
	}
	get stopReason() {
		return this.#stopReason;
	}
	end(reason) {
		this.#stopReason = reason;
	}
	assertGoingOn() {
		if (this.#stopReason !== void 0) throw this.#stopReason;
	}
	inBackground(work) {
		const settled = work.then(() => this.#background.delete(settled), (error) => {
			this.#background.delete(settled);
			this.#reportMistake(error);
		});
		this.#background.add(settled);
	}
	async backgroundSettled() {
		await Promise.allSettled([...this.#background]);
	}
	async settled(work) {
		for (const outcome of await Promise.allSettled(work)) if (outcome.status === "rejected") this.#reportMistake(outcome.reason);
	}
	#reportMistake(error) {
		if (!isExtensionError(error)) this.#report(error);
	}
};
// core/src/lifecycle/listing/listing.ts
const noClaims = Object.freeze({});
var Listing = class {
	#options;
	#events;
	#set;
	#points;
	#listings = new WeakMap();
	constructor(parts) {
		this.#options = parts.options;
		this.#events = parts.events;
		this.#set = parts.set;
		this.#points = parts.points;
	}
	examine(extension) {
		const { description } = extension;
		const isRefused = this.#options.gate?.obstacle(description) !== void 0;
		const concerned = this.openPoints(extension, isRefused ? void 0 : description);
		const examination = this.#options.examiner.examine(description, extension.examination).withProblems(this.#points.problemsOf(description));
		extension.examination = examination;
		this.#points.await(extension, examination.unclaimed);
		this.#events.listen(extension.id, examination);
		this.#set.graph.set(extension.id, requiredIds(description));
		return concerned;
	}
	isInForce({ description, examination, listed }) {
		return examination !== void 0 && examination === listed && examination.description === description && examination.problems.length === 0 && outlineOf(description).contributes?.points === void 0;
	}
	examineCandidate(member) {
		if (member.examination?.description === member.description) return;
		const examination = this.#options.examiner.examine(member.description, void 0);
		member.listed ??= member.examination;
		member.examination = examination;
	}
	openPoints(extension, description) {
		const concerned = this.#points.declare(extension, description);
		for (const other of concerned) this.#reexamine(other);
		return concerned;
	}
	list(extensions) {
		const changes = [];
		const refreshed = [];
		for (const extension of extensions) {
			const examination = this.#listingOf(extension);
			if (examination === extension.listed) {
				if (examination !== void 0 && extension.listedNumber !== extension.serving.number) refreshed.push(extension);
				else this.#options.registry.connect(extension);
			} else {
				changes.push({
					owner: extension,
					claims: examination?.claims ?? noClaims
				});
				if (examination !== void 0 && extension.listedNumber !== extension.serving.number) refreshed.push(extension);
			}
			extension.listed = examination;
			extension.listedNumber = extension.serving.number;
		}
		this.#options.registry.apply(changes, refreshed);
	}
	#reexamine(extension) {
		const description = extension.serving.description;
		const before = extension.examination?.description === description ? extension.examination : extension.listed;
		const examination = this.#options.examiner.examine(description, before);
		if (extension.description === description) {
			this.#points.await(extension, examination.unclaimed);
			extension.examination = examination;
			this.#events.listen(extension.id, examination);
		} else if (extension.listed !== void 0) {
			extension.listed = void 0;
			this.#listings.set(extension, examination);
		}
	}
	#listingOf(extension) {
		if (extension.isRemoved || extension.isDisabled || extension.isRefused) return void 0;
		const { serving } = extension;
		if (serving.state === "invalid" || serving.state === "discovered") return void 0;
		if (extension.examination?.description === serving.description) return extension.examination;
		return this.#listings.get(extension) ?? extension.listed;
	}
};
// core/src/lifecycle/listing/opened-points.ts
const nothing = Object.freeze([]);
var OpenedPoints = class {
	#options;
	#set;
	#owners = new Map();
	#waiting = new Map();
	#sections = new Map();
	#problems = new WeakMap();
	constructor(parts) {
		this.#options = parts.options;
		this.#set = parts.set;
	}
	declare(extension, description) {
		const declared = (description && outlineOf(description).contributes?.points) ?? nothing;
		if (declared.length === 0 && !this.#owns(extension)) return nothing;
		const concerned = new Set();
		for (const other of this.#close(extension, declared)) concerned.add(other);
		if (description !== void 0) for (const other of this.#open(extension, description, declared)) concerned.add(other);
		concerned.delete(extension);
		return [...concerned];
	}
	problemsOf(description) {
		return this.#problems.get(description) ?? nothing;
	}
	await(extension, sections) {
		if (sections.length === 0 && !this.#sections.has(extension)) return;
		for (const section of this.#sections.get(extension) ?? []) {
			const waiting = this.#waiting.get(section);
			waiting?.delete(extension);
			if (waiting?.size === 0) this.#waiting.delete(section);
		}
		if (sections.length === 0) this.#sections.delete(extension);
		else this.#sections.set(extension, sections);
		for (const section of sections) {
			let waiting = this.#waiting.get(section);
			if (waiting === void 0) this.#waiting.set(section, waiting = new Set());
			waiting.add(extension);
		}
	}
	#owns(extension) {
		for (const owner of this.#owners.values()) if (owner === extension) return true;
		return false;
	}
	#close(extension, declared) {
		const { registry } = this.#options;
		const concerned = [];
		for (const [pointId, owner] of [...this.#owners]) {
			if (owner !== extension || declared.some(({ id }) => id === pointId)) continue;
			this.#owners.delete(pointId);
			const entries = registry.collection(pointId)?.entries() ?? [];
			concerned.push(...this.#set.known(entries.map(({ extensionId }) => extensionId)));
			registry.close(pointId);
		}
		return concerned;
	}
	#open(extension, description, declared) {
		const concerned = [];
		const problems = [];
		for (const [index, point] of declared.entries()) {
			if (this.#owners.get(point.id) === extension) continue;
			try {
				this.#options.registry.open(this.#define(description, point));
				this.#owners.set(point.id, extension);
				concerned.push(...this.#waiting.get(point.id) ?? []);
			} catch (error) {
				problems.push(this.#problem(extension, index, point, error));
			}
		}
		if (problems.length > 0) this.#problems.set(description, problems);
		return concerned;
	}
	#define(description, point) {
		const { examiner, readSchema } = this.#options;
		const schema = point.schema === void 0 ? void 0 : readSchema(description, point.schema);
		const fault = schema === void 0 ? void 0 : examiner.faultOfSchema(schema);
		if (fault !== void 0) throw new ExtensionError("CONTRIBUTION_INVALID", `The schema of the point "${point.id}" is not one: ${fault}`);
		const { activationEvent } = point;
		return contributionPoint()({
			id: point.id,
			...schema === void 0 ? {} : { schema },
			methods: point.methods ?? {},
			...activationEvent === void 0 ? {} : { activationEvent: (item) => `${activationEvent}:${item.id}` }
		});
	}
	#problem(extension, index, { id }, error) {
		const { code, message } = asExtensionError(error, "CONTRIBUTION_INVALID", extension.id, `The point "${id}" can't be opened`);
		const pointer = `/contributes/points/${String(index)}`;
		const finding = {
			code,
			severity: "error",
			message
		};
		return this.#options.examiner.problem(extension.description, pointer, "value", finding);
	}
};
// core/src/lifecycle/update/preparation.ts
var Preparation = class {
	#options;
	#run;
	#exports;
	#activation;
	#handover;
	#wholeness;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#exports = parts.exports;
		this.#activation = parts.activation;
		this.#handover = parts.handover;
		this.#wholeness = parts.wholeness;
	}
	async prepareAll(members, candidates) {
		const preparations = new Map();
		let failure;
		const order = this.#order(members);
		for (const member of order) {
			const candidate = candidates.get(member.id);
			if (candidate === void 0) continue;
			const needed = requiredIds(candidate.description);
			const preparation = (async () => {
				await Promise.all(needed.flatMap((id) => preparations.get(id) ?? []));
				if (failure !== void 0) throw failure.error;
				candidate.throwIfAborted();
				const needs = withoutDependencies(candidate.description, candidates);
				await unlessAborted(candidate, this.#activation.ensureDependencies(member, needs, {
					event: "update",
					isUnderLock: true
				}));
				await this.#prepare(member, candidate, candidates);
			})();
			preparation.catch((error) => {
				failure ??= {
					member,
					error: asExtensionError(error, "ACTIVATION_FAILED", member.id, `${member.id} failed to activate`)
				};
				for (const other of candidates.values()) if (other !== candidate) other.abort(superseded(member));
			});
			preparations.set(member.id, preparation);
		}
		await Promise.allSettled([...preparations.values()]);
		for (const member of order) {
			const candidate = candidates.get(member.id);
			if (candidate?.crash !== void 0) failure ??= {
				member,
				error: candidate.crash
			};
			else if (candidate?.isAborted === true) failure ??= {
				member,
				error: superseded(member)
			};
		}
		return failure;
	}
	async rollBack(members, candidates) {
		this.#handover.goBack(members);
		await this.undo(members, candidates);
	}
	async undo(members, candidates, reason) {
		for (const member of [...this.#order(members)].reverse()) {
			const candidate = candidates.get(member.id);
			if (candidate === void 0) continue;
			await this.#options.activator.undo(candidate, reason ?? superseded(member));
			this.#run.alive.delete(candidate);
		}
	}
	#order(members) {
		const graph = new DependencyGraph();
		for (const member of members) graph.set(member.id, requiredIds(member.description));
		return graph.order(members.map((member) => member.id)).flatMap((id) => members.find((member) => member.id === id) ?? []);
	}
	async #prepare(member, candidate, candidates) {
		const { activator } = this.#options;
		candidate.activatedBy = member.serving.activatedBy;
		candidate.move("requested");
		this.#run.alive.add(candidate);
		const loadMs = await activator.load(candidate);
		const { serving } = member;
		const state = serving.state === "active" && serving.savesState ? await this.#handover.snapshot(member) : member.handedOver;
		const { examination } = member;
		if (examination === void 0) throw superseded(member);
		await activator.activate(candidate, loadMs, {
			examination,
			dependencies: this.#exports.forDependent(candidate.description, candidates),
			state
		});
		await this.#wholeness.assert(member, candidate);
		candidate.throwIfAborted();
	}
};
async function unlessAborted(candidate, work) {
	const { promise, reject } = Promise.withResolvers();
	const listener = { abort: reject };
	candidate.addAbortListener(listener);
	try {
		await Promise.race([work, promise]);
	} finally {
		candidate.removeAbortListener(listener);
	}
}
// core/src/lifecycle/listing/provider-exports.ts
var ProviderExports = class {
	#options;
	#set;
	#exposed = new WeakMap();
	#comings = new Map();
	constructor(parts) {
		this.#options = parts.options;
		this.#set = parts.set;
	}
	forDependent(description, candidates) {
		const exports = new Map();
		for (const [id, range] of optionalDependencyRanges(outlineOf(description))) {
			let emitter = this.#comings.get(id);
			if (emitter === void 0) this.#comings.set(id, emitter = new EventEmitter(this.#options.report));
			exports.set(id, {
				kind: "optional",
				onDidChange: emitter.event,
				current: () => {
					const serving = this.#set.get(id)?.serving;
					if (serving?.state !== "active" || !satisfies(serving.description.version, range)) return void 0;
					return this.#exposedBy(serving).exports;
				}
			});
		}
		for (const id of dependencyRanges(outlineOf(description)).keys()) {
			const generation = candidates?.get(id) ?? this.#set.get(id)?.serving;
			exports.set(id, {
				kind: "required",
				onDidChange: () => ({ dispose: () => void 0 }),
				current: () => {
					if (generation === void 0) return void 0;
					const { exports: exposed, fault } = this.#exposedBy(generation);
					if (fault !== void 0) throw fault;
					return exposed;
				}
			});
		}
		return exports;
	}
	tellChanged(id) {
		this.#comings.get(id)?.fire();
	}
	#exposedBy(generation) {
		let exposed = this.#exposed.get(generation);
		if (exposed === void 0) this.#exposed.set(generation, exposed = this.#expose(generation));
		return exposed;
	}
	#expose(generation) {
		const given = Object.entries(generation.session?.exports ?? {});
		const values = given.filter(([, value]) => typeof value !== "function");
		try {
			const copies = this.#options.copyExports(generation.description.id, Object.fromEntries(values));
			const exposed = given.map(([name, value]) => [name, typeof value === "function" ? callThrough(generation, value) : copies[name]]);
			return { exports: Object.freeze(Object.fromEntries(exposed)) };
		} catch (error) {
			if (!isExtensionError(error)) throw error;
			this.#options.reportExports(generation, error);
			return { fault: error };
		}
	}
};
function callThrough(generation, handler) {
	const withoutContext = (...args) => handler(...args.slice(0, -1));
	return (...args) => {
		const { connection, description } = generation;
		if (connection === void 0 || generation.state === "removed" || generation.state === "failed") return Promise.reject(new ExtensionError("EXTENSION_GONE", `This generation of ${description.id} is gone.`, {
			extensionId: description.id,
			details: { generation: generation.number }
		}));
		return connection.book.call(withoutContext, args, void 0);
	};
}
// core/src/lifecycle/listing/readiness.ts
var Readiness = class {
	#options;
	#set;
	#listing;
	constructor(parts) {
		this.#options = parts.options;
		this.#set = parts.set;
		this.#listing = parts.listing;
	}
	refresh(extensions) {
		const relist = new Set(extensions);
		for (const extension of extensions) {
			if (extension.isRemoved || extension.serving.isRunning) continue;
			for (const other of this.#listing.examine(extension)) relist.add(other);
		}
		const affected = extensions.map((extension) => extension.id);
		for (const extension of this.reconsider(this.#set.affected(affected))) relist.add(extension);
		this.#listing.list(relist);
		return this.ready(affected);
	}
	refreshStates(ids) {
		this.#listing.list(this.reconsider(this.#set.affected(ids)));
	}
	reconsider(extensions) {
		const differing = [];
		for (const extension of extensions) {
			const { serving, isRefused: wasRefused } = extension;
			const before = serving.state;
			if (before !== "discovered" && before !== "ready" && before !== "blocked") continue;
			if (before === "blocked" && serving.reason?.code === "INCOMPLETE") continue;
			if (before === "discovered" && (extension.broken !== void 0 || extension.fault !== void 0)) serving.move("rejected");
			else {
				const refusal = this.#options.gate?.obstacle(extension.description);
				extension.isRefused = refusal !== void 0;
				const reason = this.#obstacle(extension, extension.description, void 0, refusal);
				if (reason !== void 0) serving.move("unresolved", reason);
				else if (before !== "ready") serving.move("resolved");
			}
			if (serving.state !== before || extension.isRefused !== wasRefused) differing.push(extension);
		}
		return differing;
	}
	ready(ids) {
		return this.#set.affected(ids).filter(({ serving }) => serving.state === "ready");
	}
	candidateObstacle(member, descriptions) {
		const problem = member.fault;
		if (problem !== void 0) return reasonOf(new ExtensionError(problem.code, problem.message, {
			extensionId: member.id,
			details: { problem }
		}));
		return this.#obstacle(member, member.description, descriptions);
	}
	invalid(extension) {
		const { code, message, cause } = this.#rootOf(extension);
		if (isExtensionError(cause)) return cause;
		return errorOf({
			code,
			message: `${extension.id} can't run: ${message}`
		}, extension.id);
	}
	dependencyFailed(id, provider) {
		const root = this.#rootOf(provider);
		const via = root.id === provider.id ? "" : ` because of ${root.id}`;
		return dependencyReason("DEPENDENCY_FAILED", id, `${id} depends on ${provider.id}, which is ${provider.serving.state}${via}: ${root.message}`, {
			dependency: provider.id,
			root: root.id,
			rootCode: root.code
		}, root.cause);
	}
	#obstacle(extension, description, candidates, refusal) {
		const { id } = extension;
		if (extension.isDisabled) return {
			code: "DISABLED",
			message: this.#set.disabledUnless !== void 0 ? `${id} may be disabled: the list of disabled extensions can't be read.` : `${id} is disabled.`
		};
		if (refusal !== void 0) return refusal;
		const ranges = dependencyRanges(outlineOf(description));
		if (ranges.size === 0) return void 0;
		const instead = candidates === void 0 ? new Map([[id, [...ranges.keys()]]]) : new Map([...candidates].map(([other, one]) => [other, [...dependencyRanges(outlineOf(one)).keys()]]));
		const cycle = this.#set.graph.cycle(id, instead);
		if (cycle !== void 0) return dependencyReason("DEPENDENCY_CYCLE", id, `${id} depends on itself: ${cycle.join(" → ")}.`, { cycle });
		for (const [dependency, range] of ranges) {
			const provider = this.#set.get(dependency);
			const version = candidates?.get(dependency)?.version ?? provider?.serving.description.version;
			if (provider === void 0 || version === void 0) return dependencyMissing(id, dependency, range);
			if (!satisfies(version, range)) return dependencyReason("DEPENDENCY_VERSION", id, `${id} depends on ${dependency} ${range}, but ${dependency} is version ${version}.`, {
				dependency,
				range,
				version
			});
			const { serving } = provider;
			if (candidates?.has(dependency) === true) continue;
			if (serving.state === "invalid" || serving.state === "failed" || serving.state === "blocked" && serving.reason?.code !== "INCOMPLETE") return this.dependencyFailed(id, provider);
		}
	}
	#rootOf(extension) {
		let at = extension;
		for (const seen = new Set(); !seen.has(at);) {
			seen.add(at);
			const { reason } = at.serving;
			const next = isExtensionError(reason?.cause, "DEPENDENCY_FAILED") ? this.#set.get(String(reason.cause.details.dependency)) : void 0;
			if (next === void 0) break;
			at = next;
		}
		const { reason } = at.serving;
		const problem = at.fault;
		return {
			id: at.id,
			code: reason?.code ?? problem?.code ?? "ACTIVATION_FAILED",
			message: reason?.message ?? problem?.message ?? `${at.id} is ${at.serving.state}.`,
			cause: reason?.cause
		};
	}
};
// core/src/lifecycle/update/replacement.ts
var Replacement = class {
	#options;
	#run;
	#news;
	#set;
	#listing;
	#readiness;
	#exports;
	#activation;
	#crashes;
	#retirement;
	#handover;
	#preparation;
	#waiting;
	#succession;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#news = parts.news;
		this.#set = parts.set;
		this.#listing = parts.listing;
		this.#readiness = parts.readiness;
		this.#exports = parts.exports;
		this.#activation = parts.activation;
		this.#crashes = parts.crashes;
		this.#retirement = parts.retirement;
		this.#handover = parts.handover;
		this.#preparation = parts.preparation;
		this.#waiting = parts.waiting;
		this.#succession = parts.succession;
	}
	async replace(members, due, prepared) {
		const dependents = members.filter((member) => !due.includes(member));
		for (const member of members) this.#handover.hold(member);
		for (const member of dependents) {
			member.candidate = void 0;
			member.isAway = true;
		}
		const candidates = new Map([...prepared].filter(([id]) => due.some((member) => member.id === id)));
		const obstacle = await this.#handover.snapshotAll(due) ?? supersededAmong(due, candidates);
		if (obstacle !== void 0) {
			for (const member of members) member.isAway = false;
			this.#handover.goBack(members);
			this.#waiting.leave(members, due, obstacle.member, reasonOf(obstacle.error));
			return false;
		}
		const old = new Map(members.map((member) => [member.id, member.serving]));
		const isKept = new Set(due.map((member) => member.serving));
		await this.#retirement.retireInOrder([...old.values()], isKept);
		const failure = await this.#preparation.prepareAll(due, candidates);
		if (failure === void 0) for (const member of due) {
			const candidate = candidates.get(member.id);
			if (candidate !== void 0) this.#succession.takeOver(member, candidate);
		}
		else {
			await this.#preparation.undo(due, candidates, failure.error);
			this.#waiting.leave(due, due, failure.member, reasonOf(failure.error));
			for (const member of due) await this.#restore(member, old.get(member.id));
		}
		for (const generation of isKept) this.#options.activator.letGo(generation);
		for (const member of dependents) {
			if (member.serving.state === "failed") {
				member.isAway = false;
				continue;
			}
			this.#set.serve(member, this.#set.createGeneration(member));
		}
		this.#readiness.reconsider(this.#set.affected(members.map((member) => member.id)));
		for (const member of members) member.isHolding = false;
		this.#listing.list(members);
		for (const member of due) this.#succession.announce(member);
		for (const member of dependents) this.#run.inBackground(this.#activation.resume(member));
		return failure === void 0;
	}
	async #restore(member, old) {
		if (old === void 0 || old.state === "failed") return;
		const { activator } = this.#options;
		const restored = this.#set.createAgain(old);
		restored.move("resolved");
		restored.move("requested");
		restored.activatedBy = old.activatedBy;
		restored.files = old.files;
		this.#run.alive.add(restored);
		this.#set.serve(member, restored);
		try {
			const loadMs = await activator.load(restored, old.session);
			const examination = member.listed ?? this.#options.examiner.examine(old.description, void 0);
			await activator.activate(restored, loadMs, {
				examination,
				dependencies: this.#exports.forDependent(old.description),
				state: member.handedOver
			});
			restored.move("settled");
			member.handedOver = void 0;
			this.#crashes.watch(member, restored);
		} catch (error) {
			this.#run.alive.delete(restored);
			const failure = asExtensionError(error, "ACTIVATION_FAILED", member.id, `${member.id} could not be restored`);
			restored.fail("failed", failure);
			if (isCrashOf(member.id, failure)) this.#crashes.settle(member, restored, failure);
			member.rejectHeld(failure);
			this.#news.tell("failed", member, { reason: restored.reason ?? reasonOf(failure) });
			this.#crashes.tell(member);
		}
	}
};
function supersededAmong(members, candidates) {
	const member = members.find(({ id }) => candidates.get(id)?.isAborted !== false);
	return member && {
		member,
		error: superseded(member)
	};
}
// core/src/lifecycle/faults/responsiveness.ts
var Responsiveness = class {
	#news;
	constructor(parts) {
		this.#news = parts.news;
	}
	watch(extension, generation, patience) {
		const health = generation.session?.health;
		if (health === void 0) return;
		let spell;
		const end = (outcome) => {
			if (spell === void 0) return;
			const { supervision, incident, since, timer } = spell;
			clearTimeout(timer);
			spell = void 0;
			supervision.history.amend(incident, {
				forMs: Date.now() - since,
				outcome: { kind: outcome }
			});
		};
		const look = () => {
			if (extension.serving !== generation || generation.state !== "active") return;
			const { unresponsive } = health;
			if (unresponsive === void 0) {
				if (spell === void 0) return;
				end("recovered");
				this.#news.tell("responsive", extension);
				return;
			}
			const { place } = unresponsive;
			if (spell === void 0) spell = begin(extension, generation, unresponsive, () => {
				const now = health.unresponsive;
				if (now !== void 0) patience.expire(silence(patience.limitMs, now.place), now.place);
			}, patience.limitMs);
			else {
				if (place === void 0 || spell.incident.place !== void 0) return;
				const { history } = spell.supervision;
				spell.incident = history.amend(spell.incident, {
					place,
					message: unresponsiveText(generation, place)
				});
			}
			this.#news.tell("unresponsive", extension, { unresponsive });
		};
		const listener = health.onDidChange(look);
		const stop = () => {
			listener.dispose();
			end("ended");
		};
		if (generation.signal.aborted) stop();
		else generation.signal.addEventListener("abort", stop, { once: true });
		look();
	}
};
function unresponsiveText({ description: { id } }, place) {
	return place === void 0 ? `${id} does not answer.` : `${id} does not answer: it is ${busyText(place)}.`;
}
function begin(extension, generation, { forMs, place }, expire, limitMs) {
	const supervision = extension.supervision ??= new Supervision();
	const since = Date.now() - forMs;
	const incident = {
		kind: "unresponsive",
		time: since,
		generation: generation.number,
		message: unresponsiveText(generation, place),
		...place === void 0 ? {} : { place },
		forMs,
		outcome: { kind: "ongoing" }
	};
	supervision.history.add(incident);
	return {
		since,
		supervision,
		timer: limitMs === 0 ? void 0 : setTimeout(expire, Math.max(0, limitMs - forMs)),
		incident
	};
}
function silence(forMs, place) {
	const busy = place === void 0 ? "" : `, ${busyText(place)}`;
	return `it did not answer for ${String(forMs)} ms${busy}`;
}
// core/src/lifecycle/update/retirement.ts
const nobody = new Set();
var Retirement = class {
	#options;
	#run;
	#news;
	#set;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#news = parts.news;
		this.#set = parts.set;
	}
	async retireInOrder(old, kept = nobody) {
		const retirements = new Map();
		const dependentsOf = new Map();
		for (const { description } of old) for (const id of requiredIds(description)) {
			const dependents = dependentsOf.get(id);
			if (dependents === void 0) dependentsOf.set(id, [description.id]);
			else dependents.push(description.id);
		}
		for (const generation of [...old].reverse()) {
			if (generation.state === "failed") continue;
			const { id } = generation.description;
			if (generation.state === "active") generation.move("stopping");
			retirements.set(id, (async () => {
				await Promise.all((dependentsOf.get(id) ?? []).flatMap((dependent) => retirements.get(dependent) ?? []));
				await this.#retire(generation, { isKept: kept.has(generation) });
			})());
		}
		await Promise.all([...retirements.values()]);
	}
	async #retire(generation, options) {
		const { id } = generation.description;
		const reason = this.#run.stopReason ?? new ExtensionError("EXTENSION_GONE", `Generation ${String(generation.number)} of ${id} has been stopped.`, {
			extensionId: id,
			details: { generation: generation.number }
		});
		const before = generation.problems.length;
		await this.#options.activator.retire(generation, reason, options);
		this.#run.alive.delete(generation);
		if (generation.state === "deactivating") generation.move("stopped");
		const extension = this.#set.get(id);
		const leftovers = this.#leftoversOf(generation);
		const isClean = Object.keys(leftovers).length === 0;
		if (!isClean) this.#options.reportLeftovers(generation, leftovers);
		if (extension !== void 0) extension.leftovers = isClean ? void 0 : leftovers;
		generation.connection = void 0;
		this.#news.tellRetired(generation, generation.problems.slice(before));
	}
	#leftoversOf({ session }) {
		try {
			return session?.leftovers() ?? {};
		} catch (error) {
			this.#options.report(error);
			return {};
		}
	}
};
// core/src/lifecycle/update/state-handover.ts
var StateHandover = class {
	#options;
	#deadlines = new Deadlines();
	constructor(parts) {
		this.#options = parts.options;
	}
	hold(member) {
		member.isHolding = true;
		this.#options.registry.connect(member);
	}
	goBack(members) {
		for (const member of members) {
			if (!member.isHolding) continue;
			member.isHolding = false;
			member.handedOver = void 0;
			this.#options.registry.connect(member);
			member.release();
		}
	}
	async snapshotAll(members) {
		for (const member of members) {
			if (!member.serving.savesState) continue;
			try {
				member.handedOver = await this.snapshot(member);
			} catch (error) {
				return {
					member,
					error: asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`)
				};
			}
		}
	}
	async snapshot(member) {
		const { limits } = this.#options;
		const { session, connection } = member.serving;
		this.hold(member);
		if (connection !== void 0) await this.#deadlines.within(limits.drainMs, connection.book.idle(), () => void 0);
		const context = contextWithin(limits.deactivateMs);
		try {
			const state = await this.#deadlines.within(limits.deactivateMs, session === void 0 ? Promise.resolve(void 0) : unlessCrashed(member.serving, session.saveState(context)), () => {
				throw new ExtensionError("STATE_FAILED", `${member.id} did not save its state within ${String(limits.deactivateMs)} ms.`, { extensionId: member.id });
			});
			if (exceeds(state, limits.callBytes)) throw stateTooLarge(member.id, limits.callBytes);
			return state;
		} catch (error) {
			throw asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`);
		}
	}
};
function stateTooLarge(extensionId, limitBytes) {
	const message = `The state of the extension holds more than ${String(limitBytes)} bytes.`;
	return new ExtensionError("CALL_TOO_LARGE", message, {
		extensionId,
		details: {
			what: "state",
			limitBytes
		}
	});
}
// core/src/lifecycle/update/succession.ts
var Succession = class {
	#run;
	#news;
	#events;
	#set;
	#listing;
	#exports;
	#following;
	#crashes;
	#updates;
	constructor(parts) {
		this.#run = parts.run;
		this.#news = parts.news;
		this.#events = parts.events;
		this.#set = parts.set;
		this.#listing = parts.listing;
		this.#exports = parts.exports;
		this.#following = parts.following;
		this.#crashes = parts.crashes;
		this.#updates = parts.updates;
	}
	swap(members, candidates) {
		const old = [];
		const relist = new Set(members);
		for (const member of members) {
			const candidate = candidates.get(member.id);
			if (candidate === void 0) continue;
			old.push(member.serving);
			this.takeOver(member, candidate);
			for (const other of this.#listing.openPoints(member, candidate.description)) relist.add(other);
			this.#crashes.watch(member, candidate);
		}
		this.#listing.list(relist);
		for (const member of members) this.announce(member);
		return old;
	}
	announce(member) {
		member.release();
		this.#following.follow(member);
		this.#news.tell("changed", member);
		if (member.serving.state === "active") this.#news.tell("activated", member);
		this.#exports.tellChanged(member.id);
		if (this.#following.isOn && member.candidate === void 0) this.#run.inBackground(this.#updates.checkFiles(member));
	}
	takeOver(member, candidate) {
		candidate.move("settled");
		this.#set.serve(member, candidate);
		member.candidate = void 0;
		member.isHolding = false;
		member.overtaken = 0;
		member.handedOver = void 0;
		member.endIncomplete();
		if (member.examination !== void 0) this.#events.listen(member.id, member.examination);
		this.#set.graph.set(member.id, requiredIds(candidate.description));
	}
};
// core/src/lifecycle/update/take-down.ts
var TakeDown = class {
	#options;
	#run;
	#set;
	#listing;
	#readiness;
	#exports;
	#following;
	#lock;
	#activation;
	#retirement;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#set = parts.set;
		this.#listing = parts.listing;
		this.#readiness = parts.readiness;
		this.#exports = parts.exports;
		this.#following = parts.following;
		this.#lock = parts.lock;
		this.#activation = parts.activation;
		this.#retirement = parts.retirement;
	}
	async takeDown(seeds, why) {
		for (const id of this.#set.runningClosure(seeds.map((seed) => seed.id))) {
			const extension = seeds.find((seed) => seed.id === id) ?? this.#set.get(id);
			if (extension?.serving.state === "activating") extension.serving.abort(why === "removed" && seeds.includes(extension) ? gone(extension) : superseded(extension));
			extension?.candidate?.abort(superseded(extension));
		}
		const interrupt = (member) => member.candidate?.abort(superseded(member));
		await this.#lock.run(seeds, interrupt, async (members) => {
			const dependents = members.filter((member) => !seeds.includes(member));
			for (const member of members) if (why === "deactivated") member.wantedBy = void 0;
			else if (dependents.includes(member)) member.isAway = true;
			for (const seed of seeds) seed.candidate = void 0;
			const active = members.filter((member) => member.serving.state === "active");
			for (const member of active) member.serving.move("stopping");
			for (const member of active) this.#options.registry.connect(member);
			await this.#retirement.retireInOrder(active.map((member) => member.serving));
			for (const member of members) {
				if (member.isRemoved) {
					this.#listing.openPoints(member, void 0).forEach((other) => {
						this.#listing.list([other]);
					});
					this.#following.followNow(member);
					this.#exports.tellChanged(member.id);
					continue;
				}
				if (this.#run.stopReason !== void 0) continue;
				this.#set.renew(member);
				this.#exports.tellChanged(member.id);
			}
			if (this.#run.stopReason !== void 0) return;
			const stopped = members.filter((member) => !member.isRemoved);
			for (const member of stopped) if (!this.#listing.isInForce(member)) for (const other of this.#listing.examine(member)) this.#listing.list([other]);
			this.#readiness.reconsider(this.#set.affected(stopped.map((member) => member.id)));
			this.#listing.list(stopped);
		});
		if (this.#run.stopReason !== void 0) return;
		for (const extension of this.#set.known(this.#set.closure(seeds.map((seed) => seed.id)))) {
			if (why === "deactivated" && extension.heldCalls === 0) continue;
			this.#run.inBackground(this.#activation.resume(extension));
		}
	}
	async takeDownDependents(extension) {
		const dependents = this.#set.known(this.#set.graph.dependents(extension.id)).filter(({ serving }) => serving.reason?.code !== "CRASHED_TOO_OFTEN");
		for (const dependent of dependents) dependent.isAway = true;
		if (dependents.length > 0) await this.takeDown(dependents, "disabled");
	}
	async stopAll(reason) {
		const extensions = [...this.#set.extensions];
		for (const extension of extensions) {
			extension.endIncomplete();
			extension.supervision?.dispose();
			extension.rejectHeld(reason);
			if (extension.serving.state === "activating") extension.serving.abort(reason);
			extension.candidate?.abort(reason);
		}
		const stop = async () => {
			await this.#run.backgroundSettled();
			const active = extensions.filter((extension) => extension.serving.state === "active");
			const order = this.#set.graph.order(active.map((extension) => extension.id));
			const generations = this.#set.known(order).map(({ serving }) => serving);
			for (const generation of generations) generation.move("stopping");
			for (const extension of active) this.#options.registry.connect(extension);
			await this.#retirement.retireInOrder(generations);
		};
		await new Deadlines().within(this.#options.limits.stopMs, stop(), () => void 0);
		for (const generation of this.#run.alive) this.#options.activator.kill(generation, reason);
		this.#run.alive.clear();
		this.#following.dispose();
	}
};
// core/src/lifecycle/update/candidates.ts
function candidatesOf(members) {
	return new Map(members.flatMap(({ id, candidate }) => candidate === void 0 ? [] : [[id, candidate]]));
}
// core/src/lifecycle/update/update-transaction.ts
var UpdateTransaction = class {
	#options;
	#run;
	#set;
	#activation;
	#listing;
	#readiness;
	#retirement;
	#preparation;
	#waiting;
	#succession;
	#replacement;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#set = parts.set;
		this.#activation = parts.activation;
		this.#listing = parts.listing;
		this.#readiness = parts.readiness;
		this.#retirement = parts.retirement;
		this.#preparation = parts.preparation;
		this.#waiting = parts.waiting;
		this.#succession = parts.succession;
		this.#replacement = parts.replacement;
	}
	async run(members, seeds, { isLastTry }) {
		const refusals = await this.#refusals(members);
		if (this.#run.stopReason !== void 0) return false;
		const due = seeds.filter((seed) => seed.isPending && !seed.isRemoved && seed.serving.state === "active");
		if (due.length === 0) return true;
		const active = members.filter((member) => member.serving.state === "active");
		const descriptions = new Map(active.map((member) => [member.id, member.description]));
		for (const { description } of isLastTry ? [] : active) {
			const first = this.#activation.toComeFirst(withoutDependencies(description, descriptions));
			if (first !== void 0) return first;
		}
		for (const member of active) {
			member.candidate = this.#set.createGeneration(member);
			if (member.examination?.description !== member.description || member.isPending) this.#listing.examineCandidate(member);
		}
		for (const member of active) {
			const obstacle = refusals.get(member) ?? this.#readiness.candidateObstacle(member, descriptions);
			if (obstacle === void 0) continue;
			this.#waiting.leave(active, due, member, obstacle);
			return false;
		}
		for (const member of active) member.candidate?.move("resolved");
		const candidates = candidatesOf(active);
		if (active.some((member) => due.includes(member) && member.description.manifest.update === "replace")) return this.#replacement.replace(active, due, candidates);
		const failure = await this.#preparation.prepareAll(active, candidates);
		if (failure !== void 0) {
			await this.#preparation.rollBack(active, candidates);
			this.#waiting.leave(active, due, failure.member, reasonOf(failure.error));
			return false;
		}
		const old = this.#succession.swap(active, candidates);
		this.#run.inBackground(this.#retirement.retireInOrder(old));
		return true;
	}
	async #refusals(members) {
		const refusals = new Map();
		const { gate } = this.#options;
		if (gate === void 0) return refusals;
		const active = members.filter((member) => member.serving.state === "active");
		await Promise.all(active.map(async (member) => {
			const refusal = await gate.look(member.description);
			if (refusal !== void 0) refusals.set(member, refusal);
		}));
		return refusals;
	}
};
// core/src/lifecycle/update/updates.ts
const mostTries = 3;
var Updates = class {
	#options;
	#run;
	#news;
	#set;
	#readiness;
	#lock;
	#activation;
	#transaction;
	constructor(parts) {
		this.#options = parts.options;
		this.#run = parts.run;
		this.#news = parts.news;
		this.#set = parts.set;
		this.#readiness = parts.readiness;
		this.#lock = parts.lock;
		this.#activation = parts.activation;
		this.#transaction = parts.transaction;
	}
	async update() {
		if (this.#run.stopReason !== void 0) return;
		const seeds = [...this.#set.extensions].filter((extension) => this.#isDue(extension));
		if (seeds.length === 0) return;
		const groups = [];
		for (const seed of seeds) {
			const ids = this.#set.runningClosure([seed.id]);
			const overlapping = groups.filter((group) => [...ids].some((id) => group.ids.has(id)));
			for (const group of overlapping) {
				for (const id of group.ids) ids.add(id);
				groups.splice(groups.indexOf(group), 1);
			}
			groups.push({
				ids,
				seeds: [seed, ...overlapping.flatMap((group) => group.seeds)]
			});
		}
		await Promise.all(groups.map((group) => this.#updateGroup(group.seeds)));
	}
	async checkFiles(extension) {
		const { serving, revision } = extension;
		if (serving.state !== "active" && serving.state !== "activating") return;
		const isUntold = serving.files === void 0 && (outlineOf(extension.description).watch?.length ?? 0) === 0;
		if (isUntold && (!extension.isPending || extension.candidate?.isBeingPrepared === true)) return;
		const isStill = () => extension.serving === serving && !extension.isRemoved && extension.revision === revision;
		try {
			const changed = isUntold ? [] : await this.#options.follower.changedFiles(serving);
			if (!isStill()) return;
			if (changed.length === 0) {
				if (extension.broken === void 0 && extension.description === serving.description && extension.isPending && extension.putBack()) {
					extension.candidate?.abort(superseded(extension));
					extension.candidate = void 0;
					this.#news.tell("changed", extension);
				}
				return;
			}
			if (extension.isStale) return;
			const { candidate } = extension;
			if (candidate !== void 0 && await this.#isCurrent(extension, candidate)) return;
			if (!isStill()) return;
		} catch (error) {
			this.#options.report(error);
			return;
		}
		extension.changed();
		extension.supervision?.forgive();
		if (serving.isBegun && extension.overtake(serving, superseded(extension))) {
			this.#set.renew(extension);
			for (const ready of this.#readiness.refresh([extension])) await this.#activation.resume(ready);
			return;
		}
		await this.update();
	}
	async checkCrashed(extension) {
		const { serving } = extension;
		try {
			if (serving.files !== void 0 && serving.files.size > 0 && (await this.#options.follower.changedFiles(serving)).length === 0) return;
		} catch (error) {
			this.#options.report(error);
			return;
		}
		if (extension.serving !== serving || extension.isRemoved || this.#run.stopReason !== void 0) return;
		extension.supervision?.forgive();
		this.#set.renew(extension);
		await Promise.all(this.#activation.resumeAll(this.#readiness.refresh([extension])));
	}
	async #isCurrent(extension, candidate) {
		if (extension.broken !== void 0 || candidate.description !== extension.description) return false;
		if (candidate.isBeingPrepared && candidate.isAborted) return false;
		if (candidate.files === void 0) return candidate.isBeingPrepared;
		return (await this.#options.follower.changedFiles(candidate)).length === 0;
	}
	#isDue(extension) {
		if (!extension.isPending || extension.serving.state !== "active") return false;
		if (extension.isStale) return true;
		if (extension.candidate?.isBeingPrepared === true) return false;
		return !extension.isTried || extension.candidate?.reason?.code.startsWith("DEPENDENCY_") === true;
	}
	async #updateGroup(seeds) {
		const isSwapped = await this.#transact(seeds);
		if (isSwapped || seeds.some((seed) => seed.isStale)) this.#run.inBackground(this.update());
		if (isSwapped || seeds.length === 1) return;
		for (const id of this.#set.graph.order(seeds.map((seed) => seed.id))) {
			const seed = seeds.find((one) => one.id === id);
			if (seed?.isPending === true) await this.#transact([seed]);
		}
	}
	async #transact(seeds) {
		const interrupt = (member) => {
			if (member.candidate !== void 0) member.overtake(member.candidate, superseded(member));
		};
		for (let tries = 1;; tries++) {
			const outcome = await this.#lock.run(seeds, interrupt, (members) => this.#transaction.run(members, seeds, { isLastTry: tries === mostTries }));
			if (typeof outcome === "boolean") return outcome;
			await this.#activation.ensureActive(outcome, { event: "update" }).catch(() => void 0);
		}
	}
};
// core/src/lifecycle/update/waiting-candidates.ts
var WaitingCandidates = class {
	#run;
	#news;
	#following;
	#incomplete;
	#crashes;
	#updates;
	constructor(parts) {
		this.#run = parts.run;
		this.#news = parts.news;
		this.#following = parts.following;
		this.#incomplete = parts.incomplete;
		this.#crashes = parts.crashes;
		this.#updates = parts.updates;
	}
	leave(members, due, culprit, reason) {
		const isSuperseded = isExtensionError(reason.cause, "ACTIVATION_ABORTED");
		for (const member of members) {
			const { candidate } = member;
			if (candidate === void 0) continue;
			if (isSuperseded) member.candidate = void 0;
			else if (member === culprit) this.#settle(member, candidate, reason);
			else if (due.includes(member)) {
				if (candidate.isBeingPrepared) candidate.move("unresolved", dependencyReason("DEPENDENCY_FAILED", member.id, `${member.id} waits for ${culprit.id}: ${reason.message}`, { dependency: culprit.id }));
				member.triedRevision = candidate.revision;
			} else member.candidate = void 0;
			this.#following.follow(member);
		}
	}
	#settle(member, candidate, reason) {
		const isLoadFault = reason.code.startsWith("MODULE_") || reason.code.startsWith("MANIFEST_");
		const rest = this.#incomplete.remainingMs(member);
		member.triedRevision = candidate.revision;
		if (isLoadFault && rest > 0) {
			const waiting = {
				code: "INCOMPLETE",
				message: reason.message,
				cause: reason.cause
			};
			if (candidate.state !== "failed") candidate.move("unresolved", waiting);
			this.#incomplete.wait(member, rest, () => {
				if (member.isRemoved || member.candidate !== candidate) return;
				member.endIncomplete();
				member.forgetTry();
				this.#run.inBackground(this.#updates.update());
			});
			return;
		}
		if (candidate.state === "discovered" && reason.code.startsWith("MANIFEST_")) candidate.move("rejected", reason);
		else if (candidate.state === "activating" && !reason.code.startsWith("DEPENDENCY_") && !isRefusal(reason)) candidate.move("failed", reason);
		else candidate.move("unresolved", reason);
		if (isCrashOf(member.id, reason.cause)) this.#crashes.noteCandidate(member, candidate, reason.cause);
		this.#news.tell("failed", member, {
			reason,
			generation: candidate.number
		});
	}
};
// core/src/lifecycle/activation/wholeness.ts
const mostMixtures = 20;
const mostNamed$1 = 10;
var Wholeness = class {
	#options;
	constructor(parts) {
		this.#options = parts.options;
	}
	async assert(extension, generation) {
		if (generation.session === void 0) return;
		const files = await this.#changed(extension, generation);
		const { count, files: before } = extension.mixtures ?? {
			count: 0,
			files
		};
		const restless = before.filter((file) => files.includes(file));
		if (files.every((file) => count >= mostMixtures && restless.includes(file))) {
			extension.mixtures = void 0;
			generation.problems = [...generation.problems, ...files.map((file) => restlessProblem(generation, file))];
			return;
		}
		extension.mixtures = {
			count: count + 1,
			files: restless
		};
		const { id, folder } = generation.description;
		this.#options.follower.lookAgain(folder);
		const names = files.slice(0, mostNamed$1);
		throw new ExtensionError("MODULE_CHANGED", `${id} changed while it was being loaded: ${names.map((file) => nameIn(folder, file)).join(", ")}${files.length > names.length ? " and others" : ""}.`, {
			extensionId: id,
			details: { files: names }
		});
	}
	async #changed({ broken }, generation) {
		const { follower } = this.#options;
		const files = await follower.changedFiles(generation);
		if (files.length > 0 || broken !== void 0) return files;
		const { description } = generation;
		return follower.isAsDescribed(description) ? [] : [description.folder + sep + manifestName];
	}
};
function nameIn(folder, file) {
	const name = relative(folder, file);
	const { code } = lookAt(file);
	return code === void 0 || saysMissing(code) ? name : `${name} (can't be looked at: ${code})`;
}
function restlessProblem({ description: { id, folder } }, file) {
	return {
		code: "MODULE_CHANGED",
		severity: "warning",
		file,
		message: `${nameIn(folder, file)} changes whenever ${id} is loaded, so nobody can tell whether all of it is of one version. Let it write to context.storage, or to a file that it does not load.`,
		extensionId: id
	};
}
// core/src/lifecycle/extension-lifecycle.ts
var ExtensionLifecycle = class {
	events = new ActivationEvents();
	#run;
	#news;
	#set = new ExtensionSet();
	#queue = new KeyedQueue();
	#readiness;
	#following;
	#activation;
	#takeDown;
	#updates;
	#changes;
	#stopping;
	constructor(options) {
		const run = new LifecycleRun(options.report);
		const news = new LifecycleNews(options.report);
		const ground = {
			options,
			run,
			news,
			events: this.events,
			set: this.#set,
			queue: this.#queue
		};
		const above = {
			takeDown: { takeDownDependents: (extension) => this.#takeDown.takeDownDependents(extension) },
			restarts: { restart: (extension, event) => this.#activation.ensureActive(extension, { event }) },
			updates: {
				update: () => this.#updates.update(),
				checkFiles: (extension) => this.#updates.checkFiles(extension)
			}
		};
		const points = new OpenedPoints(ground);
		const listing = new Listing({
			...ground,
			points
		});
		const readiness = new Readiness({
			...ground,
			listing
		});
		const following = new FileFollowing(ground);
		const responsiveness = new Responsiveness(ground);
		const running = {
			...ground,
			listing,
			readiness,
			following,
			exports: new ProviderExports(ground),
			incomplete: new IncompleteFolders(ground),
			crashes: new CrashWatch({
				...ground,
				...above,
				readiness,
				responsiveness
			}),
			lock: new ClosureLock(ground),
			retirement: new Retirement(ground),
			wholeness: new Wholeness(ground)
		};
		const activation = new Activation({
			...running,
			...above
		});
		const calls = new CallHolding({
			...ground,
			activation
		});
		const takeDown = new TakeDown({
			...running,
			activation
		});
		const handover = new StateHandover(ground);
		const updating = {
			...running,
			activation,
			handover,
			preparation: new Preparation({
				...running,
				activation,
				handover
			}),
			waiting: new WaitingCandidates({
				...running,
				...above
			}),
			succession: new Succession({
				...running,
				...above
			})
		};
		const replacement = new Replacement(updating);
		const transaction = new UpdateTransaction({
			...updating,
			replacement
		});
		const updates = new Updates({
			...updating,
			transaction
		});
		this.#run = run;
		this.#news = news;
		this.#readiness = readiness;
		this.#following = following;
		this.#activation = activation;
		this.#takeDown = takeDown;
		this.#updates = updates;
		this.#changes = new DiskChanges({
			...running,
			points,
			activation,
			calls,
			takeDown,
			updates
		});
	}
	get onDidChange() {
		return this.#news.onDidChange;
	}
	get(id) {
		return this.#set.get(id);
	}
	inFolder(folder) {
		return this.#set.inFolder(folder);
	}
	get extensions() {
		return this.#set.extensions;
	}
	dependents(id) {
		return [...this.#set.graph.dependents(id)];
	}
	runningDependents(id) {
		const closure = this.#set.runningClosure([id]);
		closure.delete(id);
		return [...closure];
	}
	apply(change) {
		return this.#changes.apply(change);
	}
	filesChanged(generation) {
		this.#following.filesChanged(generation);
	}
	problemsChanged({ description }) {
		const extension = this.#set.get(description.id);
		if (extension !== void 0) this.#news.tell("changed", extension);
	}
	async fire(event, cause, options) {
		this.#run.assertGoingOn();
		if (options.isRemembered) this.events.remember(event);
		const waiting = this.#set.known(this.events.listeners(event));
		await Promise.allSettled(waiting.map((extension) => this.#activation.ensureActive(extension, {
			...cause,
			event
		})));
	}
	async activate(extension) {
		this.#run.assertGoingOn();
		if (isCrashed(extension.serving)) this.#beginAgain(extension);
		await this.#activation.ensureActive(extension, { event: "activate" });
	}
	async reload(id) {
		const extension = this.#require(id);
		if (!extension.isInHand) {
			this.#beginAgain(extension);
			await this.#activation.ensureActive(extension, { event: "reload" });
			return;
		}
		extension.supervision?.forgive();
		if (extension.serving.state !== "active") await this.#activation.ensureActive(extension, { event: "reload" });
		extension.wanted();
		await this.#updates.update();
		const { reason } = extension.candidate ?? {};
		if (reason !== void 0) throw errorOf(reason, id);
		await this.#run.backgroundSettled();
	}
	async deactivate(id) {
		await this.#takeDown.takeDown([this.#require(id)], "deactivated");
	}
	async disable(id) {
		const extension = this.#require(id);
		if (extension.isDisabled) return;
		extension.isDisabled = true;
		this.#set.setDisabled(id, { isDisabled: true });
		this.#readiness.refresh([extension]);
		extension.rejectHeld(errorOf({
			code: "DISABLED",
			message: `${id} is disabled.`
		}, id));
		await this.#takeDown.takeDown([extension], "disabled");
		this.#readiness.refresh([extension]);
		this.#news.tell("changed", extension);
	}
	async enable(id) {
		const extension = this.#require(id);
		if (!extension.isDisabled && !isCrashed(extension.serving)) return;
		extension.isDisabled = false;
		this.#set.setDisabled(id, { isDisabled: false });
		const ready = this.#beginAgain(extension);
		this.#news.tell("changed", extension);
		await this.#run.settled(ready.map((one) => this.#activation.resume(one)));
	}
	async setDisabled(id, { isDisabled }) {
		this.#run.assertGoingOn();
		if (this.#set.get(id) === void 0) this.#set.setDisabled(id, { isDisabled });
		else await (isDisabled ? this.disable(id) : this.enable(id));
	}
	async reconsiderContent(ids) {
		const idle = [];
		for (const extension of this.#set.known(ids)) {
			const { state, isAborted } = extension.serving;
			if (extension.isInHand) extension.forgetTry();
			else if (state === "blocked" && isAborted) this.#set.renew(extension);
			if (!extension.isInHand) idle.push(extension);
		}
		const ready = this.#readiness.refresh(idle);
		for (const extension of idle) {
			const { reason } = extension.serving;
			if (extension.isRefused && reason !== void 0) extension.rejectHeld(errorOf(reason, extension.id));
			this.#news.tell("changed", extension);
		}
		await this.#run.settled([...this.#activation.resumeAll(ready), this.#updates.update()]);
		await this.#run.settled(ids.map((id) => this.#queue.run([id], () => Promise.resolve())));
	}
	async refuse(id, reason) {
		const extension = this.#set.get(id);
		if (extension === void 0 || this.#run.stopReason !== void 0) return;
		extension.isRefused = true;
		this.#readiness.refresh([extension]);
		extension.rejectHeld(errorOf(reason, id));
		await this.#takeDown.takeDown([extension], "disabled");
		this.#readiness.refresh([extension]);
		this.#news.tell("changed", extension);
	}
	async retry(id) {
		const extension = this.#require(id);
		if (extension.isInHand && extension.candidate !== void 0) {
			await this.reload(id);
			return;
		}
		if (!extension.isInHand) this.#beginAgain(extension);
		await this.#activation.ensureActive(extension, { event: extension.wantedBy ?? "retry" });
	}
	presetDisabled(ids) {
		this.#set.presetDisabled(ids);
	}
	presetAllDisabled({ except }) {
		this.#set.disabledUnless = except;
	}
	async resolveDisabled(ids) {
		this.#set.disabledUnless = void 0;
		this.#set.presetDisabled(ids);
		const waiting = [...this.#set.extensions].filter(({ id, isDisabled }) => isDisabled && !ids.has(id));
		await Promise.all(waiting.map(({ id }) => this.setDisabled(id, { isDisabled: false })));
	}
	runtimeAdded() {
		const waiting = [...this.#set.extensions].filter(({ serving }) => serving.state === "blocked" && serving.reason?.code === "RUNTIME_UNKNOWN");
		for (const extension of waiting) this.#set.renew(extension);
		for (const ready of this.#readiness.refresh(waiting)) this.#run.inBackground(this.#activation.resume(ready));
	}
	async stop() {
		if (this.#run.stopReason === void 0) {
			const reason = new ExtensionError("HOST_STOPPED", "The host has been stopped.");
			this.#run.end(reason);
			this.#stopping = this.#takeDown.stopAll(reason);
		}
		await this.#stopping;
	}
	#beginAgain(extension) {
		extension.supervision?.forgive();
		this.#set.renew(extension);
		return this.#readiness.refresh([extension]);
	}
	#require(id) {
		this.#run.assertGoingOn();
		const extension = this.#set.get(id);
		if (extension === void 0) throw new ExtensionError("EXTENSION_UNKNOWN", `No extension "${id}" is known.`, { extensionId: id });
		return extension;
	}
};
// core/src/manifest/string-pool.ts
const size = 1024;
const longest = 256;
var StringPool = class {
	#strings = new Array(size).fill("");
	find(text, start, end) {
		const length = end - start;
		if (length === 0 || length > longest) return void 0;
		const met = this.#strings[slotOf(text, start, end)];
		return met?.length === length && text.startsWith(met, start) ? met : void 0;
	}
	keep(string) {
		const { length } = string;
		if (length > 0 && length <= longest) this.#strings[slotOf(string, 0, length)] = string;
	}
};
function slotOf(text, start, end) {
	const length = end - start;
	const first = text.charCodeAt(start);
	const middle = text.charCodeAt(start + (length >> 1));
	const last = text.charCodeAt(end - 1);
	return first * 31 + middle * 17 + last * 7 + length * 131 & 1023;
}
// core/src/protocol/clone-bytes.ts
function writeClone(value, headBytes) {
	const serializer = createSerializer();
	serializer.writeRawBytes(new Uint8Array(headBytes));
	serializer.writeHeader();
	serializer.writeValue(value);
	return serializer.releaseBuffer();
}
function readClone(bytes) {
	const deserializer = createDeserializer(bytes);
	deserializer.readHeader();
	return deserializer.readValue();
}
function cloneWithOwnBytes(value) {
	return readClone(writeClone(value, 0));
}
function engine() {
	return process.getBuiltinModule("node:v8");
}
function createSerializer() {
	const serializer = new (engine()).Serializer();
	serializer._setTreatArrayBufferViewsAsHostObjects(true);
	serializer._writeHostObject = (view) => {
		writeView(serializer, view);
	};
	return serializer;
}
function createDeserializer(bytes) {
	const deserializer = new (engine()).Deserializer(bytes);
	deserializer._readHostObject = () => readView(deserializer);
	return deserializer;
}
function writeView(serializer, view) {
	const kind = ArrayBuffer.isView(view) ? viewKinds.findIndex(({ name }) => name === (kindTag?.get?.call(view) ?? "DataView")) : -1;
	if (kind < 0) throw new TypeError("An object of this kind can't be sent as bytes.");
	const { buffer, byteOffset, byteLength } = view;
	serializer.writeUint32(kind);
	serializer.writeUint32(byteLength);
	serializer.writeRawBytes(new Uint8Array(buffer, byteOffset, byteLength));
}
function readView(deserializer) {
	const kind = viewKinds[deserializer.readUint32()];
	if (kind === void 0) throw new TypeError("There is no such kind of view.");
	const buffer = new Uint8Array(deserializer.readRawBytes(deserializer.readUint32())).buffer;
	return new kind(buffer);
}
const { Float16Array } = globalThis;
const viewKinds = [
	DataView,
	Int8Array,
	Uint8Array,
	Uint8ClampedArray,
	Int16Array,
	Uint16Array,
	Int32Array,
	Uint32Array,
	Float32Array,
	Float64Array,
	BigInt64Array,
	BigUint64Array,
	...Float16Array === void 0 ? [] : [Float16Array]
];
const kindTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
// core/src/protocol/own-bytes.ts
function withOwnBytes(value) {
	if (typeof value !== "object" || value === null || types.isAnyArrayBuffer(value)) return value;
	if (types.isUint8Array(value)) return value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
	return cloneWithOwnBytes(value);
}
// core/src/protocol/sendable.ts
function sendable(value, options, moved) {
	switch (typeof value) {
		case "string":
			if (value.length * 3 > options.limitBytes && Buffer.byteLength(value) > options.limitBytes) throw tooLarge(options);
			return value;
		case "object":
			if (value === null || isSmall(value, options.limitBytes)) return value;
			return showsPart(value, options, moved) ? withOwnBytes(value) : value;
		case "bigint":
			if (bigintBytes(value) > options.limitBytes) throw tooLarge(options);
			return value;
		case "function":
		case "symbol": throw refusal([], `a ${typeof value}`, options);
		default: return value;
	}
}
function sendableArguments(args, options, moved) {
	let bytes = 0;
	for (let index = 0; index < args.length; index++) {
		const argument = args[index];
		const size = smallItemSize(argument, 1);
		if (size === void 0 || (bytes += size) > options.limitBytes) return showsPart(args, options, moved) ? args.map(withOwnBytes) : args;
	}
	return args;
}
function showsPart(value, options, moved) {
	const walk = new Walk$1(options);
	walk.walk(value);
	return walk.partlyShown.some((buffer) => moved?.includes(buffer) !== true);
}
const deepest$2 = 1e3;
const fewItems = 16;
const fewLevels = 4;
const manyElements = 1024;
function isSmall(value, limitBytes) {
	try {
		const bytes = smallSize(value, fewLevels);
		return bytes !== void 0 && bytes <= limitBytes;
	} catch {
		return false;
	}
}
function smallSize(value, levels) {
	if (types.isProxy(value)) return void 0;
	let bytes = 8;
	if (Array.isArray(value)) {
		const items = value;
		if (items.length > fewItems) return void 0;
		for (let index = 0; index < items.length; index++) {
			const size = smallItemSize(items[index], levels);
			if (size === void 0) return void 0;
			bytes += size;
		}
		return isDense(items, Object.keys(items)) ? bytes : void 0;
	}
	if (Object.getPrototypeOf(value) !== Object.prototype) return void 0;
	const keys = Object.keys(value);
	if (keys.length > fewItems || isArguments(value, keys)) return void 0;
	for (const key of keys) {
		const size = smallItemSize(value[key], levels);
		if (size === void 0) return void 0;
		bytes += size + key.length;
	}
	return bytes;
}
function smallItemSize(item, levels) {
	switch (typeof item) {
		case "string": return item.length * 3;
		case "object":
			if (item === null) return 8;
			return levels > 1 ? smallSize(item, levels - 1) : void 0;
		case "bigint": return bigintBytes(item);
		case "function":
		case "symbol": return;
		default: return 8;
	}
}
var Walk$1 = class {
	partlyShown = [];
	#options;
	#levels = [];
	#met = new Map();
	#instances = new Map();
	#left;
	#clonedLeft;
	constructor(options) {
		this.#options = options;
		this.#left = options.limitBytes;
		this.#clonedLeft = 4 * options.limitBytes;
	}
	walk(root) {
		this.#look(root);
		for (let level = this.#levels.at(-1); level !== void 0; level = this.#levels.at(-1)) if (level.next < level.length) this.#look(this.#read(level));
		else {
			this.#levels.pop();
			this.#met.set(level.source, level.before - this.#left);
		}
		for (const { instance, path } of this.#instances.values()) this.#assertPlainInstance(instance, path);
	}
	#look(value) {
		switch (typeof value) {
			case "string":
				this.#take(value.length * 3 > this.#left ? Buffer.byteLength(value) : value.length);
				return;
			case "object":
				if (value === null) this.#take(8);
				else this.#meet(value);
				return;
			case "bigint":
				this.#take(bigintBytes(value));
				return;
			case "function":
			case "symbol": throw this.#refusal(`a ${typeof value}`);
			default: this.#take(8);
		}
	}
	#meet(value) {
		const known = this.#met.get(value);
		if (known !== void 0) {
			this.#take(known);
			return;
		}
		if (this.#met.has(value)) {
			const depth = this.#levels.findIndex((level) => level.source === value);
			const place = pointer(this.#path().slice(0, depth));
			throw this.#refusal(`the same object as ${place === "" ? "the whole" : place}: a circle`);
		}
		const before = this.#left;
		this.#take(8);
		const level = this.#open(value);
		this.#met.set(value, level === void 0 ? before - this.#left : void 0);
		if (level === void 0) return;
		level.before = before;
		if (this.#levels.length === deepest$2) throw this.#refusal(`nested deeper than ${String(deepest$2)} levels`);
		this.#levels.push(level);
	}
	#read(level) {
		const index = level.next++;
		if (level.values !== void 0) return level.values[index];
		const { source } = level;
		const name = level.names === void 0 ? index : level.names[index] ?? "";
		if (typeof name === "string") this.#take(name.length);
		let value;
		try {
			value = source[name];
		} catch (error) {
			throw this.#refusal("a getter that throws", error);
		}
		if (value !== void 0 || level.names !== void 0 || Object.hasOwn(source, index)) return value;
		if (++level.holes > manyElements) {
			level.names = Object.keys(source).filter((key) => !(Number(key) <= index));
			level.length = level.names.length;
			level.next = 0;
		}
		return value;
	}
	#open(value) {
		if (types.isProxy(value)) throw this.#refusal("a Proxy");
		if (Array.isArray(value)) {
			const items = value;
			if (items.length > manyElements) return level(value, void 0, void 0, items.length);
			const keys = Object.keys(items);
			return isDense(items, keys) ? level(value, void 0, void 0, items.length) : level(value, keys);
		}
		const prototype = Object.getPrototypeOf(value);
		if (prototype === Object.prototype) {
			const keys = Object.keys(value);
			if (isArguments(value, keys)) throw this.#refusal("an arguments object");
			return level(value, keys);
		}
		if (prototype === null) {
			if (types.isModuleNamespaceObject(value)) throw this.#refusal("a module");
			return level(value, Object.keys(value));
		}
		return this.#openInstance(value, prototype);
	}
	#openInstance(value, prototype) {
		if (types.isDate(value)) return void 0;
		if (types.isMap(value)) return this.#openMap(value);
		if (types.isSet(value)) return level(value, void 0, [...Set.prototype.values.call(value)]);
		if (types.isAnyArrayBuffer(value)) {
			this.#takeBytes(value, value);
			return;
		}
		if (ArrayBuffer.isView(value)) {
			this.#takeBytes(value.buffer, value);
			return;
		}
		const text = wrappedText(value);
		if (text !== void 0) this.#look(text);
		if (text !== void 0 || types.isBoxedPrimitive(value)) {
			if (types.isSymbolObject(value)) throw this.#refusal("a symbol");
			return;
		}
		if (types.isNativeError(value)) return this.#openError(value);
		const kind = unsendableKind(value);
		if (kind !== void 0) throw this.#refusal(kind);
		if (!this.#instances.has(prototype)) this.#instances.set(prototype, {
			instance: value,
			path: this.#path()
		});
		return level(value, Object.keys(value));
	}
	#openMap(map) {
		const names = [];
		const values = [];
		for (const [key, value] of Map.prototype.entries.call(map)) {
			const index = String(values.length / 2);
			const isName = typeof key === "string" || typeof key === "number";
			names.push(`key ${index}`, isName ? String(key) : index);
			values.push(key, value);
		}
		return level(map, names, values);
	}
	#openError(error) {
		let values;
		try {
			values = [
				error.message,
				error.stack,
				Object.hasOwn(error, "cause") ? error.cause : void 0
			];
		} catch (thrown) {
			throw this.#refusal("an error with a getter that throws", thrown);
		}
		return level(error, [
			"message",
			"stack",
			"cause"
		], values);
	}
	#takeBytes(buffer, { byteLength }) {
		if (types.isSharedArrayBuffer(buffer)) throw this.#refusal("shared memory, which a process can't share");
		if (buffer.detached) throw this.#refusal("a buffer that was transferred elsewhere");
		this.#take(byteLength);
		if (byteLength < buffer.byteLength) this.partlyShown.push(buffer);
	}
	#take(bytes) {
		this.#left -= bytes;
		if (this.#left < 0) throw tooLarge(this.#options);
	}
	#assertPlainInstance(instance, path) {
		this.#clonedLeft -= this.#met.get(instance) ?? 0;
		if (this.#clonedLeft < 0) throw tooLarge(this.#options);
		let clone;
		try {
			clone = structuredClone(instance);
		} catch (cause) {
			throw refusal(path, className$1(instance), this.#options, cause);
		}
		if (Object.getPrototypeOf(clone) !== Object.prototype) throw refusal(path, className$1(instance), this.#options);
	}
	#path() {
		return this.#levels.map(({ names, next }) => names?.[next - 1] ?? String(next - 1));
	}
	#refusal(found, cause) {
		return refusal(this.#path(), found, this.#options, cause);
	}
};
function level(source, names, values, length = values?.length ?? names?.length ?? 0) {
	return {
		source,
		names,
		values,
		length,
		next: 0,
		holes: 0,
		before: 0
	};
}
function isDense(items, keys) {
	const { length } = items;
	return keys.length === length && (length === 0 || keys[length - 1] === String(length - 1));
}
function isArguments(value, keys) {
	return (keys.length === 0 || keys[0] === "0") && types.isArgumentsObject(value);
}
function unsendableKind(value) {
	if (types.isPromise(value)) return "a Promise";
	if (types.isWeakMap(value)) return "a WeakMap";
	if (types.isWeakSet(value)) return "a WeakSet";
	if (value instanceof WeakRef) return "a WeakRef";
	if (types.isGeneratorObject(value)) return "a generator";
}
function className$1(instance) {
	try {
		const name = instance.constructor.name;
		if (typeof name === "string" && name !== "") return `an object of the class ${name}`;
	} catch {}
	return "an object of a class that can't be copied";
}
function pointer(path) {
	return path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
const subjects = {
	arguments: "The arguments of the call hold",
	result: "The result of the call holds",
	event: "The event holds",
	state: "The state of the extension holds",
	exports: "The exports of the extension hold",
	configuration: "The configuration of the extension holds"
};
function refusal(names, found, { what, extensionId }, cause) {
	const path = pointer(names);
	return new ExtensionError("CALL_NOT_SERIALIZABLE", `${subjects[what]} what can't be sent: ${path === "" ? "it" : path} is ${found}.`, {
		extensionId,
		details: {
			what,
			path,
			found
		},
		...cause === void 0 ? {} : { cause }
	});
}
function tooLarge({ what, limitBytes, extensionId }) {
	return new ExtensionError("CALL_TOO_LARGE", `${subjects[what]} more than ${String(limitBytes)} bytes.`, {
		extensionId,
		details: {
			what,
			limitBytes
		}
	});
}
// core/src/protocol/exports.ts
function describeExports(exports) {
	const functions = [];
	const values = {};
	for (const [name, value] of Object.entries(exports)) if (typeof value === "function") functions.push(name);
	else values[name] = value;
	return {
		functions,
		values
	};
}
function copyExportedValues(values, extensionId, limitBytes) {
	try {
		return structuredClone(sendable(values, {
			what: "exports",
			limitBytes,
			extensionId
		}));
	} catch (error) {
		if (!isExtensionError(error)) throw error;
		throw new ExtensionError(error.code, `${extensionId}: ${error.message}`, {
			extensionId,
			details: error.details,
			cause: error.cause
		});
	}
}
function reviveExports({ functions, values }, call) {
	const exports = { ...values };
	for (const name of functions) exports[name] = (...args) => call(name, args);
	return exports;
}
function serveExport(exported) {
	if (typeof exported !== "function") return void 0;
	const call = exported;
	return (args) => call(...args);
}
// core/src/protocol/thrown.ts
function encodeThrown(thrown, options) {
	return new Encoder(options).encode(thrown, 0);
}
function decodeThrown(encoded) {
	if (writesMoreThan(encoded, mostEncoded)) return "something thrown that is too large to be told";
	return new Decoder().decode(encoded, 0);
}
const deepest$1 = 8;
const widest = 32;
const mostErrors = 128;
const mostCharacters = 262144;
const mostBytes$1 = 1048576;
const mostFields$1 = 256;
const longestCode = 256;
const mostEncoded = 4194304;
const placedFields = new Set([
	"name",
	"message",
	"stack",
	"code",
	"cause"
]);
var Encoder = class {
	#withStack;
	#errorsLeft = mostErrors;
	#charactersLeft = mostCharacters;
	#bytesLeft = mostBytes$1;
	constructor({ withStack }) {
		this.#withStack = withStack;
	}
	encode(thrown, depth) {
		if (!isError(thrown)) return { value: this.#value(thrown) };
		if (depth > deepest$1 || --this.#errorsLeft < 0) return { value: this.#text(thrownText(thrown)) };
		return { error: isExtensionError(thrown) ? this.#ours(thrown, depth) : this.#foreign(thrown, depth) };
	}
	#ours(error, depth) {
		const extensionId = read(error, "extensionId");
		return {
			...this.#common(error, depth),
			isExtensionError: true,
			...typeof extensionId === "string" ? { extensionId: this.#text(extensionId) } : {},
			...this.#details(read(error, "details"))
		};
	}
	#foreign(error, depth) {
		const common = this.#common(error, depth);
		const own = Object.keys(error).filter((name) => !placedFields.has(name));
		if (!(error instanceof AggregateError)) return {
			...common,
			...this.#details(error, own)
		};
		const rest = own.filter((name) => name !== "errors");
		return {
			...common,
			...this.#details(error, rest),
			errors: this.#errors(read(error, "errors"), depth)
		};
	}
	#common(error, depth) {
		const [name, message, code, cause] = [
			"name",
			"message",
			"code",
			"cause"
		].map((key) => read(error, key));
		const stack = this.#withStack ? read(error, "stack") : void 0;
		return {
			name: this.#text(typeof name === "string" ? name : "Error"),
			message: this.#text(typeof message === "string" ? message : thrownText(error)),
			...isCode(code) ? { code } : {},
			...typeof stack === "string" ? { stack: this.#text(stack) } : {},
			...cause !== void 0 || Object.hasOwn(error, "cause") ? { cause: this.encode(cause, depth + 1) } : {}
		};
	}
	#errors(errors, depth) {
		if (types.isProxy(errors) || !Array.isArray(errors)) return [];
		const encoded = errors.slice(0, widest).map((_, index) => this.encode(read(errors, String(index)), depth + 1));
		const more = errors.length - widest;
		return more > 0 ? [...encoded, { value: `and ${String(more)} more` }] : encoded;
	}
	#details(source, names) {
		if (types.isProxy(source)) return {};
		const details = {};
		for (const name of (names ?? Object.keys(source)).slice(0, mostFields$1)) {
			if (name.length > this.#charactersLeft) break;
			this.#charactersLeft -= name.length;
			const property = Object.getOwnPropertyDescriptor(source, name);
			if (property !== void 0 && "value" in property) put(details, name, this.#value(property.value));
		}
		return Object.keys(details).length === 0 ? {} : { details };
	}
	#value(value) {
		switch (typeof value) {
			case "string": return this.#text(value);
			case "bigint":
			case "function":
			case "symbol": return typeof value === "bigint" && bigintBytes(value) <= longestCode ? value : this.#text(thrownText(value));
			case "object": return value === null ? value : this.#copy(value);
			default: return value;
		}
	}
	#copy(value) {
		let refusal;
		for (let limitBytes = 1024; limitBytes <= this.#bytesLeft; limitBytes *= 4) try {
			const copy = structuredClone(sendable(value, {
				what: "result",
				limitBytes,
				extensionId: ""
			}));
			this.#bytesLeft -= limitBytes;
			return copy;
		} catch (error) {
			refusal = error;
			if (!isExtensionError(error, "CALL_TOO_LARGE")) break;
		}
		const isTooLarge = refusal === void 0 || isExtensionError(refusal, "CALL_TOO_LARGE");
		return this.#text(`(${isTooLarge ? "too large to be sent" : "can't be sent"}) ${thrownText(value)}`);
	}
	#text(text) {
		const kept = text.length > this.#charactersLeft ? `${text.slice(0, this.#charactersLeft)}…` : text;
		this.#charactersLeft = Math.max(0, this.#charactersLeft - kept.length);
		return kept;
	}
};
var Decoder = class {
	#errorsLeft = 256;
	decode(encoded, depth) {
		if (frameFault({
			type: "err",
			session: 0,
			id: 0,
			thrown: encoded
		}) !== void 0) return "something thrown that can't be read";
		const { error, value } = encoded;
		if (error === void 0) return value;
		if (depth > deepest$1 || --this.#errorsLeft < 0) return error.message;
		return error.isExtensionError === true ? this.#ours(error, depth) : this.#foreign(error, depth);
	}
	#ours(encoded, depth) {
		const { code, message, details, extensionId } = encoded;
		const isKnown = typeof code === "string" && Object.hasOwn(errorTable, code);
		const error = new ExtensionError(isKnown ? code : "INTERNAL", message, {
			extensionId,
			details: isKnown ? details : {
				...details,
				code
			},
			...this.#cause(encoded, depth)
		});
		hide(error, "stack", encoded.stack ?? `${error.name}: ${message}`);
		return error;
	}
	#foreign(encoded, depth) {
		const { name, message, code, details = {} } = encoded;
		const error = this.#blank(encoded, depth);
		if (error.name !== name) hide(error, "name", name);
		if (code !== void 0 && error.code !== code) put(error, "code", code);
		for (const [field, value] of Object.entries(details)) if (!placedFields.has(field)) put(error, field, value);
		hide(error, "stack", encoded.stack ?? `${name}: ${message}`);
		return error;
	}
	#blank(encoded, depth) {
		const { name, message, code, errors } = encoded;
		const options = this.#cause(encoded, depth);
		if (errors !== void 0) {
			const decoded = errors.slice(0, 33).map((one) => this.decode(one, depth + 1));
			return new AggregateError(decoded, message, options);
		}
		if (typeof code === "number" && code > 0) {
			const exception = new DOMException(message, name);
			if (exception.code === code) {
				if ("cause" in options) hide(exception, "cause", options.cause);
				return exception;
			}
		}
		return new ((errorClasses.get(name)) ?? Error)(message, options);
	}
	#cause({ cause }, depth) {
		return cause === void 0 ? {} : { cause: this.decode(cause, depth + 1) };
	}
};
function isCode(code) {
	return typeof code === "string" ? code.length <= longestCode : Number.isFinite(code);
}
const errorClasses = new Map([
	TypeError,
	RangeError,
	SyntaxError,
	ReferenceError,
	URIError,
	EvalError
].map((one) => [one.name, one]));
function isError(thrown) {
	try {
		if (types.isProxy(thrown)) return false;
		return types.isNativeError(thrown) || thrown instanceof Error || isExtensionError(thrown);
	} catch {
		return false;
	}
}
function read(source, name) {
	try {
		return source[name];
	} catch {
		return;
	}
}
function put(target, name, value) {
	Object.defineProperty(target, name, {
		value,
		configurable: true,
		enumerable: true,
		writable: true
	});
}
function hide(target, name, value) {
	Object.defineProperty(target, name, {
		value,
		configurable: true,
		enumerable: false,
		writable: true
	});
}
// core/src/protocol/log-record.ts
const largestField = 1048576;
const largestRecord = 4194304;
const mostFields = 256;
function logRecord(message, fields) {
	const kept = {
		...isNativeError(message) && errorField(message),
		...keptFields(fields)
	};
	const text = thrownText(message);
	return Object.keys(kept).length === 0 ? { message: text } : {
		message: text,
		fields: kept
	};
}
function recordingLogger(logger) {
	const log = (level) => (message, given) => {
		const record = logRecord(message, given);
		logger[level](record.message, record.fields);
	};
	return {
		debug: log("debug"),
		info: log("info"),
		warn: log("warn"),
		error: log("error")
	};
}
function keptFields(fields) {
	if (fields === void 0 || fields === null) return {};
	if (isNativeError(fields)) return errorField(fields);
	if (typeof fields !== "object" || Array.isArray(fields)) return { value: keptField({ fields }, "fields") };
	if (types.isProxy(fields)) return { fields: thrownText(fields) };
	const kept = [];
	let left = largestRecord;
	for (const name of Object.keys(fields).slice(0, mostFields)) {
		if (left < 0) break;
		const value = keptField(fields, name);
		left -= name.length + sizeUpTo(value, largestField);
		kept.push([name, value]);
	}
	return Object.fromEntries(kept);
}
function errorField(error) {
	return { error: keptField({ error }, "error") };
}
function keptField(fields, name) {
	try {
		const value = fields[name];
		if (isNativeError(value)) {
			const thrown = encodeThrown(value, { withStack: true });
			return "error" in thrown ? thrown.error : thrown.value;
		}
		const data = sendable(value, {
			what: "arguments",
			limitBytes: largestField,
			extensionId: ""
		});
		return typeof data === "object" ? structuredClone(data) : data;
	} catch {
		return wordsFor(fields, name);
	}
}
function wordsFor(fields, name) {
	try {
		return thrownText(fields[name]);
	} catch (error) {
		return thrownText(error);
	}
}
function isNativeError(value) {
	try {
		return !types.isProxy(value) && (types.isNativeError(value) || value instanceof Error);
	} catch {
		return false;
	}
}
// core/src/protocol/outbox.ts
const portionFrames = 24;
var Outbox = class {
	#channel;
	#refuse;
	#frames = [];
	#transfer = [];
	constructor(channel, refuse) {
		this.#channel = channel;
		this.#refuse = refuse;
	}
	add(frame, transfer) {
		if (this.#frames.length === 0) process.nextTick(this.flush);
		this.#frames.push(frame);
		if (transfer !== void 0) this.#transfer.push(...transfer);
		if (this.#frames.length === portionFrames) this.flush();
	}
	flush = () => {
		if (this.#frames.length === 0) return;
		const frames = this.#frames;
		const transfer = this.#transfer;
		this.#frames = [];
		this.#transfer = [];
		try {
			this.#channel.send(frames, transfer);
		} catch {
			this.#sendEach(frames, transfer);
		}
	};
	#sendEach(frames, transfer) {
		for (const frame of frames) try {
			this.#channel.send([frame], holdsAny(frame, transfer) ? transfer : []);
		} catch (error) {
			this.#refuse(frame, error);
		}
	}
};
function holdsAny(frame, transfer) {
	return transfer.length > 0 && (frame.type === "call" || frame.type === "ok");
}
// core/src/runtime/guest-event.ts
function guestEventFault({ event, args }) {
	if (event !== "file") return void 0;
	const [path, stamp] = args;
	if (!isPath(path)) return "/args/0 has to be the absolute path of a file";
	return isStamp(stamp) ? void 0 : "/args/1 has to be the stamp of a file";
}
function isPath(value) {
	return typeof value === "string" && isAbsolute(value) && value.length <= longestPath && !value.includes("\0");
}
function isStamp(value) {
	if (typeof value !== "object" || value === null) return false;
	const { hash, mtimeMs, ctimeMs, size, ino, target } = value;
	return (hash === void 0 || typeof hash === "string") && (target === void 0 || isPath(target)) && (ino === void 0 || typeof ino === "number") && [
		mtimeMs,
		ctimeMs,
		size
	].every((number) => typeof number === "number");
}
// core/src/protocol/log-allowance.ts
const sessionLogLimits = Object.freeze({
	burstMessages: 1e5,
	messagesPerSecond: 1e4,
	burstBytes: 67108864,
	bytesPerSecond: 8388608
});
var LogAllowance = class {
	#limits;
	#tellDropped;
	#messages;
	#bytes;
	#filledAt = performance.now();
	#dropped = 0;
	#second;
	constructor(limits, tellDropped) {
		this.#limits = limits;
		this.#tellDropped = tellDropped;
		this.#messages = limits.burstMessages;
		this.#bytes = limits.burstBytes;
	}
	get isSpent() {
		return this.#second !== void 0;
	}
	take(bytes) {
		if (this.#second !== void 0 || !this.#hasRoomFor(bytes)) {
			this.drop();
			return false;
		}
		this.#messages -= 1;
		this.#bytes -= bytes;
		return true;
	}
	drop() {
		this.#dropped += 1;
		this.#second ??= setTimeout(() => this.end(), 1e3).unref();
	}
	end() {
		clearTimeout(this.#second);
		this.#second = void 0;
		if (this.#dropped === 0) return;
		const count = this.#dropped;
		this.#dropped = 0;
		this.#tellDropped(`(${count.toLocaleString("en")} more messages were logged and left out)`);
	}
	#hasRoomFor(bytes) {
		if (this.#messages >= 1 && this.#bytes >= bytes) return true;
		const { burstMessages, messagesPerSecond, burstBytes, bytesPerSecond } = this.#limits;
		const now = performance.now();
		const seconds = (now - this.#filledAt) / 1e3;
		this.#filledAt = now;
		this.#messages = Math.min(burstMessages, this.#messages + seconds * messagesPerSecond);
		this.#bytes = Math.min(burstBytes, this.#bytes + seconds * bytesPerSecond);
		return this.#messages >= 1 && this.#bytes >= bytes;
	}
};
// core/src/common/followed-call.ts
function isFollowedCall(context) {
	return "onAbandoned" in context;
}
// core/src/protocol/session-peer.ts
var SessionPeer = class {
	#options;
	#argumentLimits;
	#resultLimits;
	#eventLimits;
	#pending = new Map();
	#served = new Map();
	#lastId = 0;
	#ended;
	constructor(options) {
		this.#options = options;
		const { extensionId, limits } = options;
		this.#argumentLimits = {
			what: "arguments",
			limitBytes: limits.callBytes,
			extensionId
		};
		this.#resultLimits = {
			what: "result",
			limitBytes: limits.callBytes,
			extensionId
		};
		this.#eventLimits = {
			what: "event",
			limitBytes: limits.callBytes,
			extensionId
		};
	}
	get pendingCount() {
		return this.#pending.size;
	}
	call(target, given, context) {
		const { session, outbox } = this.#options;
		if (this.#ended !== void 0) return Promise.reject(this.#ended);
		const followed = context !== void 0 && isFollowedCall(context) ? context : void 0;
		let args;
		try {
			args = sendableArguments(given, this.#argumentLimits, followed?.moved);
		} catch (error) {
			return Promise.reject(error);
		}
		const id = ++this.#lastId;
		const timeoutMs = followed?.timeoutMs;
		return new Promise((resolve, reject) => {
			this.#pending.set(id, {
				resolve,
				reject,
				context: followed
			});
			if (followed !== void 0) followed.onAbandoned = (reason) => {
				this.#cancel(id, reason);
			};
			outbox.add(timeoutMs === void 0 ? {
				type: "call",
				session,
				id,
				target,
				args
			} : {
				type: "call",
				session,
				id,
				target,
				args,
				timeoutMs
			}, followed?.moved);
		});
	}
	callMethod(target, arity, given) {
		if (arity === "variadic") return this.call(target, given);
		const args = Array.from({ length: arity }, (_, index) => given[index]);
		let options;
		try {
			options = callOptionsOf(given[arity]);
		} catch (error) {
			return Promise.reject(error);
		}
		if (options === void 0) return this.call(target, args);
		const { signal, timeoutMs, transfer } = options;
		const limited = new LimitedCall(timeoutMs, transfer);
		if (signal?.aborted === true) return Promise.reject(this.#cancelled(signal));
		const abort = () => limited.onAbandoned?.(this.#cancelled(signal));
		signal?.addEventListener("abort", abort, { once: true });
		return this.call(target, args, limited).finally(() => signal?.removeEventListener("abort", abort));
	}
	emit(event, ...given) {
		if (this.#ended !== void 0) return;
		const { session, outbox } = this.#options;
		try {
			outbox.add({
				type: "emit",
				session,
				event,
				args: sendableArguments(given, this.#eventLimits)
			});
		} catch (error) {
			this.#options.onUnsent(event, error);
		}
	}
	receive(frame) {
		switch (frame.type) {
			case "call":
				this.#serve(frame.id, frame.target, frame.args, frame.timeoutMs);
				return true;
			case "ok":
				this.#take(frame.id)?.resolve(frame.value);
				return true;
			case "err":
				this.#take(frame.id)?.reject(decodeThrown(frame.thrown));
				return true;
			case "cancel":
				this.#served.get(frame.id)?.abort(decodeThrown(frame.reason));
				return true;
			default: return false;
		}
	}
	refuse(frame, error) {
		if (frame.type === "call") this.#take(frame.id)?.reject(error);
		else if (frame.type === "ok") this.#fail(frame.id, error);
		else if (frame.type === "emit") this.#options.onUnsent(frame.event, error);
	}
	end(reason) {
		if (this.#ended !== void 0) return;
		this.#ended = reason;
		const pending = [...this.#pending.values()];
		this.#pending.clear();
		for (const { reject, context } of pending) {
			if (context !== void 0) context.onAbandoned = void 0;
			reject(reason);
		}
		for (const served of this.#served.values()) served.abort(reason);
		this.#served.clear();
	}
	#cancelled(signal) {
		const { extensionId } = this.#options;
		return new ExtensionError("CALL_CANCELLED", `A call of ${extensionId} was cancelled.`, {
			extensionId,
			cause: signal?.reason
		});
	}
	#take(id) {
		const pending = this.#pending.get(id);
		if (pending === void 0) return void 0;
		this.#pending.delete(id);
		if (pending.context !== void 0) pending.context.onAbandoned = void 0;
		return pending;
	}
	#cancel(id, reason) {
		const pending = this.#take(id);
		if (pending === void 0 || this.#ended !== void 0) return;
		const { session, outbox } = this.#options;
		outbox.add({
			type: "cancel",
			session,
			id,
			reason: encodeThrown(reason, { withStack: false })
		});
		pending.reject(reason);
	}
	#serve(id, target, args, timeoutMs) {
		const serve = this.#options.serve(target);
		if (serve === void 0) {
			const { extensionId } = this.#options;
			const message = `There is no ${target} here.`;
			this.#fail(id, new ExtensionError("CALL_UNKNOWN_TARGET", message, {
				extensionId,
				details: { target }
			}));
			return;
		}
		const call = new ServedCall(timeoutMs ?? this.#options.limits.callMs);
		this.#served.set(id, call);
		let result;
		try {
			result = serve(args, call);
			if (!isThenable(result)) {
				this.#answer(id, call, result);
				return;
			}
		} catch (error) {
			this.#fail(id, error);
			return;
		}
		Promise.resolve(result).then((value) => {
			this.#answer(id, call, value);
		}, (error) => {
			this.#fail(id, error);
		});
	}
	#answer(id, call, result) {
		if (!this.#served.delete(id)) return;
		const { session, outbox } = this.#options;
		if (call.isAborted) return;
		let value;
		try {
			value = sendable(result, this.#resultLimits, call.moved);
		} catch (error) {
			this.#fail(id, error);
			return;
		}
		outbox.add(value === void 0 ? {
			type: "ok",
			session,
			id
		} : {
			type: "ok",
			session,
			id,
			value
		}, call.moved);
	}
	#fail(id, thrown) {
		this.#served.delete(id);
		if (this.#ended !== void 0) return;
		const { session, outbox, withStacks, onThrown } = this.#options;
		onThrown?.(thrown);
		outbox.add({
			type: "err",
			session,
			id,
			thrown: encodeThrown(thrown, { withStack: withStacks })
		});
	}
};
var LimitedCall = class {
	timeoutMs;
	moved;
	onAbandoned = void 0;
	signal = new AbortController().signal;
	deadline = Infinity;
	constructor(timeoutMs, moved) {
		this.timeoutMs = timeoutMs;
		this.moved = moved;
	}
	transfer() {}
};
var ServedCall = class {
	#timeoutMs;
	#since;
	moved;
	isAborted = false;
	#reason;
	#controller;
	constructor(timeoutMs) {
		this.#timeoutMs = timeoutMs;
		this.#since = timeoutMs === 0 ? 0 : Date.now();
	}
	get signal() {
		if (this.#controller === void 0) {
			this.#controller = new AbortController();
			if (this.isAborted) this.#controller.abort(this.#reason);
		}
		return this.#controller.signal;
	}
	get deadline() {
		return this.#timeoutMs === 0 ? Infinity : this.#since + this.#timeoutMs;
	}
	transfer(...buffers) {
		(this.moved ??= []).push(...buffers);
	}
	abort(reason) {
		this.isAborted = true;
		this.#reason = reason;
		this.#controller?.abort(reason);
	}
};
// core/src/common/nearest-existing.ts
function nearestExisting(path) {
	return existsSync(path) || path === dirname(path) ? path : nearestExisting(dirname(path));
}
// core/src/runtime/readable-paths.ts
var ReadablePaths = class {
	#folders;
	constructor({ extension, capabilities }, readable = []) {
		if (readable === "everything") this.#folders = readable;
		else {
			const { found: real = extension.path } = lookBehind(extension.path);
			const folders = [
				extension.path,
				real,
				...capabilities.fs.read,
				...readable
			];
			this.#folders = new Set(folders.map(comparable));
		}
	}
	allow(path) {
		if (this.#folders === "everything") return true;
		if (!isWithinAny(this.#folders, path)) return false;
		const existing = nearestExisting(path);
		if (!isWithinAny(this.#folders, existing)) return true;
		const { found: real } = lookBehind(existing);
		return real === void 0 || isWithinAny(this.#folders, real);
	}
};
function isWithinAny(folders, path) {
	for (let each = comparable(path);; each = dirname(each)) {
		if (folders.has(each)) return true;
		if (each === dirname(each)) return false;
	}
}
function comparable(path) {
	const whole = resolve(path);
	return process.platform === "win32" ? whole.toLowerCase() : whole;
}
// core/src/runtime/hello-frame.ts
function helloFrame(start, request, terms) {
	const what = {
		limitBytes: request.limits.callBytes,
		extensionId: start.extension.id
	};
	const configuration = sendable(request.configuration.values(), {
		what: "configuration",
		...what
	});
	const state = sendable(request.state, {
		what: "state",
		...what
	});
	return {
		type: "hello",
		protocol: 1,
		...terms,
		extension: start.extension,
		generation: start.generation,
		main: start.main,
		...start.trusted === void 0 ? {} : { trusted: [...start.trusted].map(([path, sha256]) => ({
			path,
			sha256
		})) },
		runtime: start.runtime,
		contributions: request.contributions,
		services: request.services.map(({ id, methods }) => ({
			id,
			methods
		})),
		undeclaredServices: request.undeclaredServices,
		dependencies: [...request.dependencies].map(([id, dependency]) => {
			const exports = exportsOf(dependency);
			return {
				id,
				kind: dependency.kind,
				...exports === void 0 ? {} : { exports }
			};
		}),
		points: request.points.map(({ id, methods }) => ({
			id,
			methods,
			lines: linesOf(request.collection(id))
		})),
		configuration,
		...state === void 0 ? {} : { state },
		limits: request.limits
	};
}
function exportsOf(dependency) {
	const current = dependency.current();
	return current && describeExports(current);
}
function linesOf(collection) {
	return (collection?.entries() ?? []).map(({ id, extensionId, generation, item }) => ({
		id,
		extensionId,
		generation,
		item
	}));
}
// core/src/runtime/host-targets.ts
const storeMethods = new Set([
	"get",
	"set",
	"delete",
	"keys"
]);
function hostTarget(request, target) {
	const [realm, first = "", second = "", third = ""] = target.split("/");
	switch (realm) {
		case "service": return serviceTarget(request, first, second);
		case "dependency": return serveExport(own$1(request.dependencies.get(first)?.current(), second));
		case "storage":
		case "secrets": {
			const store = request[realm];
			return storeMethods.has(first) ? (args) => store[first]?.(...args) : void 0;
		}
		case "point": return contributionTarget(request, {
			point: first,
			id: second,
			method: third
		});
		default: return;
	}
}
function serviceTarget(request, id, method) {
	const service = request.services.find((each) => each.id === id);
	if (service === void 0 || !Object.hasOwn(service.methods, method)) return void 0;
	const call = service.value[method];
	const arity = service.methods[method];
	return call && ((args) => call(...asMany(args, arity)));
}
function contributionTarget(request, { point, id, method }) {
	const arity = own$1(request.points.find((each) => each.id === point)?.methods, method);
	if (arity === void 0) return void 0;
	const call = (request.collection(point)?.get(id))?.[method];
	if (call === void 0) return void 0;
	if (arity === "variadic") return (args) => call(...args);
	return (args, { signal, deadline }) => call(...asMany(args, arity), {
		signal,
		timeoutMs: millisecondsUntil(deadline)
	});
}
function asMany(args, arity) {
	if (arity === void 0 || arity === "variadic" || args.length === arity) return args;
	return Array.from({ length: arity }, (_, index) => args[index]);
}
function own$1(object, name) {
	return object !== void 0 && Object.hasOwn(object, name) ? object[name] : void 0;
}
// core/src/runtime/channel-session.ts
const believedLogLimits = {
	burstMessages: 2 * sessionLogLimits.burstMessages,
	messagesPerSecond: 2 * sessionLogLimits.messagesPerSecond,
	burstBytes: 2 * sessionLogLimits.burstBytes,
	bytesPerSecond: 2 * sessionLogLimits.bytesPerSecond
};
const longestShownPath = 200;
const mostUnsent = 100;
var ChannelSession = class {
	queuesCalls = true;
	keepsCode = true;
	health;
	exited;
	#options;
	#extensionId;
	#exit;
	#followed = [];
	#handlers = new Map();
	#ready = Promise.withResolvers();
	#gone = Promise.withResolvers();
	#peer;
	#request;
	#supplied;
	#exports = {};
	#leftovers = {};
	#loaded = Promise.withResolvers();
	#isLoaded = false;
	#toldFiles = 0;
	#isOver = false;
	#readable;
	#hasToldForeignFile = false;
	#allowance;
	#unsent = new Set();
	constructor(options) {
		this.#options = options;
		this.#extensionId = options.request.extension.id;
		this.health = options.link.health;
		const { promise, resolve } = Promise.withResolvers();
		this.exited = promise;
		this.#exit = resolve;
		this.#ready.promise.catch(() => void 0);
		this.#gone.promise.catch(() => void 0);
	}
	get number() {
		return this.#options.number;
	}
	get gaps() {
		return this.#options.gaps;
	}
	get isLoaded() {
		return this.#isLoaded;
	}
	get loaded() {
		return this.#loaded.promise;
	}
	get exports() {
		return this.#exports;
	}
	get toldFiles() {
		return this.#toldFiles;
	}
	get outstanding() {
		return this.#peer?.pendingCount ?? 0;
	}
	async activate(request) {
		this.#request = request;
		const { link, environment, reuse, withStacks } = this.#options;
		const peer = new SessionPeer({
			session: this.number,
			extensionId: this.#extensionId,
			outbox: link.outbox,
			limits: request.limits,
			withStacks,
			serve: (target) => this.#request && believed(hostTarget(this.#request, target), this.#request.limits),
			onUnsent: (event, error) => {
				this.#tellUnsent(event, error);
			}
		});
		if (this.#isOver) peer.end(this.#endError());
		this.#peer = peer;
		link.outbox.add(helloFrame(this.#options.request, request, {
			session: this.number,
			environment,
			withStacks,
			...reuse === void 0 ? {} : { reuse }
		}));
		this.#follow(request);
		const done = link.begin();
		try {
			const { supplied, findings, savesState, times } = await this.#ready.promise;
			return {
				supplied,
				findings,
				savesState,
				times
			};
		} finally {
			done();
		}
	}
	handler(point, id, method) {
		const target = `contribution/${point}/${id}/${method}`;
		if (this.#supplied?.has(`${point}/${id}`) === false) return void 0;
		let handler = this.#handlers.get(target);
		if (handler === void 0) {
			handler = (...given) => {
				const context = given.pop();
				return this.#call(target, given, context);
			};
			this.#handlers.set(target, handler);
		}
		return handler;
	}
	async saveState(context) {
		return await this.#call("hook/saveState", [], context);
	}
	async deactivate(context) {
		const { link } = this.#options;
		if (this.#isOver || this.#peer === void 0) return;
		const timeoutMs = millisecondsUntil(context.deadline);
		link.outbox.add({
			type: "bye",
			session: this.number,
			deactivate: true,
			timeoutMs
		});
		const done = link.begin();
		try {
			const { thrown, leftovers } = await this.#gone.promise;
			this.#leftovers = leftovers;
			if (thrown !== void 0) throw decodeThrown(thrown);
		} finally {
			done();
		}
	}
	dispose() {
		if (this.#isOver) return;
		if (this.#peer !== void 0) this.#options.link.outbox.add({
			type: "bye",
			session: this.number,
			deactivate: false,
			timeoutMs: 0
		});
		this.end({
			kind: "disposed",
			message: "The session was disposed."
		});
		this.#options.link.release(this);
	}
	leftovers() {
		return this.#leftovers;
	}
	receive(frame) {
		if (this.#isOver) return;
		if (frame.type === "ready") this.#isReady(frame);
		else if (frame.type === "err" && frame.id === 0) this.#ready.reject(decodeThrown(frame.thrown));
		else if (frame.type === "gone") this.#gone.resolve(frame);
		else if (frame.type === "emit") this.#hear(frame);
		else if (frame.type === "log") this.#log(frame);
		else this.#peer?.receive(frame);
	}
	refuse(frame, error) {
		if (frame.type === "hello") this.#ready.reject(error);
		else this.#peer?.refuse(frame, error);
	}
	end(reason) {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#loaded.resolve();
		this.#allowance?.end();
		for (const followed of this.#followed) followed.dispose();
		this.#handlers.clear();
		this.#exit(reason);
		const error = this.#endError(reason);
		this.#ready.reject(error);
		this.#gone.reject(error);
		this.#peer?.end(error);
		this.#request = void 0;
	}
	#endError(reason) {
		const extensionId = this.#extensionId;
		return reason?.kind === "crashed" ? new ExtensionError("EXTENSION_CRASHED", `${extensionId} crashed: ${reason.message}`, { extensionId }) : new ExtensionError("EXTENSION_GONE", `This generation of ${extensionId} is gone.`, { extensionId });
	}
	#call(target, args, context) {
		if (this.#peer === void 0) return Promise.reject(this.#endError());
		this.#options.link.expectAnswer();
		return this.#peer.call(target, args, context);
	}
	#follow(request) {
		const peer = this.#peer;
		const extensionId = this.#extensionId;
		const limitBytes = request.limits.callBytes;
		this.#followed.push(request.configuration.onDidChange(() => {
			try {
				const values = request.configuration.values();
				peer?.emit("configuration", sendable(values, {
					what: "configuration",
					limitBytes,
					extensionId
				}));
			} catch (error) {
				this.#tellUnsent("configuration", error);
			}
		}));
		for (const [id, dependency] of request.dependencies) {
			if (dependency.kind === "required") continue;
			this.#followed.push(dependency.onDidChange(() => {
				peer?.emit("dependency", id, exportsOf(dependency));
			}));
		}
		for (const { id } of request.points) {
			const collection = request.collection(id);
			if (collection === void 0) continue;
			this.#followed.push(collection.onDidChange(() => {
				peer?.emit("point", id, linesOf(collection));
			}));
		}
		const abort = () => {
			peer?.emit("abort", encodeThrown(request.signal.reason, { withStack: false }));
		};
		if (request.signal.aborted) abort();
		else request.signal.addEventListener("abort", abort, { once: true });
		this.#followed.push({ dispose: () => {
			request.signal.removeEventListener("abort", abort);
		} });
	}
	#tellUnsent(event, error) {
		const message = `${this.#extensionId} could not be told of "${event}": ${thrownText(error)}`;
		if (this.#unsent.has(message) || this.#unsent.size >= mostUnsent) return;
		this.#unsent.add(message);
		this.#options.request.logger.warn(message, { error });
	}
	#log({ level, message, fields }) {
		const { logger } = this.#options.request;
		this.#allowance ??= new LogAllowance(believedLogLimits, (text) => {
			logger.warn(text);
		});
		const text = cutMessage(message);
		const bytes = text.length + (fields === void 0 ? 0 : sizeUpTo(fields, believedLogLimits.burstBytes));
		if (this.#allowance.take(bytes)) logger[level](text, fields);
	}
	#isReady(frame) {
		this.#becomeLoaded();
		this.#supplied = new Set(frame.supplied.map(({ point, id }) => `${point}/${id}`));
		this.#exports = reviveExports(frame.exports, (name, args) => this.#call(`export/${name}`, args));
		this.#ready.resolve(frame);
	}
	#becomeLoaded() {
		this.#isLoaded = true;
		this.#loaded.resolve();
	}
	#takeFile(path, stamp) {
		const { request, link } = this.#options;
		this.#readable ??= new ReadablePaths(request, link.readable);
		if (this.#readable.allow(path)) {
			const target = stamp.hash === void 0 ? void 0 : lookBehind(path).found;
			request.onFile(path, target === void 0 ? stamp : {
				...stamp,
				target
			});
		} else if (!this.#hasToldForeignFile) {
			this.#hasToldForeignFile = true;
			const message = `It says that it used ${path.length > longestShownPath ? `${path.slice(0, longestShownPath)}…` : path}, which it may not read. The file was not looked at.`;
			request.onProblem({
				code: "RUNTIME_FOREIGN_FILE",
				message
			});
		}
	}
	#hear({ event, args }) {
		if (event === "loaded") this.#becomeLoaded();
		else if (event === "file") {
			const [path, stamp] = args;
			this.#toldFiles++;
			this.#takeFile(path, stamp);
		}
	}
};
function believed(target, { callBytes }) {
	if (target === void 0) return void 0;
	return (args, context) => {
		if (!exceeds(args, callBytes)) return target(args, context);
		throw new ExtensionError("CALL_TOO_LARGE", `The arguments of the call hold more than ${String(callBytes)} bytes.`, { details: {
			what: "arguments",
			limitBytes: callBytes
		} });
	};
}
// core/src/runtime/link-health.ts
var LinkHealth = class {
	onDidChange;
	processId;
	#channel;
	#report;
	#changed;
	#unresponsive;
	#since = 0;
	constructor(channel, report) {
		this.#channel = channel;
		this.#report = report;
		this.processId = channel.processId;
		this.#changed = new EventEmitter(report);
		this.onDidChange = this.#changed.event;
	}
	get unresponsive() {
		if (this.#unresponsive === void 0) return void 0;
		return {
			...this.#unresponsive,
			forMs: performance.now() - this.#since
		};
	}
	memory() {
		return this.#channel.memory();
	}
	becomeUnresponsive(forMs) {
		if (this.#unresponsive !== void 0) return;
		this.#since = performance.now() - forMs;
		const mark = {
			forMs,
			place: void 0
		};
		this.#unresponsive = mark;
		this.#changed.fire();
		this.#channel.busyPlace().then((place) => {
			if (place === void 0 || this.#unresponsive !== mark) return;
			this.#unresponsive = {
				forMs,
				place
			};
			this.#changed.fire();
		}, (error) => {
			this.#report(error);
		});
	}
	becomeResponsive() {
		if (this.#unresponsive === void 0) return;
		this.#unresponsive = void 0;
		this.#changed.fire();
	}
};
// core/src/runtime/pulse.ts
var Pulse = class {
	#options;
	#timer;
	#begun = 0;
	#busySince;
	#askedAt;
	#lastTickAt = 0;
	constructor(options) {
		this.#options = options;
	}
	begin() {
		this.#begun++;
		this.start();
		let isDone = false;
		return () => {
			if (!isDone) this.#begun--;
			isDone = true;
		};
	}
	start() {
		if (this.#timer !== void 0) return;
		this.#lastTickAt = performance.now();
		this.#busySince = this.#lastTickAt;
		this.#timer = setInterval(() => {
			this.#tick();
		}, tickMs).unref();
	}
	stop() {
		clearInterval(this.#timer);
		this.#timer = void 0;
		this.#askedAt = void 0;
	}
	heard() {
		if (this.#timer === void 0) return;
		this.#askedAt = void 0;
		this.#busySince = void 0;
		this.#options.health.becomeResponsive();
	}
	#tick() {
		const now = performance.now();
		const wasAsleep = now - this.#lastTickAt > 3 * tickMs;
		this.#lastTickAt = now;
		if (this.#begun === 0 && this.#options.outstanding() === 0) {
			if (this.#options.health.unresponsive === void 0) this.stop();
			return;
		}
		const { pingAfterMs, unresponsiveMs } = this.#options.patience;
		this.#busySince ??= now;
		if (wasAsleep && this.#askedAt !== void 0) this.#askedAt = now;
		if (this.#askedAt === void 0) {
			if (now - this.#busySince < pingAfterMs) return;
			this.#askedAt = now;
			this.#options.ping();
		} else if (now - this.#askedAt >= unresponsiveMs) this.#options.health.becomeUnresponsive(now - this.#askedAt);
	}
};
const tickMs = 250;
// core/src/runtime/channel-link.ts
const mostFiles = 5e4;
var ChannelLink = class {
	outbox;
	health;
	#channel;
	#sessions = new Map();
	#pulse;
	#output;
	#onClose;
	#lastNumber = 0;
	#end;
	constructor(channel, options) {
		this.#channel = channel;
		this.#output = options.output;
		this.#onClose = options.onClose;
		this.health = new LinkHealth(channel, options.report);
		this.outbox = new Outbox(channel, (frame, error) => {
			this.#sessions.get(frame.session)?.refuse(frame, error);
		});
		this.#pulse = new Pulse({
			patience: options.patience,
			outstanding: () => [...this.#sessions.values()].reduce((sum, session) => sum + session.outstanding, 0),
			ping: () => {
				this.outbox.add({
					type: "emit",
					session: 0,
					event: "ping",
					args: []
				});
			},
			health: this.health
		});
		channel.receive((frames) => {
			this.#receive(frames);
		});
		channel.closed.then((reason) => {
			this.#finish(reason);
		});
	}
	get readable() {
		return this.#channel.readable;
	}
	get isOpen() {
		return this.#end === void 0;
	}
	open(options) {
		const session = new ChannelSession({
			...options,
			link: this,
			number: ++this.#lastNumber
		});
		this.#sessions.set(session.number, session);
		this.#output.add(options.request, session.exited);
		if (this.#end !== void 0) session.end(this.#end);
		return session;
	}
	holds(session) {
		return this.#sessions.get(session.number) === session;
	}
	release(session) {
		this.#sessions.delete(session.number);
		if (this.#sessions.size === 0) this.close();
	}
	close() {
		if (this.#end !== void 0) return;
		this.#finish({
			kind: "disposed",
			message: "The channel was closed."
		});
		this.#channel.close();
	}
	fail(what) {
		if (this.#end !== void 0) return;
		this.#finish({
			kind: "crashed",
			message: `It ${what}.`
		});
		this.#channel.close();
	}
	begin() {
		return this.#pulse.begin();
	}
	expectAnswer() {
		this.#pulse.start();
	}
	#receive(frames) {
		if (this.#end !== void 0) return;
		this.#pulse.heard();
		for (const frame of frames) {
			const fault = frameFault(frame) ?? eventFault(frame, this.#sessions);
			if (fault !== void 0) {
				this.fail(`broke the protocol: ${fault}`);
				return;
			}
			this.#sessions.get(frame.session)?.receive(frame);
		}
	}
	#finish(reason) {
		if (this.#end !== void 0) return;
		this.#end = reason;
		this.#pulse.stop();
		const sessions = [...this.#sessions.values()];
		this.#sessions.clear();
		for (const session of sessions) session.end(reason);
		this.#onClose();
	}
};
function eventFault(frame, sessions) {
	if (frame.type !== "emit") return void 0;
	const told = sessions.get(frame.session)?.toldFiles ?? 0;
	if (frame.event === "file" && told >= mostFiles) return `/event says of more than ${mostFiles.toLocaleString("en")} files that they were used`;
	return guestEventFault(frame);
}
// core/src/runtime/shared-output.ts
var SharedOutput = class {
	#requests = new Set();
	#last;
	add(request, exited) {
		this.#requests.add(request);
		exited.then(() => {
			this.#requests.delete(request);
			this.#last = request;
		});
	}
	tell({ stream, text }) {
		const [first = this.#last] = this.#requests;
		if (first === void 0) return;
		const members = new Set([...this.#requests].map(({ extension }) => extension.id));
		const shared = members.size > 1 ? {
			group: first.group,
			members: [...members]
		} : {};
		first.logger[stream === "stdout" ? "info" : "warn"](text, {
			stream,
			...shared
		});
	}
};
// core/src/runtime/channel-runtime.ts
var ChannelRuntime = class {
	kind;
	trust;
	#options;
	#groups = new Map();
	#links = new Set();
	#opening = new Set();
	#open = new Set();
	#controller = new AbortController();
	#preparing;
	#spare;
	#starting = 0;
	#queued = 0;
	#wanted;
	#spareTimer;
	constructor(options) {
		this.kind = options.kind;
		this.trust = options.trust;
		this.#options = options;
	}
	prepare() {
		return this.#preparing ??= this.#options.driver.prepare?.() ?? Promise.resolve();
	}
	place() {
		const place = this.#options.places?.take();
		if (place?.turn === void 0) return place;
		this.#queued++;
		let isQueued = true;
		const leaveQueue = () => {
			if (isQueued) this.#queued--;
			isQueued = false;
		};
		place.turn.then(leaveQueue);
		return {
			turn: place.turn,
			leave: () => {
				leaveQueue();
				place.leave();
			},
			leaveOnceLoaded: (session) => {
				place.leaveOnceLoaded(session);
			}
		};
	}
	async start(request, { signal }) {
		const { withStacks, driver } = this.#options;
		const environment = this.#options.environment(request);
		const parts = {
			request,
			environment,
			withStacks,
			gaps: await driver.gaps?.({
				...request,
				environment
			}) ?? []
		};
		const reused = request.reuse instanceof ChannelSession ? request.reuse : void 0;
		const sharing = reused && [...this.#links].find((open) => open.holds(reused));
		if (sharing !== void 0) return sharing.open({
			...parts,
			reuse: reused?.number
		});
		if (reused !== void 0) {
			const { id } = request.extension;
			throw new ExtensionError("RUNTIME_START_FAILED", `The code of ${id} has gone with what ran it.`, { extensionId: id });
		}
		this.#starting++;
		try {
			let link = await this.#linkFor(request, environment, signal);
			if (!link.isOpen && request.group !== void 0) link = await this.#linkFor(request, environment, signal);
			const session = link.open({
				...parts,
				reuse: void 0
			});
			session.loaded.then(() => {
				this.#started();
			});
			return session;
		} catch (error) {
			this.#started();
			throw error;
		}
	}
	async dispose() {
		this.#controller.abort(new ExtensionError("HOST_STOPPED", "The host has been stopped."));
		this.#wanted = void 0;
		clearTimeout(this.#spareTimer);
		this.#discardSpare();
		for (const link of [...this.#links]) link.close();
		await Promise.allSettled([...this.#opening, this.#preparing]);
		await Promise.all([...this.#open].map(({ closed }) => closed));
	}
	#linkFor(request, environment, signal) {
		if (request.group === void 0) return this.#connect(request, environment, signal);
		const key = JSON.stringify([
			request.group,
			request.capabilities,
			environment,
			dirname(request.extension.path)
		]);
		const known = this.#groups.get(key);
		if (known !== void 0) return known;
		const forget = () => {
			if (this.#groups.get(key) === connecting) this.#groups.delete(key);
		};
		const connecting = this.#connect(request, environment, this.#controller.signal, forget);
		this.#groups.set(key, connecting);
		connecting.catch(forget);
		return connecting;
	}
	async #connect(request, environment, signal, onClose) {
		const { channel, output } = await this.#channelFor(request, environment, signal);
		if (signal.aborted || this.#controller.signal.aborted) {
			channel.close();
			throw signal.aborted ? signal.reason : this.#controller.signal.reason;
		}
		const link = new ChannelLink(channel, {
			output,
			patience: this.#options.patience,
			report: this.#options.report,
			onClose: () => {
				this.#links.delete(link);
				onClose?.();
			}
		});
		this.#links.add(link);
		return link;
	}
	async #channelFor(request, environment, signal) {
		const { driver, spareAfterMs } = this.#options;
		const open = (within) => this.#connectDriver({
			...request,
			environment
		}, within);
		const key = driver.spareKey?.({
			...request,
			environment
		});
		if (spareAfterMs === void 0 || key === void 0) return open(signal);
		this.#wanted = {
			key,
			open: () => open(this.#controller.signal)
		};
		const spare = this.#spare?.key === key ? this.#spare : void 0;
		if (spare !== void 0) this.#spare = void 0;
		const [ahead, check] = await Promise.all([spare?.opened.catch(() => void 0), spare && settled(driver.checkSpare?.({
			...request,
			environment
		}, { signal }))]);
		if (ahead === void 0) return open(signal);
		if (check?.status === "rejected") {
			ahead.channel.close();
			throw check.reason;
		}
		return this.#open.has(ahead.channel) ? ahead : open(signal);
	}
	#started() {
		this.#starting--;
		if (this.#wanted === void 0) return;
		clearTimeout(this.#spareTimer);
		this.#spareTimer = setTimeout(() => {
			this.#openSpare();
		}, this.#options.spareAfterMs).unref();
	}
	#openSpare() {
		const wanted = this.#wanted;
		if (this.#starting + this.#queued > 0 || wanted === void 0 || this.#controller.signal.aborted) return;
		this.#wanted = void 0;
		if (this.#spare?.key === wanted.key) return;
		this.#discardSpare();
		const opened = wanted.open();
		opened.catch(() => void 0);
		this.#spare = {
			key: wanted.key,
			opened
		};
	}
	#connectDriver(request, signal) {
		const opening = this.#openChannel(request, signal);
		this.#opening.add(opening);
		const forget = () => {
			this.#opening.delete(opening);
		};
		opening.then(forget, forget);
		return opening;
	}
	async #openChannel({ extension, runtime, group, capabilities, environment }, signal) {
		const output = new SharedOutput();
		const onOutput = (line) => {
			output.tell(line);
		};
		const channel = await this.#options.driver.connect({
			extension,
			runtime,
			group,
			capabilities,
			environment,
			onOutput
		}, { signal });
		this.#open.add(channel);
		channel.closed.then(() => this.#open.delete(channel));
		return {
			channel,
			output
		};
	}
	#discardSpare() {
		const spare = this.#spare;
		this.#spare = void 0;
		spare?.opened.then(({ channel }) => {
			channel.close();
		}, () => void 0);
	}
};
async function settled(promise) {
	const [outcome] = await Promise.allSettled([promise]);
	return outcome;
}
// core/src/common/mebibytes-text.ts
function mebibytesText(bytes) {
	return `${Math.round(bytes / 2 ** 20).toLocaleString("en")} MB`;
}
// core/src/runtime/memory-watch.ts
const intervalMs = 200;
var MemoryWatch = class {
	#limitBytes;
	#channels = new Set();
	#asked = new Set();
	#timer;
	constructor(limitBytes) {
		this.#limitBytes = limitBytes;
	}
	add(channel) {
		this.#channels.add(channel);
		this.#timer ??= setInterval(() => {
			for (const watched of this.#channels) this.#look(watched);
		}, intervalMs).unref();
		channel.closed.then(() => {
			this.#channels.delete(channel);
			if (this.#channels.size > 0) return;
			clearInterval(this.#timer);
			this.#timer = void 0;
		});
	}
	async #look(channel) {
		if (this.#asked.has(channel)) return;
		this.#asked.add(channel);
		const bytes = await channel.memory();
		this.#asked.delete(channel);
		if (bytes === void 0 || bytes <= this.#limitBytes) return;
		channel.fail(`was ended because it took ${mebibytesText(bytes)} of memory; its limit is ${mebibytesText(this.#limitBytes)}`);
	}
};
// core/src/runtime/open-session.ts
function openSession(request, channel, { patience, environment, withStacks, report }, memoryWatch) {
	const link = new ChannelLink(channel, {
		output: new SharedOutput(),
		patience,
		report,
		onClose: () => void 0
	});
	memoryWatch.add({
		closed: channel.closed,
		memory: () => channel.memory(),
		fail: (what) => {
			link.fail(what);
		}
	});
	return link.open({
		request,
		environment: environment(request),
		withStacks,
		gaps: [],
		reuse: void 0
	});
}
// core/src/host/face/application-functions.ts
const noProblems$1 = Object.freeze([]);
var ApplicationFunctions = class {
	#report;
	#faults = new WeakMap();
	constructor(report) {
		this.#report = report;
	}
	ask(option, description, question) {
		try {
			const value = question();
			this.#faults.get(description)?.delete(option);
			return { value };
		} catch (error) {
			const fault = this.#faultOf(option, description, error);
			const faults = this.#faults.get(description) ?? new Map();
			if (faults.get(option)?.message !== fault.message) this.#report(error);
			this.#faults.set(description, faults.set(option, fault));
			return { fault };
		}
	}
	problems(description) {
		const faults = this.#faults.get(description);
		if (faults === void 0) return noProblems$1;
		return [...faults.values()].map(({ code, message }) => ({
			code,
			severity: "error",
			file: description.folder,
			message,
			extensionId: description.id
		}));
	}
	#faultOf(option, { id }, error) {
		const message = `The application's ${option} failed for ${id}: ${thrownText(error)}`;
		return new ExtensionError("CONFIG_FUNCTION_FAILED", message, {
			extensionId: id,
			details: { option },
			cause: error
		});
	}
};
// core/src/host/runtimes/granted-capabilities.ts
const switches = [
	"childProcess",
	"workers",
	"addons",
	"wasi"
];
function grantedCapabilities({ folder, manifest }, grants = {}, stateFolder) {
	const asked = manifest.capabilities ?? {};
	const isOn = (name) => asked[name] === true && grants[name] === true;
	const read = meetAll(pathsIn(folder, asked.fs?.read), pathsIn(folder, grants.fs?.read), meetOfPaths);
	const write = meetAll(pathsIn(folder, asked.fs?.write), pathsIn(folder, grants.fs?.write), meetOfPaths);
	const isOpen = (path) => !isHostsOwn(path, stateFolder);
	return {
		fs: {
			read: listed$1(read).filter((path) => !isWithin(folder, path) && isOpen(path)),
			write: listed$1(write).filter(isOpen)
		},
		net: meetAll(addressesIn(asked.net), addressesIn(grants.net), meetOfAddresses),
		env: meetAll(asked.env, grants.env, meetOfNames),
		childProcess: isOn("childProcess"),
		workers: isOn("workers"),
		addons: isOn("addons"),
		wasi: isOn("wasi")
	};
}
function grantedServices(description, { services } = {}) {
	const asked = outlineOf(description).services ?? [];
	return new Set(services === void 0 ? asked : asked.filter((id) => services.includes(id)));
}
function* ungrantedCapabilities(description, grants = {}, stateFolder) {
	const { folder } = description;
	const asked = outlineOf(description).capabilities ?? {};
	for (const access of ["read", "write"]) {
		const granted = pathsIn(folder, grants.fs?.[access]);
		if (access === "read") granted.push(folder);
		yield* missing(`fs.${access}`, asked.fs?.[access], (path) => {
			const [place] = pathsIn(folder, [path]);
			if (place === void 0) return {
				isGranted: false,
				fault: "patterns are not paths"
			};
			if (isHostsOwn(place, stateFolder)) return {
				isGranted: false,
				fault: "the host keeps its state there"
			};
			return { isGranted: granted.some((other) => isWithin(other, place)) };
		});
	}
	yield* missing("net", asked.net, (text) => {
		const address = addressOf(text);
		const granted = addressesIn(grants.net);
		return {
			isGranted: address !== void 0 && (granted === true || listed$1(granted).some((other) => meetOfAddresses(address, other) === address)),
			fault: address === void 0 ? "it is neither host:port nor host:*" : void 0
		};
	}, grants.net);
	yield* missing("env", asked.env, (name) => ({ isGranted: isListed(grants.env, name) }), grants.env);
	for (const name of switches) {
		if (asked[name] !== true || grants[name] === true) continue;
		yield {
			pointer: `/capabilities/${name}`,
			name,
			fault: void 0,
			grant: grantText(name, "true")
		};
	}
}
function* ungrantedServices(description, grants = {}) {
	const granted = grantedServices(description, grants);
	for (const [index, id] of (outlineOf(description).services ?? []).entries()) {
		if (granted.has(id)) continue;
		const text = JSON.stringify(id);
		yield {
			pointer: childPointer("/services", index),
			name: `the service ${text}`,
			fault: void 0,
			grant: grantText("services", `[${[...granted, id].map((one) => JSON.stringify(one)).join(", ")}]`)
		};
	}
}
function* ungrantedGroup(description, grants = {}) {
	const { group } = outlineOf(description);
	if (group === void 0 || group === grants.group) return;
	const text = JSON.stringify(group);
	yield {
		pointer: "/group",
		name: `the group ${text}`,
		fault: void 0,
		grant: grantText("group", text)
	};
}
function* missing(key, asked, judge, granted) {
	const pointer = `/capabilities/${key.replace(".", "/")}`;
	if (asked === true && granted !== true) yield {
		pointer,
		name: `all of ${key}`,
		fault: void 0,
		grant: grantText(key, "true")
	};
	for (const [index, text] of listed$1(asked).entries()) {
		const { isGranted, fault } = judge(text);
		if (isGranted) continue;
		const quoted = JSON.stringify(text);
		yield {
			pointer: childPointer(pointer, index),
			name: `${key} ${quoted}`,
			fault,
			grant: grantText(key, `[${quoted}]`)
		};
	}
}
function grantText(key, value) {
	const [outer, inner] = key.split(".");
	return inner === void 0 ? `{ ${key}: ${value} }` : `{ ${outer ?? key}: { ${inner}: ${value} } }`;
}
function listed$1(some) {
	return typeof some === "object" ? some : [];
}
function isListed(some, text) {
	return some === true || listed$1(some).includes(text);
}
function meetAll(asked, granted, meet) {
	if (asked === true) return granted === true ? true : listed$1(granted);
	if (granted === true) return listed$1(asked);
	return [...new Set(listed$1(asked).flatMap((one) => listed$1(granted).flatMap((other) => meet(one, other) ?? [])))];
}
function meetOfPaths(one, other) {
	if (isWithin(other, one)) return one;
	return isWithin(one, other) ? other : void 0;
}
function isHostsOwn(path, stateFolder) {
	return stateFolder !== void 0 && (isWithin(path, stateFolder) || isWithin(stateFolder, path));
}
function meetOfNames(one, other) {
	return one === other ? one : void 0;
}
function meetOfAddresses(one, other) {
	if (one === other || anyPort(one) === other) return one;
	return anyPort(other) === one ? other : void 0;
}
function pathsIn(folder, paths) {
	return (paths ?? []).map((path) => resolve(folder, path)).filter((path) => !/[*\0]/.test(path));
}
function addressesIn(some) {
	return typeof some === "object" ? some.flatMap((text) => addressOf(text) ?? []) : some;
}
function addressOf(text) {
	const [, port] = /^(?:\[[^\]]+\]|[^\s:*]+):(\*|\d{1,5})$/.exec(text) ?? [];
	if (port === void 0 || port !== "*" && Number(port) > 65535) return void 0;
	return text.toLowerCase();
}
function anyPort(address) {
	return address.replace(/:[^:]*$/, ":*");
}
// core/src/host/face/placed-problems.ts
var PlacedProblems = class {
	#make;
	#known = new WeakMap();
	constructor(make) {
		this.#make = make;
	}
	at(description, pointer, finding, what = "value") {
		return this.keep(description, pointer, finding, () => this.#make(description, pointer, what, finding));
	}
	keep(description, key, finding, make) {
		let byPlace = this.#known.get(description);
		if (byPlace === void 0) this.#known.set(description, byPlace = new Map());
		const known = byPlace.get(key);
		if (known?.message === finding.message && known.severity === finding.severity) return known;
		const problem = make();
		byPlace.set(key, problem);
		return problem;
	}
};
// core/src/host/runtimes/capability-policy.ts
const noProblems = Object.freeze([]);
var CapabilityPolicy = class {
	#options;
	#problems;
	constructor(options) {
		this.#options = options;
		this.#problems = new PlacedProblems(options.problem);
	}
	capabilities(description) {
		return grantedCapabilities(description, this.#grants(description), this.#options.stateFolder);
	}
	services(description) {
		return grantedServices(description, this.#grants(description));
	}
	group(description) {
		const { group } = outlineOf(description);
		return this.#isBoundary(description) && this.#grants(description)?.group !== group ? void 0 : group;
	}
	problems(description) {
		const { capabilities, services, group } = outlineOf(description);
		const exposed = this.#exposedState(description);
		if (capabilities === void 0 && services === void 0 && group === void 0) return exposed === void 0 ? noProblems : [exposed];
		const grants = this.#grants(description);
		const ungranted = [
			...this.#options.runtimeKind(description) === "in-process" ? [] : ungrantedCapabilities(description, grants, this.#options.stateFolder),
			...ungrantedServices(description, grants),
			...this.#isBoundary(description) ? ungrantedGroup(description, grants) : []
		].map((one) => this.#problem(description, one));
		return exposed === void 0 ? ungranted : [exposed, ...ungranted];
	}
	#exposedState(description) {
		const { stateFolder } = this.#options;
		if (stateFolder?.startsWith(dirname(description.folder) + sep) !== true || !this.#isBoundary(description)) return void 0;
		if (this.group(description) === void 0 && !stateFolder.startsWith(description.folder + sep)) return void 0;
		return this.#problems.at(description, "", {
			code: "STATE_EXPOSED",
			severity: "warning",
			message: `The host keeps its state in ${stateFolder}, where ${description.id} can read it.`
		});
	}
	#isBoundary(description) {
		return this.#options.trust(this.#options.runtimeKind(description)) !== "full rights";
	}
	#problem(description, { pointer, name, fault, grant }) {
		const { id } = description;
		const message = fault === void 0 ? `${id} declares ${name}, which is not granted. To grant it, add to the configuration: grants: { ${JSON.stringify(id)}: ${grant} }` : `${id} declares ${name}, which can't be granted: ${fault}.`;
		return this.#problems.at(description, pointer, {
			code: "CAPABILITY_UNGRANTED",
			severity: "warning",
			message
		});
	}
	#grants(description) {
		const { grants } = this.#options;
		if (typeof grants !== "function") return grants !== void 0 && Object.hasOwn(grants, description.id) ? grants[description.id] : void 0;
		const answer = this.#options.functions.ask("grants", description, () => grants(description));
		return "value" in answer ? answer.value : { services: [] };
	}
};
// core/src/host/state/config-places.ts
var ConfigPlaces = class {
	#file;
	#text;
	constructor(file) {
		this.#file = file;
	}
	at(pointer, what) {
		if (this.#file === void 0) return void 0;
		this.#text ??= placedText(this.#file);
		const { place, lines } = this.#text;
		return {
			file: this.#file,
			...place === void 0 ? {} : lines.at(offsetOf(place, pointer, what)),
			path: pointer
		};
	}
};
function placedText(file) {
	try {
		const text = readRegularFile(file, Infinity);
		return {
			place: readJson5(text, { places: true }).place,
			lines: new TextLines(text)
		};
	} catch {
		return {
			place: void 0,
			lines: new TextLines("")
		};
	}
}
// core/src/host/report/declaration-checks.ts
const none$4 = Object.freeze([]);
const startEvents = ["onStartup", "onStartupFinished"];
const sampleId = "sample";
const mostSuggestions = 10;
var DeclarationChecks = class {
	#options;
	#problems;
	#ownIds = new WeakMap();
	constructor(options) {
		this.#options = options;
		this.#problems = new PlacedProblems(options.problem);
	}
	problems(description) {
		const { main, activationEvents, services } = outlineOf(description);
		const problems = main === void 0 ? [...this.#withoutCode(description)] : [];
		if (activationEvents?.every((event) => startEvents.includes(canonicalActivationEvent(event))) === false) problems.push(...this.#unfiredEvents(description, activationEvents ?? []));
		if (services !== void 0) problems.push(...this.#unknownServices(description, services));
		return problems.length === 0 ? none$4 : problems;
	}
	#withoutCode(description) {
		const { contributes } = outlineOf(description);
		if (contributes === void 0) return none$4;
		if (description.problems.some(({ suggestion }) => suggestion === "main")) return none$4;
		const called = this.#calledSections(contributes);
		const [first] = called;
		if (first === void 0 || this.#options.runsWithoutMain(description)) return none$4;
		const finding = {
			code: "MANIFEST_MAIN_MISSING",
			severity: "error",
			message: `${description.id} contributes ${listed(called)} and has no "main", so no code can supply them.`
		};
		return [this.#problems.at(description, childPointer("/contributes", first), finding, "key")];
	}
	#calledSections(sections) {
		return Object.keys(sections).filter((section) => {
			const items = sections[section];
			const methods = this.#options.registry.point(section)?.methods;
			return Array.isArray(items) && items.length > 0 && methods !== void 0 && Object.keys(methods).length > 0;
		});
	}
	#unfiredEvents(description, events) {
		const problems = [];
		const implied = this.#impliedEvents();
		for (const [index, event] of events.entries()) {
			if (problems.length === 100) break;
			const isNamed = problems.length < mostSuggestions;
			const finding = this.#faultOfEvent(description, canonicalActivationEvent(event), {
				implied,
				isNamed
			});
			if (finding === void 0) continue;
			problems.push(this.#problems.at(description, childPointer("/activationEvents", index), finding));
		}
		return problems;
	}
	#unknownServices(description, services) {
		const { offered } = this.#options;
		return services.map((id, index) => ({
			id,
			index
		})).filter(({ id }) => !offered.has(id)).slice(0, 100).map(({ id, index }, position) => {
			const suggestion = position < mostSuggestions ? nearest(id, offered) : void 0;
			return this.#problems.at(description, childPointer("/services", index), {
				code: "SERVICE_UNKNOWN",
				severity: suggestion === void 0 ? "info" : "warning",
				message: `${description.id} lists the host service "${id}", which this application does not offer.`,
				suggestion
			});
		});
	}
	#faultOfEvent(description, event, { implied, isNamed }) {
		if (startEvents.includes(event)) return void 0;
		const { name, argument } = parseActivationEvent(event);
		const point = implied.get(name);
		if (point !== void 0 && argument !== void 0) {
			const { pointId, isById } = point;
			if (argument === "*" || !isById || this.#contributes(description, pointId, argument)) return void 0;
		}
		if (this.#options.wasFired(event)) return void 0;
		const unlessFired = "unless the application does";
		if (point === void 0) {
			const near = startEvents.includes(name) ? name : isNamed ? nearest(name, [...startEvents, ...implied.keys()]) : void 0;
			if (near !== void 0) return unheard(`Nothing here fires "${event}", ${unlessFired}.`, respelt(near, argument, implied));
			return unheard(`Nothing here fires "${event}", ${unlessFired}; known are ${listed([...startEvents, ...[...implied.keys()].map((one) => `${one}:<id>`)])}.`);
		}
		if (argument === void 0) return unheard(`Nothing here fires "${event}" without an id after a colon, ${unlessFired}.`, `${name}:*`);
		const near = nearest(argument, (isNamed ? this.#options.registry.collection(point.pointId)?.entries() ?? [] : []).map(({ id }) => id));
		return unheard(`Nobody contributes "${argument}" to ${point.pointId}, so nothing here fires "${event}", ${unlessFired}.`, near === void 0 ? void 0 : `${name}:${near}`);
	}
	#contributes(description, pointId, id) {
		if (this.#options.registry.find(pointId, id) !== void 0) return true;
		let own = this.#ownIds.get(description);
		if (own === void 0) this.#ownIds.set(description, own = new Map());
		let ids = own.get(pointId);
		if (ids === void 0) own.set(pointId, ids = idsOf(description, pointId));
		return ids.has(id);
	}
	#impliedEvents() {
		const { registry } = this.#options;
		const implied = new Map();
		for (const pointId of registry.points) {
			const event = sampleEvent(registry.point(pointId)?.activationEvent);
			if (event === void 0) continue;
			const { name, argument } = parseActivationEvent(event);
			if (argument !== void 0) implied.set(name, {
				pointId,
				isById: argument === sampleId
			});
		}
		return implied;
	}
};
function idsOf(description, pointId) {
	const items = outlineOf(description).contributes?.[pointId];
	if (!Array.isArray(items)) return new Set();
	return new Set(items.map((item) => item?.id));
}
function sampleEvent(activationEvent) {
	try {
		const event = activationEvent?.({ id: sampleId });
		return typeof event === "string" ? event : void 0;
	} catch {
		return;
	}
}
function unheard(message, suggestion) {
	return {
		code: "ACTIVATION_EVENT_UNKNOWN",
		severity: suggestion === void 0 ? "info" : "warning",
		message,
		suggestion
	};
}
function respelt(name, argument, implied) {
	return implied.has(name) ? `${name}:${argument ?? "*"}` : name;
}
function listed(words) {
	return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${String(words.at(-1))}`;
}
// core/src/host/report/explanation-text.ts
function explanationText(subject, parts, info, memoryBytes) {
	const { extension } = parts;
	if (extension === void 0) return eventText(subject, parts, info);
	const { version, state, generation } = extension;
	const number = isUnread(extension) ? "" : `, generation ${String(generation)}`;
	return [`${version === void 0 ? subject : `${subject} ${version}`} is ${state}${number}`, ...[
		...runningLines(extension, parts, memoryBytes),
		...relationLines(extension, parts),
		...storyLines(extension, parts)
	].map(([label, line]) => `  ${label.padEnd(14)}${line}`)].join("\n");
}
function isUnread({ generation }) {
	return generation === 0;
}
function* runningLines(extension, { capabilities, activationEvents }, memoryBytes) {
	const { reason, state } = extension;
	yield ["folder", extension.folder];
	const { signature } = extension;
	if (signature !== void 0) yield ["signature", `${signature.state}: ${signature.message}`];
	if (isUnread(extension)) {
		if (reason !== void 0) yield ["because", `${reason.code}: ${reason.message}`];
		return;
	}
	yield ["runtime", `${extension.runtime} (${trustText(extension)})`];
	if (capabilities !== void 0) yield ["may reach", capabilitiesText(capabilities)];
	if (extension.processId !== void 0) yield ["process", String(extension.processId)];
	if (memoryBytes !== void 0) yield ["memory", `${(memoryBytes / 2 ** 20).toFixed(1)} MB`];
	if (reason !== void 0) yield ["because", `${reason.code}: ${reason.message}`];
	else if (state === "active") yield ["because", `${extension.activatedBy ?? "it"} asked for it`];
	else if (extension.waitingMs !== void 0) yield ["because", `it waits for its turn to start, for ${secondsText(extension.waitingMs)} so far`];
	else if (state === "ready") yield ["because", "nothing has called it yet, and none of its events has happened"];
	if (extension.times?.wait !== void 0) yield ["waited", `${secondsText(extension.times.wait)} for its turn to start`];
	yield ["activated by", activationEvents.join(", ") || "calls and dependents only"];
}
function* relationLines(extension, { dependencies, neededBy, stops }) {
	for (const { id, range, optional, state, version } of dependencies) {
		const found = state === void 0 ? "not there" : `${version ?? ""} ${state}`;
		yield ["depends on", `${id} ${range}${optional ? " (optional)" : ""}: ${found}`];
	}
	for (const [point, ids] of Object.entries(extension.contributes)) yield ["contributes", `${point}: ${ids.join(", ")}`];
	if (neededBy.length > 0) yield ["needed by", neededBy.join(", ")];
	if (isUnread(extension)) return;
	if (stops.length > 0) yield ["stops with it", stops.join(", ")];
}
function* storyLines({ candidate, restart, problems }, { history }) {
	if (candidate !== void 0) {
		const { generation, state, reason } = candidate;
		const why = reason === void 0 ? "" : `, ${reason.code}: ${reason.message}`;
		yield ["candidate", `generation ${String(generation)} is ${state}${why}`];
	}
	if (restart !== void 0) yield ["restart", `due ${timeText(restart.at)}`];
	for (const incident of history) yield [incident.kind, `${timeText(incident.time)} ${incidentText(incident)}`];
	for (const { severity, code, message } of problems) yield [severity, `${code} ${message}`];
}
function trustText({ runtime, trust }) {
	if (trust === void 0) return "nobody brings it";
	if (trust !== "full rights") return "held to its grants";
	return runtime === "worker" ? "contains crashes only; trusted: full rights" : "trusted: full rights";
}
function capabilitiesText(capabilities) {
	const { fs, net, env } = capabilities;
	const some = (label, list) => list === true ? [`${label} all`] : list.length > 0 ? [`${label} ${list.join(", ")}`] : [];
	const switches = [
		"childProcess",
		"workers",
		"addons",
		"wasi"
	];
	return [
		...some("read", fs.read),
		...some("write", fs.write),
		...some("net", net),
		...some("env", env),
		...switches.filter((name) => capabilities[name])
	].join("; ") || "its own folder only";
}
function timeText(time) {
	return new Date(time).toISOString();
}
function incidentText({ kind, generation, message, place, forMs, outcome }) {
	const what = message.endsWith(".") ? message.slice(0, -1) : message;
	const where = place === void 0 || what.includes(place.file) ? "" : `, ${busyText(place)}`;
	const howLong = kind === "crashed" || forMs === void 0 ? "" : ` for ${secondsText(forMs)}`;
	return `generation ${String(generation)}: ${what}${where}${howLong}; ${outcomeText(outcome)}`;
}
function outcomeText(outcome) {
	switch (outcome.kind) {
		case "restarting": return `restarting after ${secondsText(outcome.delayMs)}`;
		case "restarted": return `restarted as generation ${String(outcome.generation)} after ${secondsText(outcome.delayMs)}`;
		case "stopped": return "stopped: too often";
		case "replaced": return `replaced by generation ${String(outcome.generation)}`;
		case "discarded": return "the generation before it went on";
		case "ongoing": return "not yet over";
		case "recovered": return "answered again";
		case "ended": return "ended";
	}
}
function secondsText(milliseconds) {
	return milliseconds < 100 ? `${milliseconds.toFixed(0)} ms` : `${String(Math.round(milliseconds / 100) / 10)} s`;
}
function eventText(subject, parts, info) {
	if (parts.activates.length === 0) return `No extension has the id "${subject}", and none waits for an event of that name.`;
	return [`${subject} activates`, ...parts.activates.map((id) => {
		const extension = info(id);
		const reason = extension?.reason === void 0 ? "" : ` (${extension.reason.code}: ${extension.reason.message})`;
		return `  ${id}, which is ${extension?.state ?? "gone"}${reason}`;
	})].join("\n");
}
// core/src/host/report/explain.ts
function explain(subject, lifecycle, info, capabilities) {
	const extension = lifecycle.get(subject);
	const parts = extension === void 0 ? explainOther(subject, lifecycle, info(subject)) : explainExtension(extension, lifecycle, info, capabilities);
	return {
		subject,
		...parts,
		format: (measured) => explanationText(subject, parts, info, measured?.memoryBytes)
	};
}
function explainOther(subject, lifecycle, listed) {
	return {
		...listed === void 0 ? {} : { extension: listed },
		activationEvents: [],
		dependencies: [],
		neededBy: listed?.id === void 0 ? [] : lifecycle.dependents(listed.id),
		stops: [],
		activates: [...lifecycle.events.listeners(canonicalActivationEvent(subject))],
		history: []
	};
}
function explainExtension(extension, lifecycle, info, capabilities) {
	const { description } = extension.serving;
	const { manifest } = description;
	const dependency = ([id, range]) => {
		const provider = lifecycle.get(id)?.serving;
		return {
			id,
			range,
			...provider === void 0 ? {} : {
				state: provider.state,
				version: provider.description.version
			}
		};
	};
	const described = info(extension.id);
	return {
		...described === void 0 ? {} : { extension: described },
		...described?.trust === void 0 || described.trust === "full rights" ? {} : { capabilities: capabilities(description) },
		activationEvents: lifecycle.events.of(extension.id),
		dependencies: [...[...dependencyRanges(manifest)].map((one) => ({
			...dependency(one),
			optional: false
		})), ...[...optionalDependencyRanges(manifest)].map((one) => ({
			...dependency(one),
			optional: true
		}))],
		neededBy: lifecycle.dependents(extension.id),
		stops: lifecycle.runningDependents(extension.id),
		activates: [],
		history: extension.supervision?.history.incidents.map(withTimeSoFar) ?? []
	};
}
function withTimeSoFar(incident) {
	return incident.outcome.kind === "ongoing" ? {
		...incident,
		forMs: Date.now() - incident.time
	} : incident;
}
// core/src/host/report/problem-of.ts
const wishes = new Set([
	"DISABLED",
	"INCOMPLETE",
	"UNTRUSTED"
]);
function problemOf(reason, extensionId, folder) {
	if (reason === void 0 || wishes.has(reason.code)) return void 0;
	const { cause } = reason;
	if (!isExtensionError(cause)) return void 0;
	const { problem } = cause.details;
	if (isProblem(problem)) return problem;
	const { file, line, column, key } = typeof cause.details.file === "string" ? cause.details : {
		...cause.details,
		...placeOfThrow(folder, cause)
	};
	const message = withoutPlace(withoutStack(reason.message), file);
	const code = reason.code in errorTable ? reason.code : cause.code;
	const place = typeof key === "string" ? placeOfKey(folder, key) : void 0;
	if (place !== void 0) return {
		code,
		severity: "error",
		...place,
		message,
		extensionId
	};
	return {
		code,
		severity: "error",
		file: typeof file === "string" ? file : folder,
		...typeof line === "number" ? { line } : {},
		...typeof column === "number" ? { column } : {},
		message,
		extensionId
	};
}
function placeOfThrow(folder, error) {
	try {
		return placeInFolder(folder, error.stack);
	} catch {
		return;
	}
}
function placeOfKey(folder, key) {
	const file = join(folder, manifestName);
	try {
		const text = readRegularFile(file, maximumManifestBytes);
		const path = pointerOfKey(readJson5(text).value, key);
		return path === "" ? void 0 : {
			file,
			path,
			...locateInManifest(text, path, "value")
		};
	} catch {
		return;
	}
}
function unresponsiveProblem(generation, { place }) {
	const { id, folder } = generation.description;
	const file = place === void 0 ? folder : pathOfFile(place.file);
	return {
		code: "EXTENSION_UNRESPONSIVE",
		severity: "warning",
		file,
		...place === void 0 ? {} : { line: place.line },
		message: withoutPlace(unresponsiveText(generation, place), file),
		extensionId: id
	};
}
function withoutStack(message) {
	return message.replace(/\n\s+at [\s\S]*$/, ".");
}
function withoutPlace(message, file) {
	const at = typeof file === "string" ? message.indexOf(` (${file}`) : -1;
	if (at < 0) return message;
	const place = /^(?::\d+)*\)/.exec(message.slice(at + 2 + String(file).length))?.[0];
	return place === void 0 ? message : message.slice(0, at) + message.slice(at + 2 + String(file).length + place.length);
}
function isProblem(value) {
	return typeof value === "object" && value !== null && "severity" in value && "file" in value;
}
// core/src/host/trust/signature-info.ts
function signatureInfo({ digest, verdict }) {
	const { state, message, signer } = verdict;
	return {
		state,
		message,
		digest,
		...signer === void 0 ? {} : { signer }
	};
}
// core/src/host/report/extension-list.ts
const none$3 = Object.freeze([]);
const memoryLimitMs = 1e3;
var HostExtensions = class {
	#options;
	constructor(options) {
		this.#options = options;
	}
	get onDidChange() {
		return this.#options.onDidChange;
	}
	get size() {
		return this.#options.discovery.size;
	}
	get(id) {
		const extension = this.#options.lifecycle.get(id);
		if (extension !== void 0) return this.#info(extension);
		for (const entry of this.#options.discovery.entries()) if (entry.kind === "broken" && entry.broken.id === id) return this.#broken(entry.broken);
	}
	named(subject) {
		for (const entry of this.#options.discovery.entries()) {
			const { folder, name, id } = placeOf$1(entry);
			if (folder === subject || id === void 0 && name === subject) return this.inFolder(folder);
		}
	}
	*[Symbol.iterator]() {
		for (const entry of this.#options.discovery.entries()) {
			const { folder } = entry.kind === "extension" ? entry.description : entry.broken;
			const info = this.inFolder(folder);
			if (info !== void 0) yield info;
		}
	}
	problems() {
		const problems = [];
		for (const entry of this.#options.discovery.entries()) {
			const { folder, id } = placeOf$1(entry);
			const known = id === void 0 ? void 0 : this.#options.lifecycle.get(id);
			const extension = known?.description.folder === folder ? known : this.#options.lifecycle.inFolder(folder);
			const found = extension === void 0 ? this.inFolder(folder)?.problems : this.#problems(extension);
			if (found !== void 0) for (const problem of found) problems.push(problem);
		}
		return problems;
	}
	async memory(id) {
		const serving = this.#options.lifecycle.get(id)?.serving;
		const health = serving?.isRunning === true ? serving.session?.health : void 0;
		if (health === void 0) return void 0;
		try {
			return await new Deadlines().within(memoryLimitMs, health.memory(), () => void 0);
		} catch {
			return;
		}
	}
	inFolder(folder) {
		const extension = this.#options.lifecycle.inFolder(folder);
		if (extension !== void 0) return this.#info(extension);
		const entry = this.#options.discovery.entry(folder);
		if (entry === void 0) return void 0;
		return entry.kind === "broken" ? this.#broken(entry.broken) : this.#shadowed(entry.description);
	}
	#info(extension) {
		const { serving, candidate, description, leftovers } = extension;
		const { reason, times, activatedBy, waitingSince } = serving;
		const runtime = this.#options.runtimeKind(serving.description);
		const health = serving.isRunning ? serving.session?.health : void 0;
		const unresponsive = serving.state === "active" ? health?.unresponsive : void 0;
		const restart = extension.supervision?.restart;
		return {
			id: extension.id,
			version: serving.description.version,
			state: serving.state,
			...reason === void 0 ? {} : { reason },
			generation: serving.number,
			...candidate === void 0 ? {} : { candidate: this.#candidate(extension, candidate) },
			runtime,
			...this.#trust(runtime),
			folder: description.folder,
			contributes: this.#contributes(extension),
			problems: this.#problems(extension),
			...this.#signature(extension),
			...times === void 0 ? {} : { times },
			...waitingSince === void 0 ? {} : { waitingMs: performance.now() - waitingSince },
			...activatedBy === void 0 ? {} : { activatedBy },
			...unresponsive === void 0 ? {} : { unresponsive },
			...restart === void 0 ? {} : { restart: {
				delayMs: restart.delayMs,
				at: restart.at
			} },
			...health?.processId === void 0 ? {} : { processId: health.processId },
			...leftovers === void 0 ? {} : { leftovers }
		};
	}
	#trust(runtime) {
		const trust = this.#options.trust(runtime);
		return trust === void 0 ? {} : { trust };
	}
	#signature({ description }) {
		const content = this.#options.content(description);
		return content === void 0 ? {} : { signature: signatureInfo(content) };
	}
	#candidate(extension, candidate) {
		const problem = problemOf(candidate.reason, extension.id, extension.description.folder);
		const { examination } = extension;
		const isNewer = candidate.description !== extension.serving.description;
		const found = [
			...extension.broken ?? [],
			...isNewer ? candidate.description.problems : [],
			...isNewer && examination?.description === candidate.description ? examination.problems : []
		];
		const isNamed = found.some((other) => other.code === problem?.code && other.message === problem.message);
		return {
			generation: candidate.number,
			state: candidate.state,
			...candidate.reason === void 0 ? {} : { reason: candidate.reason },
			problems: problem === void 0 || isNamed ? found : [...found, problem]
		};
	}
	#contributes(extension) {
		const contributes = {};
		for (const contribution of this.#options.registry.claimedBy(extension)) {
			if (contribution.owner !== extension) continue;
			(contributes[contribution.point.id] ??= []).push(contribution.id);
		}
		return contributes;
	}
	#problems(extension) {
		const { serving, broken } = extension;
		const description = serving.isRunning ? serving.description : extension.description;
		const examination = serving.isRunning ? extension.listed : extension.examination;
		const problems = description.problems.concat(examination?.problems ?? [], serving.problems);
		if (!serving.isRunning && broken !== void 0) problems.push(...broken);
		const problem = problemOf(serving.reason, extension.id, description.folder);
		if (problem !== void 0 && !problems.includes(problem)) problems.push(problem);
		if (serving.state === "active" && serving.session?.health?.unresponsive !== void 0) problems.push(unresponsiveProblem(serving, serving.session.health.unresponsive));
		return problems.concat(this.#early(extension, description).filter((problem) => !problems.includes(problem)), this.#options.settings.problems(description), this.#options.capabilities.problems(description), this.#options.runtimeSettings.problems(description).filter(({ code, path }) => !problems.some((known) => known.code === code && known.path === path)), this.#options.functions.problems(description), this.#shadowedContributions(extension));
	}
	#early({ isRefused }, description) {
		const { declarations, runtimes } = this.#options;
		if (isRefused) return none$3;
		const declared = declarations.problems(description);
		const unplaced = runtimes.problems(description);
		return unplaced.length === 0 ? declared : [...declared, ...unplaced];
	}
	#shadowedContributions(extension) {
		const problems = [];
		for (const contribution of this.#options.registry.claimedBy(extension)) {
			const winner = contribution.owner;
			if (winner === extension) continue;
			const claim = contribution.claimOf(extension);
			const winnerFolder = this.#options.lifecycle.get(winner.id)?.description.folder ?? winner.id;
			problems.push({
				code: "CONTRIBUTION_SHADOWED",
				severity: "warning",
				file: extension.description.folder,
				path: `/contributes/${contribution.point.id}/${String(claim?.index ?? 0)}/id`,
				message: `${contribution.point.id} "${contribution.id}" of ${extension.id} is not used: ${winner.id} in ${winnerFolder} comes first.`,
				extensionId: extension.id
			});
		}
		return problems;
	}
	#shadowed(description) {
		const runtime = this.#options.runtimeKind(description);
		const problem = [...this.#options.discovery.shadowed()].find((other) => other.description.folder === description.folder)?.problem;
		return {
			id: description.id,
			version: description.version,
			state: "blocked",
			reason: {
				code: "SHADOWED",
				message: problem?.message ?? `Another folder provides ${description.id}.`
			},
			generation: 0,
			runtime,
			...this.#trust(runtime),
			folder: description.folder,
			contributes: {},
			problems: [...description.problems, ...problem === void 0 ? [] : [problem]]
		};
	}
	#broken(broken) {
		const lastEventAt = this.#options.lastEventAt(broken.folder) ?? -Infinity;
		const isIncomplete = performance.now() - lastEventAt < this.#options.incompleteMs;
		return {
			id: broken.id,
			version: broken.version,
			state: isIncomplete ? "blocked" : "invalid",
			...isIncomplete ? { reason: {
				code: "INCOMPLETE",
				message: broken.problems[0]?.message ?? "The folder is not complete."
			} } : {},
			generation: 0,
			runtime: "in-process",
			trust: "full rights",
			folder: broken.folder,
			contributes: {},
			problems: broken.problems
		};
	}
};
// core/src/common/file-identity.ts
function fileIdentity(file) {
	try {
		const stat = statSync(file, {
			throwIfNoEntry: false,
			bigint: true
		});
		return stat && `${stat.dev} ${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
	} catch {
		return;
	}
}
// core/src/host/state/followed-state-file.ts
const beatMs$1 = 250;
var FollowedStateFile = class {
	#file;
	#onChange;
	#identity;
	#timer;
	#isLooking = false;
	#isDoubtful = false;
	constructor(file, onChange) {
		this.#file = file;
		this.#onChange = onChange;
		this.#identity = fileIdentity(file);
	}
	begin() {
		this.#timer ??= setInterval(() => void this.#look(), beatMs$1).unref();
	}
	doubt() {
		this.#isDoubtful = true;
	}
	dispose() {
		clearInterval(this.#timer);
	}
	async #look() {
		if (this.#isLooking) return;
		const identity = fileIdentity(this.#file);
		if (identity === this.#identity && !this.#isDoubtful) return;
		this.#isLooking = true;
		this.#isDoubtful = false;
		this.#identity = identity;
		try {
			await this.#onChange();
		} finally {
			this.#isLooking = false;
		}
	}
};
// core/src/host/state/disabled-ids.ts
var DisabledIds = class {
	#state;
	#observer;
	#known;
	#enabledAt = {};
	#file;
	#isFaulty = false;
	#isDisposed = false;
	constructor(state, observer) {
		this.#state = state;
		this.#observer = observer;
	}
	async begin({ isFollowing }) {
		const path = this.#state.extensionsFile;
		this.#file = path === void 0 ? void 0 : new FollowedStateFile(path, () => this.#look());
		const read = this.#read();
		if (read !== void 0) {
			this.#known = read.known;
			this.#enabledAt = read.enabledAt;
			this.#observer.preset([...read.known]);
		}
		if (isFollowing && !this.#isDisposed) this.#file?.begin();
	}
	dispose() {
		this.#isDisposed = true;
		this.#file?.dispose();
	}
	#fail(error) {
		this.#file?.doubt();
		if (!this.#isFaulty) this.#observer.fault(error, { isKnown: this.#known !== void 0 });
		this.#isFaulty = true;
	}
	async #look() {
		const read = this.#read();
		if (read === void 0) return;
		const before = this.#known;
		const enabledBefore = this.#enabledAt;
		const { known: now, enabledAt } = read;
		this.#known = now;
		this.#enabledAt = enabledAt;
		if (this.#isDisposed) return;
		if (this.#isFaulty) this.#observer.readable();
		this.#isFaulty = false;
		if (before === void 0) {
			await this.#observer.known([...now]);
			return;
		}
		const disabled = [...now].filter((id) => !before.has(id));
		const again = Object.keys(enabledAt).filter((id) => enabledAt[id] !== enabledBefore[id]);
		const enabled = new Set([...before, ...again].filter((id) => !now.has(id)));
		await Promise.all([...disabled.map((id) => this.#observer.switch(id, { isDisabled: true })), ...Array.from(enabled, (id) => this.#observer.switch(id, { isDisabled: false }))]);
	}
	#read() {
		try {
			return {
				known: new Set(this.#state.disabled()),
				enabledAt: this.#state.enabledAt()
			};
		} catch (error) {
			this.#fail(error);
			return;
		}
	}
};
// core/src/host/trust/host-trust.ts
var HostTrust = class {
	#options;
	#gate;
	#loading;
	#isDisposed = false;
	constructor(options) {
		this.#options = options;
	}
	get restricts() {
		const { policy, lockfile } = this.#options.terms;
		return policy === "asked" || lockfile !== void 0;
	}
	get looks() {
		return this.restricts || this.#options.terms.keys !== void 0;
	}
	get problems() {
		return this.#gate?.problems ?? [];
	}
	async begin(options) {
		if (this.looks) await (await this.#load()).begin(options);
	}
	async remember() {
		await this.#gate?.remember();
	}
	async dispose() {
		this.#isDisposed = true;
		await this.#gate?.dispose();
	}
	obstacle(description) {
		if (this.#gate !== void 0 || !this.restricts) return this.#gate?.obstacle(description);
		return {
			code: "UNTRUSTED",
			message: `The files of ${description.id} have not been looked at yet.`
		};
	}
	async look(description) {
		return (await this.#load()).look(description);
	}
	async admit(description) {
		return this.restricts ? (await this.#load()).admit(description) : void 0;
	}
	async lookAt(descriptions, gone) {
		if (!this.looks) return;
		const gate = await this.#load();
		for (const { folder } of gone) gate.forget(folder);
		await gate.lookAtAll(descriptions);
	}
	content(description) {
		return this.#gate?.content(description);
	}
	async trust(description, options) {
		await (await this.#load()).trust(description, options);
	}
	async distrust(id) {
		await (await this.#load()).distrust(id);
	}
	#load() {
		this.#loading ??= import("./trust-gate-CPwxNxSF.js").then(({ TrustGate: Gate }) => {
			this.#gate = new Gate(this.#options);
			if (this.#isDisposed) this.#gate.dispose();
			return this.#gate;
		});
		return this.#loading;
	}
};
// core/src/host/report/manifest-files.ts
var ManifestFiles = class {
	manifest(folder) {
		const file = join(folder, manifestName);
		try {
			return {
				file,
				text: readRegularFile(file, maximumManifestBytes)
			};
		} catch {
			return {
				file,
				text: void 0
			};
		}
	}
	schema(description, path) {
		const file = join(description.folder, path);
		const { value, failure } = readJson5(readRegularFile(file, maximumSchemaBytes));
		if (failure !== void 0) throw notASchema(description, file, failure.message);
		if (!isObject$2(value)) throw notASchema(description, file, "it holds no object");
		return value;
	}
	draft(broken) {
		const { text } = this.manifest(broken.folder);
		if (text === void 0) return void 0;
		const { value } = readJson5(text);
		const { main, contributes } = isObject$2(value) ? value : {};
		const manifest = {
			...typeof main === "string" && faultOfPath(main) === void 0 ? { main } : {},
			...isObject$2(contributes) ? { contributes: {
				...contributes,
				points: []
			} } : {}
		};
		return {
			...broken,
			id: broken.id ?? broken.name,
			version: broken.version ?? "0.0.0",
			manifest
		};
	}
};
function notASchema(description, file, why) {
	return new ExtensionError("CONTRIBUTION_INVALID", `${file} is not a JSON Schema: ${why}`, {
		extensionId: description.id,
		details: { file }
	});
}
function isObject$2(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/guest/lazy-packages.ts
var LazyPackages = class {
	#files;
	#require = lazyRequire(import.meta.url);
	constructor(more) {
		const own = [
			"@plugboard/extension-api",
			"inversify",
			"reflect-metadata"
		].map((name) => [name, name]);
		this.#files = new Map([...own, ...Object.entries(more)]);
	}
	has(name) {
		return this.#files.has(name);
	}
	get(name) {
		const file = this.#files.get(name);
		return file === void 0 ? void 0 : this.#require(file);
	}
};
// core/src/container/provided-packages.ts
function providedPackages(given) {
	const own = new LazyPackages({});
	return {
		has: (name) => Object.hasOwn(given, name) || own.has(name),
		get: (name) => Object.hasOwn(given, name) ? given[name] : own.get(name)
	};
}
function packageFiles(names) {
	if (names.length === 0) return {};
	const require = createRequire(join(process.cwd(), "package.json"));
	return Object.fromEntries(names.flatMap((name) => {
		try {
			return [[name, require.resolve(name)]];
		} catch {
			return [];
		}
	}));
}
// core/src/runtime/granted-environment.ts
const reserved = new Set(["NODE_OPTIONS"]);
function grantedEnvironment({ env }, environment) {
	const isGranted = (name) => !reserved.has(name.toUpperCase()) && (env === true || env.includes(name));
	return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => value !== void 0 && isGranted(name) ? [[name, value]] : []));
}
// core/src/runtime/late.ts
function lateRuntime(kind, load) {
	const late = new Late(load);
	return {
		kind,
		start: async (request, context) => (await late.get()).start(request, context),
		dispose: async () => (await late.ifWanted())?.dispose?.()
	};
}
function lateDriver(load) {
	const late = new Late(load);
	return {
		prepare: async () => (await late.get()).prepare?.(),
		gaps: async (request) => (await late.get()).gaps?.(request) ?? [],
		connect: async (request, context) => (await late.get()).connect(request, context),
		spareKey: (request) => late.loaded?.spareKey?.(request),
		checkSpare: async (request, context) => late.loaded?.checkSpare?.(request, context)
	};
}
var Late = class {
	loaded;
	#load;
	#loading;
	constructor(load) {
		this.#load = load;
	}
	get() {
		return this.#loading ??= this.#begin();
	}
	ifWanted() {
		return this.#loading;
	}
	async #begin() {
		return this.loaded = await this.#load();
	}
};
// core/src/runtime/start-places.ts
var StartPlaces = class {
	#waiting = new Set();
	#free;
	constructor(count) {
		this.#free = count;
	}
	take() {
		const place = new Place(() => {
			this.#leave(place);
		});
		if (this.#free > 0) this.#free--;
		else this.#waiting.add(place.queue());
		return place;
	}
	#leave(place) {
		if (this.#waiting.delete(place)) return;
		const [next] = this.#waiting;
		if (next === void 0) {
			this.#free++;
			return;
		}
		this.#waiting.delete(next);
		next.beginTurn();
	}
};
var Place = class {
	turn;
	#onLeave;
	#begin;
	#isLeft = false;
	constructor(onLeave) {
		this.#onLeave = onLeave;
	}
	queue() {
		const { promise, resolve } = Promise.withResolvers();
		this.turn = promise;
		this.#begin = resolve;
		return this;
	}
	beginTurn() {
		this.#begin?.();
	}
	leave() {
		if (this.#isLeft) return;
		this.#isLeft = true;
		this.#onLeave();
	}
	leaveOnceLoaded(session) {
		if (!(session instanceof ChannelSession)) {
			this.leave();
			return;
		}
		session.loaded.then(() => {
			this.leave();
		});
	}
};
// core/src/host/runtimes/own-runtimes.ts
function sessionTerms({ unresponsiveMs }, report) {
	return {
		patience: {
			pingAfterMs: Math.min(1e3, unresponsiveMs),
			unresponsiveMs
		},
		environment: ({ capabilities }) => grantedEnvironment(capabilities, process.env),
		withStacks: true,
		report
	};
}
const startsAtOnce = Math.max(2, availableParallelism());
const spareAfterMs = 500;
function ownRuntimes(options, { memoryBytes, unresponsiveMs }, terms) {
	const given = options.packages ?? {};
	const provided = providedPackages(given);
	const packages = packageFiles(Object.keys(given));
	const places = new StartPlaces(startsAtOnce);
	return [
		options.strictBoundaries === true ? new ChannelRuntime({
			...terms,
			kind: "in-process",
			trust: "full rights",
			driver: lateDriver(async () => {
				const { LoopbackDriver } = await import("./loopback-driver-CCnzMGsN.js");
				return new LoopbackDriver({ provided });
			})
		}) : lateRuntime("in-process", async () => {
			const { InProcessRuntime } = await import("./in-process-runtime-BO2pFhHj.js");
			return new InProcessRuntime({
				provided,
				watchdog: await watchdogOf(options, unresponsiveMs, terms.report),
				scope: options.inProcessScope
			});
		}),
		new ChannelRuntime({
			...terms,
			kind: "worker",
			trust: "full rights",
			driver: lateDriver(async () => {
				const { WorkerDriver } = await import("./worker-driver-BB3k9LpI.js");
				return new WorkerDriver({
					memoryBytes,
					packages
				});
			}),
			spareAfterMs,
			places
		}),
		new ChannelRuntime({
			...terms,
			kind: "process",
			trust: "declared capabilities",
			driver: lateDriver(async () => {
				const { ProcessDriver } = await import("./process-driver-BOG8eP_2.js");
				return new ProcessDriver({
					memoryBytes,
					packages
				});
			}),
			spareAfterMs,
			places
		})
	];
}
async function watchdogOf({ watchdog, logger }, limitMs, report) {
	if (watchdog === void 0) return void 0;
	const { Watchdog } = await import("./watchdog-Ckc7LRgu.js");
	return new Watchdog({
		limitMs,
		printsAtOnce: watchdog === "print",
		warn: (message) => logger?.warn(message),
		report
	});
}
// core/src/host/report/problem-teller.ts
var ProblemTeller = class {
	#options;
	#told = new Map();
	#waiting = new Map();
	#isDisposed = false;
	constructor(options) {
		this.#options = options;
	}
	look(folder) {
		const info = this.#options.info(folder);
		const before = this.#told.get(folder);
		const told = new Set();
		for (const problem of info === void 0 ? [] : this.#settled(info)) {
			const key = keyOf(problem);
			const isNew = !told.has(key) && before?.has(key) !== true;
			told.add(key);
			if (isNew && info !== void 0) this.#options.tell(problem, info);
		}
		if (told.size === 0) this.#told.delete(folder);
		else this.#told.set(folder, told);
	}
	hasTold(folder, problem) {
		return this.#told.get(folder)?.has(keyOf(problem)) === true;
	}
	dispose() {
		this.#isDisposed = true;
		for (const timer of this.#waiting.values()) clearTimeout(timer);
		this.#waiting.clear();
	}
	#settled(info) {
		const isIncomplete = info.reason?.code === "INCOMPLETE";
		const isCandidateIncomplete = info.candidate?.reason?.code === "INCOMPLETE";
		if (isIncomplete || isCandidateIncomplete) this.#lookAgain(info.folder);
		return [...isIncomplete ? [] : info.problems, ...isCandidateIncomplete ? [] : info.candidate?.problems ?? []];
	}
	#lookAgain(folder) {
		if (this.#isDisposed || this.#waiting.has(folder)) return;
		const timer = setTimeout(() => {
			this.#waiting.delete(folder);
			this.look(folder);
		}, this.#options.incompleteMs);
		this.#waiting.set(folder, timer);
	}
};
function keyOf({ code, file, line, column, message }) {
	return [
		code,
		file,
		line,
		column,
		message
	].join("\n");
}
// core/src/host/runtimes/restart-policy.ts
function restartPolicy(given, functions) {
	const usual = restartOf(typeof given === "function" ? void 0 : given);
	if (typeof given !== "function") return () => usual;
	return (description) => {
		const answer = functions.ask("restart", description, () => restartOf(given(description)));
		return "value" in answer ? answer.value : usual;
	};
}
// core/src/host/runtimes/runtime-finder.ts
const none$2 = Object.freeze([]);
var RuntimeFinder = class {
	#runtimes;
	#unprepared;
	#ownKinds;
	#registry;
	#settings;
	#policy;
	#functions;
	#places;
	#problems;
	constructor(options) {
		const { own, given, registry, settings, policy, functions, places, problem } = options;
		this.#runtimes = new Map([...own, ...given].map((runtime) => [runtime.kind, runtime]));
		this.#ownKinds = new Set(own.map(({ kind }) => kind));
		for (const { kind } of given) this.#ownKinds.delete(kind);
		this.#unprepared = new Map([...this.#runtimes].filter(([, runtime]) => "prepare" in runtime));
		this.#registry = registry;
		this.#settings = settings;
		this.#policy = policy;
		this.#functions = functions;
		this.#places = places;
		this.#problems = new PlacedProblems(problem);
	}
	async dispose() {
		await Promise.all([...this.#runtimes.values()].map(async (runtime) => runtime.dispose?.()));
	}
	async prepare(descriptions) {
		const preparing = [];
		for (const description of descriptions) {
			if (this.#unprepared.size === 0) break;
			const runtime = this.#takeUnprepared(description);
			if (runtime !== void 0) preparing.push(prepared(runtime));
		}
		await Promise.allSettled(preparing);
	}
	kind(description) {
		const decided = this.#decide(description);
		return ("value" in decided ? decided.value?.kind : void 0) ?? runtimeOf(description).kind;
	}
	runsWithoutMain(description) {
		return [runtimeOf(description).kind, this.kind(description)].every((kind) => !this.#ownKinds.has(kind));
	}
	trust(kind) {
		return this.#runtimes.get(kind)?.trust ?? "full rights";
	}
	isKnown(kind) {
		return this.#runtimes.has(kind) || this.#registry.find(runtimes.id, kind) !== void 0;
	}
	problems(description) {
		const obstacle = this.#obstacle(description);
		return obstacle === void 0 ? none$2 : [this.#placed(description, obstacle)];
	}
	async find(description) {
		const decided = this.#decide(description);
		if ("fault" in decided) throw decided.fault;
		const kind = this.kind(description);
		const obstacle = this.#obstacle(description);
		if (obstacle !== void 0) {
			const problem = this.#placed(description, obstacle);
			const { code, message, suggestion } = problem;
			throw new ExtensionError(code, suggestion === void 0 ? message : `${message} Did you mean "${suggestion}"?`, {
				extensionId: description.id,
				details: {
					kind,
					known: this.#kinds(),
					problem
				}
			});
		}
		const runtime = this.#runtimes.get(kind);
		if (runtime !== void 0) return runtime;
		if (runtimeOf(description).kind === kind) this.#settings.assertSound(description);
		const driver = this.#registry.find(runtimes.id, kind)?.stub;
		return {
			kind,
			start: (request, { signal }) => driver.start(request, {
				signal,
				timeoutMs: 0
			})
		};
	}
	#decide(description) {
		return this.#functions.ask("runtimePolicy", description, () => this.#policy(description));
	}
	#obstacle(description) {
		const { id } = description;
		const decided = this.#decide(description);
		if ("fault" in decided) return void 0;
		const decision = decided.value;
		const kind = decision?.kind ?? runtimeOf(description).kind;
		const obstacle = (finding) => ({
			finding,
			kind,
			decision
		});
		if (this.#runtimes.has(kind)) {
			if (!this.#ownKinds.has(kind) || kind === "in-process" || !bringsRuntimes(description)) return void 0;
			return obstacle({
				code: "RUNTIME_START_FAILED",
				severity: "error",
				message: `${id} brings a runtime, so it can run in-process only; its manifest or the runtime policy puts it in "${kind}".`
			});
		}
		const contribution = this.#registry.find(runtimes.id, kind);
		if (contribution === void 0) {
			const known = this.#kinds();
			return obstacle({
				code: "RUNTIME_UNKNOWN",
				severity: "warning",
				message: `${decision?.pattern === void 0 ? `${id} asks for the runtime "${kind}"` : `The runtime policy names "${kind}" for ${decision.pattern}`}; this host has ${known.join(", ")}.`,
				suggestion: nearest(kind, known)
			});
		}
		if (contribution.owner.id !== id) return void 0;
		return obstacle({
			code: "RUNTIME_UNKNOWN",
			severity: "error",
			message: `${id} can't run in the runtime "${kind}" that it brings itself.`
		});
	}
	#placed(description, { finding, kind, decision }) {
		const own = outlineOf(description).runtime;
		if (decision === void 0 || decision.pattern === void 0 && runtimeOf(description).kind === kind) {
			const pointer = own === void 0 ? "" : typeof own === "object" ? "/runtime/kind" : "/runtime";
			return this.#problems.at(description, pointer, finding);
		}
		const { pattern } = decision;
		return this.#problems.keep(description, "policy", finding, () => {
			const { suggestion, ...told } = finding;
			const place = pattern === void 0 ? void 0 : this.#places.at(childPointer("/runtimePolicy", pattern), "value");
			return {
				...told,
				...place ?? { file: description.folder },
				extensionId: description.id,
				...suggestion === void 0 ? {} : { suggestion }
			};
		});
	}
	#kinds() {
		const contributed = this.#registry.collection(runtimes.id)?.entries() ?? [];
		return [...this.#runtimes.keys(), ...contributed.map((entry) => entry.id)];
	}
	#takeUnprepared(description) {
		const kind = this.kind(description);
		const runtime = this.#unprepared.get(kind);
		this.#unprepared.delete(kind);
		return runtime;
	}
};
function bringsRuntimes(description) {
	return Object.hasOwn(outlineOf(description).contributes ?? {}, runtimes.id);
}
async function prepared(runtime) {
	await runtime.prepare?.();
}
// core/src/host/runtimes/runtime-policy.ts
function runtimePolicyOf(given) {
	if (typeof given === "function") return (description) => ({ kind: given(description) });
	if (given === void 0) return () => void 0;
	const patterns = Object.keys(given).sort((one, other) => other.length - one.length);
	return ({ id }) => {
		const pattern = Object.hasOwn(given, id) ? id : patterns.find((one) => matchesPattern(one, id));
		return pattern === void 0 ? void 0 : {
			kind: given[pattern],
			pattern
		};
	};
}
function matchesPattern(pattern, id) {
	return pattern === id || pattern.endsWith("*") && id.startsWith(pattern.slice(0, -1));
}
// core/src/host/runtimes/service-stub.ts
function createServiceStub(value, methods) {
	const stub = {};
	for (const [method, arity] of Object.entries(methods)) stub[method] = async (...args) => {
		return value[method]?.(...arity === "variadic" ? args : args.slice(0, arity));
	};
	return Object.freeze(stub);
}
// core/src/manifest/setting-uses.ts
const mostSteps = 1e5;
const mostReferences = 32;
function settingUses(settings, schema) {
	return [...new Walk(schema).uses(schema, settings, {
		pointer: "",
		references: 0
	})];
}
var Walk = class {
	#root;
	#steps = 0;
	constructor(root) {
		this.#root = root;
	}
	*uses(schema, value, place) {
		if (!isObject$1(schema) || ++this.#steps > mostSteps) return;
		const { $ref: reference, allOf } = schema;
		if (typeof reference === "string" && place.references < mostReferences) yield* this.uses(this.#resolve(reference), value, {
			...place,
			references: place.references + 1
		});
		for (const part of Array.isArray(allOf) ? allOf : []) yield* this.uses(part, value, place);
		for (const choice of [schema.anyOf, schema.oneOf]) {
			if (!Array.isArray(choice) || choice.some((one) => isExactly(one, value))) continue;
			for (const part of choice) yield* this.uses(part, value, place);
		}
		if (typeof value === "string") {
			if (schema.format === "extension-file") yield {
				format: schema.format,
				text: value,
				...located(place)
			};
		} else if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* this.uses(schema.items, one, {
			...place,
			pointer: childPointer(place.pointer, index),
			references: 0
		});
		else if (isObject$1(value)) yield* this.#properties(schema, value, place);
	}
	*#properties(schema, value, place) {
		const format = isObject$1(schema.propertyNames) ? schema.propertyNames.format : void 0;
		const names = Object.keys(value);
		if (format === "platform") yield {
			format,
			names,
			pointer: place.pointer
		};
		for (const name of names) {
			const inner = {
				...place,
				pointer: childPointer(place.pointer, name),
				references: 0,
				...format === "platform" ? { platform: name } : {},
				...format === "contributed-point" ? { point: name } : {}
			};
			if (format === "contributed-point" || format === "contribution-id" && place.point !== void 0) yield {
				format,
				text: name,
				...located(inner)
			};
			const { properties, additionalProperties } = schema;
			const own = isObject$1(properties) && Object.hasOwn(properties, name) ? properties[name] : void 0;
			yield* this.uses(own ?? additionalProperties, value[name], inner);
		}
	}
	#resolve(reference) {
		if (reference !== "#" && !reference.startsWith("#/")) return void 0;
		let at = this.#root;
		for (const part of reference.split("/").slice(1)) {
			const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
			at = isObject$1(at) && Object.hasOwn(at, name) ? at[name] : void 0;
		}
		return at;
	}
};
function located({ pointer, point, platform }) {
	return {
		pointer,
		...point === void 0 ? {} : { point },
		...platform === void 0 ? {} : { platform }
	};
}
function isExactly(schema, value) {
	return isObject$1(schema) && "const" in schema && schema.const === value;
}
function isObject$1(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// core/src/host/runtimes/runtime-settings.ts
const platformNames = [`${process.platform}-${process.arch}`, process.platform];
const none$1 = Object.freeze([]);
var RuntimeSettings = class {
	#options;
	#checker = new SectionChecker();
	#read = new WeakMap();
	#checked = new WeakMap();
	#brought = new WeakMap();
	constructor(options) {
		this.#options = options;
	}
	problems(description) {
		const { runtime, contributes } = outlineOf(description);
		const own = typeof runtime === "object" ? this.#check(description, runtime) : none$1;
		const files = typeof runtime === "object" && own.length === 0 ? this.#files(description, runtime) : none$1;
		const brought = contributes?.runtimes === void 0 ? none$1 : this.#problemsOfSchemas(description);
		return own.length + files.length === 0 ? brought : [
			...own,
			...files,
			...brought
		];
	}
	assertSound(description) {
		const { runtime } = outlineOf(description);
		const problem = (typeof runtime === "object" ? this.#check(description, runtime) : none$1).find(({ severity }) => severity === "error");
		if (problem === void 0) return;
		throw new ExtensionError("MANIFEST_INVALID", problem.message, {
			extensionId: description.id,
			details: { problem }
		});
	}
	#check(description, runtime) {
		const schema = this.#schemaFor(runtime.kind);
		if (schema === void 0) return none$1;
		const known = this.#checked.get(description);
		if (known?.schema === schema) return known.problems;
		const { kind, ...settings } = runtime;
		const misfits = this.#checker.checkValue(settings, schema, { whole: `The runtime ${String(kind)}` }).map(({ code, path, message, suggestion, key }) => this.#options.problem(description, {
			pointer: `/runtime${path}`,
			what: key ? "key" : "value"
		}, {
			code: code === "CONTRIBUTION_INVALID" ? "MANIFEST_INVALID" : code,
			severity: "error",
			message,
			...suggestion === void 0 ? {} : { suggestion }
		}));
		const problems = misfits.length > 0 ? misfits : settingUses(settings, schema).flatMap((use) => this.#misnamed(description, use));
		this.#checked.set(description, {
			schema,
			problems
		});
		return problems;
	}
	#schemaFor(kind) {
		const contribution = this.#options.registry.find(runtimes.id, kind);
		if (contribution === void 0) return void 0;
		const owner = this.#options.description(contribution.owner.id);
		const file = contribution.item.settings;
		if (owner === void 0 || typeof file !== "string") return void 0;
		const read = this.#schema(owner, file);
		return "fault" in read ? void 0 : read.schema;
	}
	#misnamed(description, use) {
		const at = (what, finding) => [this.#options.problem(description, {
			pointer: `/runtime${use.pointer}`,
			what
		}, {
			code: "MANIFEST_INVALID",
			...finding
		})];
		if (use.format === "extension-file") return none$1;
		if (use.format === "platform") {
			if (platformNames.some((name) => use.names.includes(name))) return none$1;
			const has = use.names.length === 0 ? "nothing" : use.names.join(", ");
			return at("value", {
				severity: "warning",
				message: `There is nothing for ${platformNames[0]}, which is this machine; there is ${has}.`
			});
		}
		const contributes = outlineOf(description).contributes ?? {};
		const { text, point = "" } = use;
		const isPoint = use.format === "contributed-point";
		if (!isPoint && !Object.hasOwn(contributes, point)) return none$1;
		const known = isPoint ? Object.keys(contributes) : idsIn$1(contributes, point);
		if (known.includes(text)) return none$1;
		const suggestion = nearest(text, known);
		const what = isPoint ? `"${text}" is no point that this manifest contributes to.` : `"${text}" is no id that this manifest contributes to ${point}.`;
		return suggestion === void 0 ? at("key", {
			severity: "warning",
			message: what
		}) : at("key", {
			severity: "error",
			message: what,
			suggestion
		});
	}
	#files(description, runtime) {
		const schema = this.#schemaFor(runtime.kind);
		if (schema === void 0) return none$1;
		const { kind: _kind, ...settings } = runtime;
		return settingUses(settings, schema).flatMap((use) => {
			if (use.format !== "extension-file") return none$1;
			const path = use.text.replaceAll("\\", "/");
			const fault = faultOfPath(path) ?? faultOnDisk(description.folder, path, "file");
			if (fault === void 0) return none$1;
			const isForHere = use.platform === void 0 || platformNames.includes(use.platform);
			return [this.#options.problem(description, {
				pointer: `/runtime${use.pointer}`,
				what: "value"
			}, {
				code: "MANIFEST_PATH",
				severity: isForHere ? "error" : "warning",
				message: `The path ${JSON.stringify(use.text)} ${fault}.`
			})];
		});
	}
	#problemsOfSchemas(description) {
		let problems = this.#brought.get(description);
		if (problems === void 0) {
			problems = settingsFiles(description).flatMap(({ file, pointer }) => {
				const read = this.#schema(description, file);
				if (!("fault" in read)) return none$1;
				const finding = {
					code: "CONTRIBUTION_INVALID",
					severity: "error",
					message: `The schema of the settings of a runtime can't be used: ${read.fault}`
				};
				return [this.#options.problem(description, {
					pointer,
					what: "value"
				}, finding)];
			});
			this.#brought.set(description, problems);
		}
		return problems;
	}
	#schema(owner, path) {
		const files = this.#read.get(owner) ?? new Map();
		this.#read.set(owner, files);
		let read = files.get(path);
		if (read === void 0) files.set(path, read = this.#readSchema(owner, path));
		return read;
	}
	#readSchema(owner, path) {
		try {
			const schema = this.#options.readSchema(owner, path);
			const fault = this.#checker.faultOfSchema(schema);
			return fault === void 0 ? { schema } : { fault };
		} catch (error) {
			return { fault: error.message };
		}
	}
};
function idsIn$1(contributes, point) {
	const section = Object.hasOwn(contributes, point) ? contributes[point] : void 0;
	return (Array.isArray(section) ? section : []).flatMap((item) => {
		const id = item?.id;
		return typeof id === "string" ? [id] : [];
	});
}
// core/src/host/state/settings.ts
const none = Object.freeze([]);
var Settings = class {
	#values;
	#emitters = new Map();
	#checker = new SectionChecker();
	#judged = new WeakMap();
	#declared = new WeakMap();
	#places;
	#problem;
	#report;
	constructor({ values, places, problem, report }) {
		this.#values = new Map(Object.entries(values));
		this.#places = places;
		this.#problem = problem;
		this.#report = report;
	}
	set(extensionId, values) {
		this.#values.set(extensionId, values);
		this.#emitters.get(extensionId)?.fire();
	}
	of(description) {
		let emitter = this.#emitters.get(description.id);
		if (emitter === void 0) this.#emitters.set(description.id, emitter = new EventEmitter(this.#report));
		return {
			onDidChange: emitter.event,
			values: () => this.#judge(description).values
		};
	}
	problems(description) {
		const declared = this.#problemsOfDeclared(description);
		return this.#values.has(description.id) ? [...declared, ...this.#judge(description).problems] : declared;
	}
	#judge(description) {
		const given = this.#values.get(description.id);
		if (given === void 0) return {
			values: Object.freeze(defaultsOf(description)),
			problems: []
		};
		let byDescription = this.#judged.get(given);
		if (byDescription === void 0) this.#judged.set(given, byDescription = new WeakMap());
		let judged = byDescription.get(description);
		if (judged === void 0) byDescription.set(description, judged = this.#check(description, given));
		return judged;
	}
	#check(description, given) {
		const items = new Map(itemsOf(description).map((item) => [item.id, item]));
		const values = defaultsOf(description);
		const problems = [];
		const report = (id, what, message, suggestion) => {
			const pointer = childPointer(childPointer("/settings", description.id), id);
			problems.push({
				code: "CONFIG_INVALID",
				severity: "warning",
				...this.#places.at(pointer, what) ?? { file: description.folder },
				message,
				extensionId: description.id,
				...suggestion === void 0 ? {} : { suggestion }
			});
		};
		for (const [id, value] of Object.entries(given)) {
			const item = items.get(id);
			if (item === void 0) {
				values[id] = value;
				if (items.size > 0) report(id, "key", `${description.id} has no setting "${id}".`, nearest(id, items.keys()));
				continue;
			}
			const whole = `The setting "${id}" of ${description.id}`;
			const fault = this.#faultOfSchema(item) === void 0 ? this.#fault(item, value, whole) : void 0;
			if (fault === void 0) values[id] = value;
			else report(id, "value", `${fault.message} Its default is in force.`);
		}
		return {
			values: Object.freeze(values),
			problems
		};
	}
	#problemsOfDeclared(description) {
		const items = itemsOf(description);
		if (items.length === 0) return none;
		let problems = this.#declared.get(description);
		if (problems === void 0) {
			problems = this.#checkDeclared(description, items);
			this.#declared.set(description, problems);
		}
		return problems;
	}
	#checkDeclared(description, items) {
		const problems = [];
		let left = schemaAllowance;
		for (const item of items) {
			if (problems.length === 100) break;
			if (!isPlain(item.schema)) left -= costOf(item.schema);
			if (left < 0) {
				const pointer = childPointer("/contributes/configuration", item.index);
				const finding = {
					code: "CONTRIBUTION_INVALID",
					severity: "info",
					message: `Whether the settings from "${item.id}" on are sound is not checked: there are too many.`
				};
				return [...problems, this.#problem(description, pointer, "value", finding)];
			}
			const problem = this.#problemOfDeclared(description, item);
			if (problem !== void 0) problems.push(problem);
		}
		return problems;
	}
	#problemOfDeclared(description, item) {
		const pointer = childPointer("/contributes/configuration", item.index);
		const finding = (message) => ({
			code: "CONTRIBUTION_INVALID",
			severity: "error",
			message
		});
		const unusable = this.#faultOfSchema(item);
		if (unusable !== void 0) {
			const message = `What the setting "${item.id}" says of its values is no JSON Schema: ${unusable}`;
			return this.#problem(description, pointer, "value", finding(message));
		}
		if (item.default === void 0) return void 0;
		const fault = this.#fault(item, item.default, `The default of the setting "${item.id}"`);
		return fault && this.#problem(description, `${pointer}/default${fault.path}`, "value", finding(fault.message));
	}
	#fault({ schema }, value, whole) {
		return fitsPlainly(value, schema) ? void 0 : this.#checker.checkValue(value, schema, { whole })[0];
	}
	#faultOfSchema({ schema }) {
		return isPlain(schema) ? void 0 : this.#checker.faultOfSchema(schema);
	}
};
const schemaAllowance = 100;
function costOf(schema) {
	return 1 + JSON.stringify(schema).length / 1024;
}
const plainKeywords = new Set([
	"type",
	"default",
	"description",
	"title",
	"enum"
]);
const plainTypes = new Set([
	"string",
	"boolean",
	"number",
	"array",
	"object",
	"integer"
]);
function isPlain(schema) {
	for (const keyword in schema) if (!plainKeywords.has(keyword)) return false;
	return plainTypes.has(schema.type) && (schema.enum === void 0 || Array.isArray(schema.enum));
}
function fitsPlainly(value, schema) {
	if (!isPlain(schema) || typeof value !== schema.type) return false;
	if (typeof value === "number" && !Number.isFinite(value)) return false;
	if (typeof value === "object") return value !== null && !Array.isArray(value) && schema.enum === void 0;
	return schema.enum === void 0 || schema.enum.includes(value);
}
function itemsOf(description) {
	const section = outlineOf(description).contributes?.configuration;
	if (!Array.isArray(section)) return [];
	return section.flatMap((item, index) => {
		if (typeof item !== "object" || item === null) return [];
		const { id, ...schema } = item;
		return typeof id === "string" ? [{
			id,
			default: schema.default,
			index,
			schema
		}] : [];
	});
}
function defaultsOf(description) {
	const items = itemsOf(description).filter((item) => item.default !== void 0);
	return Object.fromEntries(items.map((item) => [item.id, structuredClone(item.default)]));
}
// core/src/common/json-copy.ts
const deepest = 1e3;
const mostBytes = 16777216;
function jsonCopy(value, extensionId) {
	return new Copier(extensionId).copy(value);
}
var Copier = class {
	#extensionId;
	#met = new Map();
	#open = [];
	#path = [];
	#bytesLeft = mostBytes;
	constructor(extensionId) {
		this.#extensionId = extensionId;
	}
	copy(value) {
		this.#take(typeof value === "string" ? value.length : 8);
		switch (typeof value) {
			case "string":
			case "boolean": return value;
			case "number":
				if (!Number.isFinite(value)) throw this.#refusal(String(value));
				return value;
			case "object": return value === null ? value : this.#copyObject(value);
			case "undefined": throw this.#refusal("undefined");
			default: throw this.#refusal(`a ${typeof value}`);
		}
	}
	#copyObject(value) {
		if (types.isProxy(value)) throw this.#refusal("a Proxy");
		const known = this.#met.get(value);
		if (known !== void 0) {
			this.#take(known.bytes);
			return known.copy;
		}
		if (this.#met.has(value)) throw this.#refusal("an object that holds itself: a circle");
		if (this.#open.length === deepest) throw this.#refusal(`nested deeper than ${String(deepest)} levels`);
		this.#met.set(value, void 0);
		this.#open.push(value);
		const before = this.#bytesLeft;
		const copy = Array.isArray(value) ? this.#copyArray(value) : this.#copyMembers(value);
		this.#open.pop();
		this.#met.set(value, {
			copy,
			bytes: before - this.#bytesLeft
		});
		return copy;
	}
	#take(bytes) {
		this.#bytesLeft -= bytes;
		if (this.#bytesLeft < 0) throw this.#refusal(`beyond the limit of ${String(mostBytes)} bytes`);
	}
	#copyArray({ length }) {
		const copy = [];
		for (let index = 0; index < length; index++) copy.push(this.#member(String(index), (one) => this.copy(one)));
		return copy;
	}
	#copyMembers(value) {
		const prototype = Object.getPrototypeOf(value);
		if (prototype !== null && prototype !== Object.prototype) throw this.#refusal(`an object of the class ${className(value)}`);
		const members = [];
		for (const name of Object.keys(value)) {
			const copied = this.#member(name, (one) => one === void 0 ? void 0 : this.copy(one));
			if (copied !== void 0) members.push([name, copied]);
			this.#bytesLeft -= name.length;
		}
		return Object.fromEntries(members);
	}
	#member(name, copy) {
		this.#path.push(name);
		let value;
		try {
			value = this.#open.at(-1)[name];
		} catch (error) {
			throw this.#refusal("a getter that throws", error);
		}
		const copied = copy(value);
		this.#path.pop();
		return copied;
	}
	#refusal(found, cause) {
		const extensionId = this.#extensionId;
		const path = this.#path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
		return new ExtensionError("STATE_INVALID", `${extensionId} stores what JSON can't carry: ${path === "" ? "it" : path} is ${found}.`, {
			extensionId,
			details: {
				path,
				found
			},
			...cause === void 0 ? {} : { cause }
		});
	}
};
function className(value) {
	try {
		const { name } = value.constructor;
		if (typeof name === "string" && name !== "") return name;
	} catch {}
	return "of no name";
}
// core/src/common/disk-refusal.ts
const refusals = {
	ENOSPC: "the disk is full",
	EDQUOT: "the quota of the disk is used up",
	EROFS: "the disk is read-only",
	EACCES: "its permissions don't allow it",
	EPERM: "its permissions don't allow it"
};
function diskRefusal(error) {
	const { syscall, code = "" } = error;
	return syscall === void 0 ? void 0 : refusals[code] ?? code;
}
// core/src/common/exclusive-work.ts
const beatMs = 2e3;
const silentMs = 15e3;
const shortestPauseMs = 2;
const longestPauseMs = 40;
async function workAlone(terms, work) {
	const claim = new Claim(terms);
	const end = performance.now() + terms.waitMs;
	try {
		for (let pauseMs = shortestPauseMs;; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
			await claim.make();
			const others = await claim.others();
			const [first] = others;
			if (first === void 0) break;
			if (others.some(({ file }) => file < claim.file)) await claim.remove();
			if (performance.now() > end) throw terms.busy(first.processId);
			terms.signal?.throwIfAborted();
			terms.onWait?.(first.processId);
			await setTimeout$1(pauseMs * (.5 + Math.random()));
		}
		return await work();
	} finally {
		await claim.remove();
	}
}
async function claimantsOf({ folder, name }) {
	return claimantsIn(folder, name, Date.now());
}
var Claim = class {
	file;
	#terms;
	#beat;
	#clockAheadMs = 0;
	constructor(terms) {
		this.#terms = terms;
		this.file = join(terms.folder, `${terms.name}~${ownMark()}~${randomBytes(6).toString("hex")}`);
	}
	async make() {
		if (this.#beat !== void 0) return;
		await makeEmpty(this.file, this.#terms.folder);
		this.#clockAheadMs = await stat(this.file).then(({ mtimeMs }) => mtimeMs - Date.now(), () => 0);
		this.#beat = setInterval(() => {
			const now = (Date.now() + this.#clockAheadMs) / 1e3;
			utimes(this.file, now, now).catch(() => void 0);
		}, beatMs).unref();
	}
	async others() {
		const { folder, name } = this.#terms;
		const all = await claimantsIn(folder, name, Date.now() + this.#clockAheadMs);
		for (const { file, isGone } of all) if (isGone) await rm(file, { force: true });
		if (!all.some(({ file }) => file === this.file)) {
			await this.remove();
			await this.make();
			return this.others();
		}
		return all.filter(({ file, isGone }) => !isGone && file !== this.file);
	}
	async remove() {
		clearInterval(this.#beat);
		this.#beat = void 0;
		if (await this.#isRemoved()) return;
		const again = setInterval(() => {
			this.#isRemoved().then((isRemoved) => {
				if (isRemoved) clearInterval(again);
			});
		}, beatMs).unref();
	}
	#isRemoved() {
		return rm(this.file, { force: true }).then(() => true, () => false);
	}
};
async function makeEmpty(file, folder) {
	try {
		await (await open(file, "wx", 384)).close();
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
		await mkdir(folder, {
			recursive: true,
			mode: 448
		});
		await (await open(file, "wx", 384)).close();
	}
}
async function claimantsIn(folder, name, now) {
	let names;
	try {
		names = await readdir(folder);
	} catch (error) {
		if (error.code === "ENOENT") return [];
		throw error;
	}
	const pattern = new RegExp(`^(.+)~(${markPattern})~[0-9a-f]+$`);
	const claimants = [];
	for (const each of names) {
		const [, what, mark = ""] = pattern.exec(each) ?? [];
		if (what !== name) continue;
		const file = join(folder, each);
		const life = lifeOf(mark);
		const isGone = life === "gone" || life === "elsewhere" && await isSilent(file, now);
		claimants.push({
			processId: processIdOf(mark),
			file,
			isGone
		});
	}
	return claimants;
}
async function isSilent(file, now) {
	try {
		return now - (await stat(file)).mtimeMs > silentMs;
	} catch {
		return true;
	}
}
// core/src/common/state-files.ts
const mostSetIn = 16384;
const longestWaitMs = 2e4;
var StateFiles = class {
	#folder;
	#disk;
	#waitMs;
	#loaded = new Map();
	#queue = new KeyedQueue();
	constructor(folder, { disk, waitMs = longestWaitMs } = {}) {
		this.#folder = folder;
		this.#disk = disk;
		this.#waitMs = waitMs;
	}
	path(name) {
		return this.#folder === void 0 ? void 0 : join(this.#folder, name);
	}
	read(name) {
		const file = this.path(name);
		const loaded = this.#loaded.get(name);
		if (file === void 0) return loaded?.values ?? {};
		const identity = fileIdentity(file);
		if (loaded !== void 0 && identity !== void 0 && loaded.identity === identity) return loaded.values;
		const values = readValues(file);
		this.#loaded.set(name, {
			identity,
			values
		});
		return values;
	}
	change(name, change, { mode = 420 } = {}) {
		return this.#queue.run([name], async () => {
			if (this.path(name) === void 0) {
				this.#loaded.set(name, {
					identity: void 0,
					values: await change(this.read(name))
				});
				return;
			}
			await this.alone(name, async () => {
				const before = this.read(name);
				const values = await change(before);
				if (values === before) return;
				await this.write(name, textOf$1(values), { mode });
			});
		});
	}
	async alone(name, work) {
		const { folder, file } = this.#place(name);
		const terms = {
			folder: join(folder, "claims"),
			name: name.replaceAll("/", " "),
			waitMs: this.#waitMs,
			busy: (processId) => new ExtensionError("STATE_BUSY", `Process ${String(processId)} has been changing ${file} for too long.`, { details: {
				file,
				processId
			} })
		};
		try {
			return await workAlone(terms, work);
		} catch (error) {
			throw unwritable(file, error);
		}
	}
	async write(name, text, { mode }) {
		const { file } = this.#place(name);
		try {
			await writeWhole(file, text, {
				mode,
				disk: this.#disk
			});
		} catch (error) {
			throw unwritable(file, error);
		}
	}
	async sweep() {
		if (this.#folder === void 0) return;
		const folders = [
			"",
			"storage",
			"secrets"
		].map((name) => join(this.#folder ?? "", name));
		await Promise.all(folders.map((folder) => removeLeftAside(folder)));
	}
	#place(name) {
		const folder = this.#folder;
		if (folder === void 0) throw new TypeError("State in memory has no files.");
		return {
			folder,
			file: join(folder, name)
		};
	}
};
function textOf$1(values) {
	const text = JSON.stringify(values);
	return `${text.length > mostSetIn ? text : JSON.stringify(values, void 0, 2)}\n`;
}
function readValues(file) {
	let text;
	try {
		text = readRegularFile(file, Infinity);
	} catch (cause) {
		if (cause.code === "ENOENT") return {};
		const why = diskRefusal(cause);
		const message = `${file} can't be read${why === void 0 ? "" : `: ${why}`}.`;
		throw new ExtensionError("STATE_UNREADABLE", message, {
			details: { file },
			cause
		});
	}
	let values;
	try {
		values = JSON.parse(text);
	} catch {
		throw new ExtensionError("STATE_UNREADABLE", `${file} is not JSON.`, { details: { file } });
	}
	if (typeof values === "object" && values !== null && !Array.isArray(values)) return values;
	throw new ExtensionError("STATE_UNREADABLE", `${file} does not hold an object.`, { details: { file } });
}
function unwritable(file, cause) {
	const why = diskRefusal(cause);
	if (why === void 0) return cause;
	return new ExtensionError("STATE_UNWRITABLE", `${file} can't be written: ${why}.`, {
		details: { file },
		cause
	});
}
// core/src/host/state/secret-box.ts
const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const others = 63;
function newSecretKey() {
	return `${randomBytes(keyBytes).toString("base64")}\n`;
}
function readSecretKey(file) {
	let descriptor;
	let key;
	try {
		descriptor = openSync(file, nonBlockingRead);
		const stat = fstatSync(descriptor);
		if (process.platform !== "win32" && (stat.mode & others) !== 0) throw stateError("STATE_KEY_EXPOSED", `Others can use ${file}: its mode is ${(stat.mode & 511).toString(8).padStart(4, "0")}.`, file);
		key = Buffer.from(stat.isFile() && stat.size < 1024 ? readFileSync(descriptor, "utf8") : "", "base64");
	} catch (cause) {
		if (cause instanceof ExtensionError) throw cause;
		if (cause.code === "ENOENT") return void 0;
		throw new ExtensionError("STATE_UNREADABLE", `${file} can't be read.`, {
			details: { file },
			cause
		});
	} finally {
		if (descriptor !== void 0) closeSync(descriptor);
	}
	if (key.length !== keyBytes) throw stateError("STATE_KEY_LOST", `${file} holds no key.`, file);
	return key;
}
function seal(secrets, extensionId, key) {
	const nonce = randomBytes(nonceBytes);
	const cipher = createCipheriv(algorithm, key, nonce).setAAD(owner(extensionId));
	const data = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final()]);
	return {
		format: 1,
		key: nameOf(key),
		nonce: nonce.toString("base64"),
		tag: cipher.getAuthTag().toString("base64"),
		data: data.toString("base64")
	};
}
function unseal(sealed, extensionId, { file, keyFile, key }) {
	const modified = () => stateError("STATE_MODIFIED", `${file} is not what the host has written for ${extensionId}.`, file);
	if (!isSealed(sealed)) throw modified();
	if (key === void 0) throw stateError("STATE_KEY_LOST", `${file} needs the key ${keyFile}; there is none.`, file);
	if (sealed.key !== nameOf(key)) throw stateError("STATE_KEY_LOST", `${file} was written with another key than the one in ${keyFile}.`, file);
	try {
		const options = { authTagLength: tagBytes };
		const decipher = createDecipheriv(algorithm, key, Buffer.from(sealed.nonce, "base64"), options).setAAD(owner(extensionId)).setAuthTag(Buffer.from(sealed.tag, "base64"));
		const data = Buffer.from(sealed.data, "base64");
		return JSON.parse(decipher.update(data, void 0, "utf8") + decipher.final("utf8"));
	} catch {
		throw modified();
	}
}
function isSealed(values) {
	const { format, key, nonce, tag, data } = values;
	return format === 1 && [
		key,
		nonce,
		tag,
		data
	].every((text) => typeof text === "string");
}
function owner(extensionId) {
	return Buffer.from(`plugboard secrets 1 ${extensionId}`);
}
function nameOf(key) {
	return createHash("sha256").update("plugboard secrets key").update(key).digest("hex").slice(0, 16);
}
function stateError(code, message, file) {
	return new ExtensionError(code, message, { details: { file } });
}
// core/src/host/state/state-folder.ts
const extensionsName = "extensions.json";
const trustName = "trust.json";
const keyName = "secrets.key";
var StateFolder = class {
	#files;
	constructor(folder, options) {
		this.#files = new StateFiles(folder, options);
	}
	storage(extensionId) {
		const name = `storage/${extensionId}.json`;
		return {
			get: async (key) => structuredClone(own(this.#files.read(name), key)),
			set: async (key, value) => {
				const copy = jsonCopy(value, extensionId);
				await this.#files.change(name, (values) => ({
					...values,
					[key]: copy
				}));
			},
			delete: (key) => this.#files.change(name, (values) => without(values, key)),
			keys: async () => Object.keys(this.#files.read(name))
		};
	}
	secrets(extensionId) {
		const name = `secrets/${extensionId}.json`;
		const change = (make) => this.#files.change(name, async (sealed) => {
			const before = this.#unseal(sealed, extensionId, name);
			const secrets = make(before);
			if (secrets === before) return sealed;
			const key = await this.#keyToWriteWith();
			return key === void 0 ? secrets : seal(secrets, extensionId, key);
		}, { mode: 384 });
		return {
			get: async (key) => own(this.#unseal(this.#files.read(name), extensionId, name), key),
			set: async (key, value) => {
				const secret = secretText(value, extensionId);
				await change((secrets) => ({
					...secrets,
					[key]: secret
				}));
			},
			delete: (key) => change((secrets) => without(secrets, key))
		};
	}
	disabled() {
		return idsIn(this.#files.read(extensionsName).disabled);
	}
	get extensionsFile() {
		return this.#files.path(extensionsName);
	}
	enabledAt() {
		const { enabledAt } = this.#files.read(extensionsName);
		return typeof enabledAt === "object" && enabledAt !== null ? enabledAt : {};
	}
	setDisabled(id, { isDisabled }) {
		return this.#files.change(extensionsName, (values) => {
			const others = idsIn(values.disabled).filter((other) => other !== id);
			const enabledAt = without(typeof values.enabledAt === "object" && values.enabledAt !== null ? values.enabledAt : {}, id);
			return isDisabled ? {
				...values,
				disabled: [...others, id],
				enabledAt
			} : {
				...values,
				disabled: others,
				enabledAt: {
					...enabledAt,
					[id]: Date.now()
				}
			};
		});
	}
	trust() {
		return this.#files.read(trustName);
	}
	get trustFile() {
		return this.#files.path(trustName);
	}
	setTrust(id, change) {
		return this.#files.change(trustName, (values) => {
			const value = change(own(values, id));
			return {
				...without(values, id),
				...value === void 0 ? {} : { [id]: value }
			};
		});
	}
	get digestsFile() {
		return this.#files.path("digests.json");
	}
	get indexFile() {
		return this.#files.path("index.json");
	}
	sweep() {
		return this.#files.sweep();
	}
	#unseal(sealed, extensionId, name) {
		const file = this.#files.path(name);
		const keyFile = this.#files.path(keyName);
		if (file === void 0 || keyFile === void 0 || Object.keys(sealed).length === 0) return sealed;
		return unseal(sealed, extensionId, {
			file,
			keyFile,
			key: readSecretKey(keyFile)
		});
	}
	async #keyToWriteWith() {
		const keyFile = this.#files.path(keyName);
		if (keyFile === void 0) return void 0;
		const key = readSecretKey(keyFile);
		if (key !== void 0) return key;
		await this.#files.alone(keyName, async () => {
			if (readSecretKey(keyFile) !== void 0) return;
			assertNoSecrets(join(dirname(keyFile), "secrets"), keyFile);
			await this.#files.write(keyName, newSecretKey(), { mode: 384 });
		});
		return readSecretKey(keyFile);
	}
};
function assertNoSecrets(folder, file) {
	let names = [];
	try {
		names = readdirSync(folder).filter((name) => name.endsWith(".json"));
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
	}
	if (names.length === 0) return;
	throw new ExtensionError("STATE_KEY_LOST", `${file} is gone, but ${folder} holds secrets that need it.`, { details: { file } });
}
function own(values, key) {
	return Object.hasOwn(values, key) ? values[key] : void 0;
}
function secretText(value, extensionId) {
	if (typeof value === "string") return value;
	throw new ExtensionError("STATE_INVALID", `${extensionId} stores a secret that is no text.`, {
		extensionId,
		details: {
			path: "",
			found: value === null ? "null" : `a ${typeof value}`
		}
	});
}
function idsIn(value) {
	return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}
function without(values, key) {
	if (!Object.hasOwn(values, key)) return values;
	return Object.fromEntries(Object.entries(values).filter(([other]) => other !== key));
}
// core/src/host/report/unknown-ids.ts
function unknownIds(options, known, places) {
	const problems = [];
	for (const { id, option, pointer, what } of namedIds(options)) {
		if (known.has(id) || id.endsWith("*") && matchesAny(id, known)) continue;
		const suggestion = id.endsWith("*") ? void 0 : nearest(id, known);
		problems.push({
			code: "CONFIG_UNKNOWN_ID",
			severity: suggestion === void 0 ? "info" : "warning",
			...places.at(pointer, what) ?? {
				file: "",
				path: pointer
			},
			message: id.endsWith("*") ? `"${option}" has an entry for ${id}, and no extension here has such an id.` : `"${option}" names ${id}, and no extension here has that id.`,
			...suggestion === void 0 ? {} : { suggestion }
		});
	}
	return problems;
}
function* namedIds(options) {
	for (const option of ["enabled", "disabled"]) for (const [index, id] of (options[option] ?? []).entries()) yield {
		id,
		option,
		pointer: childPointer(`/${option}`, index),
		what: "value"
	};
	for (const option of [
		"runtimePolicy",
		"grants",
		"settings"
	]) {
		const table = options[option];
		if (typeof table !== "object") continue;
		for (const id of Object.keys(table)) yield {
			id,
			option,
			pointer: childPointer(`/${option}`, id),
			what: "key"
		};
	}
}
function matchesAny(pattern, known) {
	if (pattern === "*") return true;
	for (const id of known) if (matchesPattern(pattern, id)) return true;
	return false;
}
// core/src/host/host.ts
var Host = class {
	extensions;
	#options;
	#limits;
	#discovery;
	#registry;
	#lifecycle;
	#clock;
	#examiner;
	#state;
	#disabled;
	#trust;
	#places;
	#settings;
	#services;
	#runtimes;
	#runtimeSettings;
	#capabilities;
	#functions;
	#files = new ManifestFiles();
	#problems;
	#listed = Promise.withResolvers();
	#list;
	#changed;
	#contributionsChanged;
	#applying = new Set();
	#changedAt = new Map();
	#stateProblem;
	#isListed = false;
	#folderProblems = [];
	#container;
	#starting;
	#stopping;
	constructor(options) {
		this.#options = options;
		this.#limits = limitsOf(options.limits);
		const report = (error) => this.#report(error);
		this.#functions = new ApplicationFunctions(report);
		this.#changed = new EventEmitter(report);
		this.#contributionsChanged = new EventEmitter(report);
		this.#state = new StateFolder(options.stateFolder === void 0 ? void 0 : resolve(options.stateFolder));
		this.#places = new ConfigPlaces(options.configFile === void 0 ? void 0 : resolve(options.configFile));
		this.#clock = new CallClock(this.#limits.callMs);
		this.#registry = new ContributionRegistry(report);
		for (const point of [
			commands,
			configuration,
			runtimes,
			...options.points ?? []
		]) this.#registry.open(point);
		this.#examiner = new SectionExaminer(this.#registry, (folder) => this.#files.manifest(folder));
		const problem = (description, pointer, what, finding) => this.#examiner.problem(description, pointer, what, finding);
		this.#settings = new Settings({
			values: options.settings ?? {},
			places: this.#places,
			problem,
			report
		});
		this.#services = new Map((options.services ?? []).map((service) => [service.id, serviceValue(service)]));
		this.#runtimeSettings = new RuntimeSettings({
			registry: this.#registry,
			description: (id) => this.#lifecycle.get(id)?.serving.description,
			readSchema: (description, path) => this.#files.schema(description, path),
			problem: (description, { pointer, what }, finding) => problem(description, pointer, what, finding)
		});
		this.#runtimes = new RuntimeFinder({
			own: ownRuntimes(options, this.#limits, sessionTerms(this.#limits, report)),
			given: options.runtimes ?? [],
			registry: this.#registry,
			settings: this.#runtimeSettings,
			policy: runtimePolicyOf(options.runtimePolicy),
			functions: this.#functions,
			places: this.#places,
			problem
		});
		this.#capabilities = new CapabilityPolicy({
			grants: options.grants,
			stateFolder: options.stateFolder === void 0 ? void 0 : resolve(options.stateFolder),
			runtimeKind: (description) => this.#runtimes.kind(description),
			trust: (kind) => this.#runtimes.trust(kind),
			problem,
			functions: this.#functions
		});
		const strings = new StringPool();
		this.#discovery = new ExtensionDiscovery({
			folders: (options.extensionFolders ?? []).map((folder) => resolve(folder)),
			developmentFolders: (options.developmentFolders ?? []).map((folder) => resolve(folder)),
			parse: (source) => parseManifest(source, {
				apiVersion: apiPackage.version,
				strings
			}),
			parserVersion: `${version} ${apiPackage.version}`,
			...this.#state.indexFile === void 0 ? {} : { indexFile: this.#state.indexFile },
			onInternalError: report
		});
		this.#trust = this.#createTrust();
		this.#lifecycle = this.#createLifecycle(report);
		this.#list = new HostExtensions({
			discovery: this.#discovery,
			lifecycle: this.#lifecycle,
			registry: this.#registry,
			settings: this.#settings,
			capabilities: this.#capabilities,
			runtimeSettings: this.#runtimeSettings,
			functions: this.#functions,
			lastEventAt: (folder) => this.#lastEventAt(folder),
			runtimeKind: (description) => this.#runtimes.kind(description),
			trust: (kind) => this.#runtimes.isKnown(kind) ? this.#runtimes.trust(kind) : void 0,
			runtimes: this.#runtimes,
			declarations: new DeclarationChecks({
				registry: this.#registry,
				runsWithoutMain: (description) => this.#runtimes.runsWithoutMain(description),
				offered: new Set(this.#services.keys()),
				wasFired: (event) => this.#lifecycle.events.happened(event) !== void 0,
				problem
			}),
			content: (description) => this.#trust.content(description),
			onDidChange: this.#changed.event,
			incompleteMs: this.#limits.incompleteMs
		});
		this.extensions = this.#list;
		this.#problems = new ProblemTeller({
			info: (folder) => this.#list.inFolder(folder),
			incompleteMs: this.#limits.incompleteMs,
			tell: (problem, { id, folder, generation }) => {
				this.#changed.fire({
					kind: "problem",
					id,
					folder,
					generation,
					problem
				});
			}
		});
		this.#lifecycle.presetDisabled(options.disabled ?? []);
		this.#disabled = new DisabledIds(this.#state, {
			preset: (ids) => {
				const enabled = new Set(options.enabled);
				this.#lifecycle.presetDisabled(ids.filter((id) => !enabled.has(id)));
			},
			switch: (id, way) => this.#switch(id, way),
			fault: (error, { isKnown }) => {
				if (!isKnown) this.#lifecycle.presetAllDisabled({ except: new Set(this.#options.enabled) });
				this.#tellStateProblem(error);
			},
			readable: () => {
				if (this.#stateProblem?.file === this.#state.extensionsFile) this.#stateProblem = void 0;
			},
			known: async (ids) => {
				const { disabled = [], enabled = [] } = this.#options;
				const resolved = new Set([...disabled, ...ids.filter((id) => !enabled.includes(id))]);
				await this.#lifecycle.resolveDisabled(resolved).catch(this.#report.bind(this));
			}
		});
		this.#lifecycle.onDidChange((event) => {
			this.#relay(event);
		});
		this.#registry.onDidChange((deltas) => {
			for (const { point, added, changed, removed } of deltas) {
				if (point === runtimes.id && added.length > 0) this.#lifecycle.runtimeAdded();
				if (!this.#contributionsChanged.isHeard) continue;
				const ids = (contributions) => contributions.map(({ id }) => id);
				this.#contributionsChanged.fire({
					point,
					added: ids(added),
					changed: ids(changed),
					removed: ids(removed)
				});
			}
		});
		if (options.container !== void 0) this.#container = new ApplicationContainer(options.container, this.#registry);
	}
	get problems() {
		const found = [
			...this.#discovery.problems(),
			...this.#trust.problems,
			...this.#unknownIds()
		];
		return this.#stateProblem === void 0 ? found : [this.#stateProblem, ...found];
	}
	get points() {
		return this.#registry.points;
	}
	get onDidChangeContributions() {
		return this.#contributionsChanged.event;
	}
	start({ until = "settled" } = {}) {
		if (this.#stopping !== void 0) return Promise.reject(hostStopped());
		return this.#starting ??= this.#start(until);
	}
	stop() {
		return this.#stopping ??= this.#stop();
	}
	contributions(point) {
		const id = typeof point === "string" ? point : point.id;
		const collection = this.#registry.collection(id);
		if (collection === void 0) throw unknownPoint(id, this.points);
		return collection;
	}
	async call(pointId, id, method, args) {
		this.#assertRunning();
		const point = this.#registry.point(pointId);
		if (point === void 0) throw unknownPoint(pointId, this.points);
		const contribution = this.#registry.find(pointId, id);
		if (contribution === void 0) {
			const known = this.contributions(pointId).entries().map((entry) => entry.id);
			throw new ExtensionError("CALL_UNKNOWN_TARGET", `Nobody contributes ${pointId} "${id}".${didYouMean(id, known)}`, { details: {
				point: pointId,
				id
			} });
		}
		const arity = point.methods[method];
		if (arity === void 0) throw contribution.unknownTarget(method);
		if (arity !== "variadic" && args.length !== arity) throw new ExtensionError("CALL_INVALID", `${method} of ${pointId} takes ${counted(arity, "argument")}; ${String(args.length)} ${args.length === 1 ? "was" : "were"} given.`, { details: {
			point: pointId,
			id,
			method,
			arity
		} });
		return contribution.invoke(method, args, void 0);
	}
	executeCommand(id, ...args) {
		return this.call(commands.id, id, "execute", args);
	}
	async activateByEvent(event) {
		const timeline = new ActivationTimeline();
		await this.#lifecycle.fire(canonicalActivationEvent(event), { timeline }, { isRemembered: true });
		return reportOf(timeline, event);
	}
	explain(subject) {
		return explain(subject, this.#lifecycle, (id) => this.#list.get(id) ?? this.#list.named(id), (description) => this.#capabilities.capabilities(description));
	}
	async activate(id) {
		this.#assertRunning();
		const extension = this.#lifecycle.get(id);
		if (extension === void 0) throw unknownExtension(id);
		await this.#lifecycle.activate(extension);
	}
	memory(id) {
		return this.#list.memory(id);
	}
	reload(id) {
		return this.#lifecycle.reload(id);
	}
	deactivate(id) {
		return this.#lifecycle.deactivate(id);
	}
	async enable(id) {
		await this.#lifecycle.enable(id);
		await this.#state.setDisabled(id, { isDisabled: false });
	}
	async disable(id) {
		await this.#lifecycle.disable(id);
		await this.#state.setDisabled(id, { isDisabled: true });
	}
	async trust(id, { isPinned = false } = {}) {
		this.#assertRunning();
		const extension = this.#lifecycle.get(id);
		if (extension === void 0) throw unknownExtension(id);
		const before = new Set(this.#applying);
		await this.#trust.trust(extension.description, { isPinned });
		await this.#applied(before);
	}
	async untrust(id) {
		this.#assertRunning();
		await this.#trust.distrust(id);
		await this.#distrust(id);
	}
	retry(id) {
		return this.#lifecycle.retry(id);
	}
	configure(id, settings) {
		this.#settings.set(id, settings);
	}
	async rescan() {
		this.#assertRunning();
		const before = new Set(this.#applying);
		await this.#discovery.rescan();
		const running = [...this.#lifecycle.extensions].filter(({ serving }) => serving.isRunning).map(({ id }) => id);
		this.#track(this.#lifecycle.apply({
			added: [],
			changed: [],
			removed: [],
			broken: [],
			repaired: [],
			touched: running
		}));
		await this.#applied(before);
	}
	get listed() {
		return this.#listed.promise;
	}
	list() {
		this.#apply(this.#discovery.scan());
	}
	description(folder) {
		const entry = this.#discovery.entry(folder);
		return entry?.kind === "extension" ? entry.description : void 0;
	}
	draftProblems(folder) {
		const entry = this.#discovery.entry(folder);
		const draft = entry?.kind === "broken" ? this.#files.draft(entry.broken) : void 0;
		if (draft === void 0) return [];
		return [...this.#examiner.examine(draft, void 0).problems, ...checkPaths(draft)];
	}
	async #start(until) {
		const timeline = new ActivationTimeline();
		const isFollowing = this.#options.watch === true;
		await Promise.all([this.#disabled.begin({ isFollowing }), this.#trust.begin({ isFollowing })]);
		await this.#forgetDisabled(this.#options.enabled ?? []);
		this.#assertRunning();
		this.#discovery.onDidChange((change) => {
			this.#apply(change);
			this.#prepareRuntimes(change);
		});
		const change = this.#discovery.scan();
		const looked = this.#apply(change);
		if (isFollowing) this.#discovery.watch();
		if (this.#trust.restricts) await looked;
		this.#listed.resolve();
		for (const problem of this.#unknownIds()) if (problem.severity !== "info") this.#tellHostProblem(problem);
		const events = until === "listed" ? [] : ["onStartup", "onStartupFinished"];
		const prepared = this.#stopping === void 0 && events.length > 0 ? this.#prepareRuntimes(change) : void 0;
		try {
			for (const event of events) await this.#lifecycle.fire(event, { timeline }, { isRemembered: true });
			await Promise.all([prepared, looked]);
		} catch (error) {
			if (!isExtensionError(error, "HOST_STOPPED")) throw error;
		}
		this.#state.sweep();
		this.#trust.remember();
		const listed = this.extensions.size;
		let problems;
		const found = () => problems ??= [...this.problems, ...this.#list.problems()];
		return {
			...reportOf(timeline, `${counted(listed, "extension")} listed`),
			listed,
			get problems() {
				return found();
			}
		};
	}
	async #forgetDisabled(ids) {
		try {
			const disabled = ids.length === 0 ? ids : this.#state.disabled();
			for (const id of ids) if (disabled.includes(id)) await this.#state.setDisabled(id, { isDisabled: false });
		} catch (error) {
			this.#tellStateProblem(error);
		}
	}
	async #prepareRuntimes({ delta }) {
		const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
		await new Deadlines().within(this.#limits.activateMs, this.#runtimes.prepare(came), () => void 0);
	}
	async #stop() {
		this.#listed.resolve();
		this.#problems.dispose();
		this.#disabled.dispose();
		await Promise.all([this.#discovery.close(), this.#lifecycle.stop()]);
		await new Deadlines().within(this.#limits.stopMs, this.#trust.dispose(), () => void 0);
		await new Deadlines().within(this.#limits.stopMs, this.#runtimes.dispose(), () => void 0);
		this.#clock.dispose();
		this.#container?.dispose();
		this.#container = void 0;
	}
	#apply(change) {
		const { delta, broken, repaired, touched, folders } = change;
		if (this.#isListed && this.#options.watch === true) for (const { folder, after } of folders) if (after === void 0) this.#changedAt.delete(folder);
		else this.#changedAt.set(folder, performance.now());
		this.#isListed = true;
		const applied = this.#lifecycle.apply({
			added: delta.added,
			changed: delta.changed.map(({ after }) => after),
			removed: delta.removed,
			broken: broken.map(({ id, entry }) => ({
				id,
				problems: entry.problems
			})),
			repaired: repaired.map(({ id }) => id),
			touched: [...touched].flatMap((folder) => this.#lifecycle.inFolder(folder)?.id ?? [])
		});
		if (this.#changed.isHeard) for (const { folder } of folders) this.#problems.look(folder);
		if (change.problems !== void 0) this.#tellFolderProblems(change.problems);
		const looked = this.#lookAt(change);
		this.#track(Promise.all([applied, looked]));
		return looked;
	}
	async #lookAt({ delta, touched }) {
		if (!this.#trust.looks) return;
		const near = [...touched].flatMap((folder) => this.#lifecycle.inFolder(folder)?.description ?? []);
		const came = [...delta.added, ...delta.changed.map(({ after }) => after)];
		await this.#trust.lookAt([...new Set([...came, ...near])], delta.removed);
	}
	async #applied(before) {
		for (;;) {
			const rest = [...this.#applying].filter((applied) => !before.has(applied));
			if (rest.length === 0) return;
			await Promise.all(rest);
		}
	}
	async #distrust(id) {
		const description = this.#lifecycle.get(id)?.description;
		const reason = description && this.#trust.obstacle(description);
		if (reason !== void 0) await this.#lifecycle.refuse(id, reason);
	}
	#tellFolderProblems(problems) {
		const before = this.#folderProblems;
		this.#folderProblems = problems;
		for (const problem of problems) {
			if (before.some(({ code, file }) => code === problem.code && file === problem.file)) continue;
			this.#tellHostProblem(problem);
		}
	}
	#unknownIds() {
		if (!this.#isListed) return [];
		const known = new Set();
		for (const entry of this.#discovery.entries()) {
			const { id } = placeOf$1(entry);
			if (id !== void 0) known.add(id);
		}
		return unknownIds(this.#options, known, this.#places);
	}
	#tellHostProblem(problem) {
		this.#changed.fire({
			kind: "problem",
			id: void 0,
			folder: problem.file,
			generation: 0,
			problem
		});
	}
	#tellStateProblem(error) {
		if (!isExtensionError(error)) {
			this.#report(error);
			return;
		}
		const { code, message, details } = error;
		const file = typeof details.file === "string" ? details.file : "";
		this.#stateProblem = {
			code,
			severity: "error",
			file,
			message
		};
		this.#tellHostProblem(this.#stateProblem);
	}
	async #switch(id, { isDisabled }) {
		if (!isDisabled && this.#options.disabled?.includes(id) === true) return;
		try {
			await this.#lifecycle.setDisabled(id, { isDisabled });
		} catch (error) {
			if (!isExtensionError(error, "HOST_STOPPED")) this.#report(error);
		}
	}
	#track(applied) {
		const settled = applied.then(() => void 0).finally(() => this.#applying.delete(settled));
		this.#applying.add(settled);
	}
	#lastEventAt(folder) {
		const changedAt = this.#changedAt.get(folder);
		const eventAt = this.#discovery.lastEventAt(folder);
		if (changedAt === void 0 || eventAt === void 0) return changedAt ?? eventAt;
		return Math.max(changedAt, eventAt);
	}
	#relay(event) {
		if (!this.#changed.isHeard) return;
		if (event.problem !== void 0 && this.#problems.hasTold(event.folder, event.problem)) return;
		this.#changed.fire(event);
		if (event.kind !== "removed" && event.kind !== "problem") this.#problems.look(event.folder);
	}
	#createTrust() {
		const { trust, keys, lockfile, revokedKeys, developmentFolders } = this.#options;
		return new HostTrust({
			terms: {
				policy: trust ?? "all",
				revokedKeys: revokedKeys ?? "stop",
				keys: keys === void 0 ? void 0 : resolve(keys),
				lockfile: lockfile === void 0 ? void 0 : resolve(lockfile),
				developmentFolders: (developmentFolders ?? []).map((folder) => resolve(folder))
			},
			state: this.#state,
			lastEventAt: (folder) => this.#lastEventAt(folder),
			incompleteMs: this.#limits.incompleteMs,
			onVerdicts: (ids) => {
				this.#track(this.#lifecycle.reconsiderContent(ids));
			},
			isRunning: (id) => this.#lifecycle.get(id)?.serving.isRunning === true,
			onDistrust: (id) => this.#distrust(id),
			onFault: (error) => this.#tellStateProblem(error)
		});
	}
	#createLifecycle(report) {
		const limits = this.#limits;
		const registry = this.#registry;
		const discovery = this.#discovery;
		const watched = new WatchedFiles();
		const isWatching = this.#options.watch === true;
		const begunAt = new WeakMap();
		const gate = this.#trust;
		const terms = sessionTerms(limits, report);
		const memoryWatch = new MemoryWatch(limits.memoryBytes);
		return new ExtensionLifecycle({
			limits,
			activator: new Activator({
				limits,
				clock: this.#clock,
				registry,
				runtime: (description) => this.#runtimes.find(description),
				runsWithoutMain: (description) => this.#runtimes.runsWithoutMain(description),
				environment: (generation) => this.#environment(generation),
				capabilities: (description) => this.#capabilities.capabilities(description),
				realFolder: realFolderOf,
				group: (description) => this.#capabilities.group(description),
				startPlace: (runtime) => runtime instanceof ChannelRuntime ? runtime.place() : void 0,
				openSession: (request, channel) => openSession(request, channel, terms, memoryWatch),
				admit: (description) => gate.admit(description),
				onStart: (generation) => {
					begunAt.set(generation, Date.now());
					watched.note(generation);
				},
				onFile: (generation) => {
					this.#lifecycle.filesChanged(generation);
				},
				onProblem: (generation) => {
					this.#lifecycle.problemsChanged(generation);
				},
				report
			}),
			registry,
			examiner: this.#examiner,
			follower: {
				isFollowing: isWatching,
				lastEventAt: (folder) => this.#lastEventAt(folder),
				follow: (folder, files, globs) => {
					const extension = this.#lifecycle.inFolder(folder);
					const generation = extension?.candidate ?? extension?.serving;
					const since = generation && begunAt.get(generation);
					return discovery.follow(folder, files, {
						globs,
						since
					});
				},
				changedFiles: async (generation) => [...await changedFiles(generation.files ?? new Map()), ...await watched.changed(generation)],
				isAsDescribed: (description) => discovery.isAsDescribed(description),
				lookAgain: (folder) => {
					discovery.lookAgain(folder);
				}
			},
			gate: gate.restricts ? gate : void 0,
			restart: restartPolicy(this.#options.restart, this.#functions),
			readSchema: (description, path) => this.#files.schema(description, path),
			copyExports: (id, values) => copyExportedValues(values, id, limits.callBytes),
			reportExports: (generation, error) => {
				const message = `What it exports can't be used by other extensions. ${error.message}`;
				this.#logger(generation).warn(message, { error });
			},
			reportLeftovers: (generation, leftovers) => {
				this.#warnOfLeftovers(generation, leftovers);
			},
			report
		});
	}
	#environment(generation) {
		const { description } = generation;
		const outline = outlineOf(description);
		const declared = new Set(outline.services ?? []);
		const own = outline.contributes?.points ?? [];
		const granted = this.#capabilities.services(description);
		return {
			services: [...this.#services].filter(([id]) => granted.has(id)).map(([id, value]) => ({
				id,
				value,
				methods: this.#options.services?.find((offer) => offer.id === id)?.methods ?? {}
			})),
			undeclaredServices: [...this.#services.keys()].filter((id) => !declared.has(id)),
			configuration: this.#settings.of(description),
			storage: this.#state.storage(description.id),
			secrets: this.#state.secrets(description.id),
			logger: recordingLogger(this.#logger(generation)),
			points: own.flatMap(({ id }) => {
				const methods = this.#registry.point(id)?.methods;
				return methods === void 0 ? [] : [{
					id,
					methods
				}];
			}),
			collection: (pointId) => own.some(({ id }) => id === pointId) ? this.#registry.collection(pointId) : void 0
		};
	}
	#logger(generation) {
		const { logger } = this.#options;
		const fields = {
			extensionId: generation.description.id,
			generation: generation.number
		};
		const log = (level) => (message, more) => {
			logger?.[level](message, {
				...more,
				...fields
			});
		};
		return {
			debug: log("debug"),
			info: log("info"),
			warn: log("warn"),
			error: log("error")
		};
	}
	#warnOfLeftovers(generation, leftovers) {
		const parts = Object.entries(leftovers).map(([kind, count]) => `${String(count)} ${kind}${count === 1 ? "" : "s"}`);
		this.#logger(generation).warn(`Generation ${String(generation.number)} of ${generation.description.id} left behind ${parts.join(", ")}. Put what it starts in context.subscriptions.`, { leftovers });
	}
	#assertRunning() {
		if (this.#stopping !== void 0) throw hostStopped();
	}
	#report(error) {
		this.#options.logger?.error("The host or one of its listeners failed.", { error });
	}
};
function counted(count, noun) {
	return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
function serviceValue(offer) {
	if (Object.keys(offer.methods).length === 0) return offer.value;
	return createServiceStub(offer.value, offer.methods);
}
function reportOf(timeline, headline) {
	const entries = timeline.entries();
	const elapsedMs = timeline.elapsedMs;
	return {
		outcomes: entries,
		failed: entries.filter((entry) => entry.state !== "active"),
		elapsedMs,
		format: () => formatTimeline(entries, elapsedMs, headline)
	};
}
// core/src/host/offline/listed-extensions.ts
async function listedExtensions(folders) {
	const host = new Host(folders);
	const found = new Map();
	try {
		host.list();
		for (const { folder, reason } of host.extensions) {
			const description = host.description(folder);
			if (description !== void 0 && reason?.code !== "SHADOWED") found.set(description.id, description);
		}
	} finally {
		await host.stop();
	}
	return found;
}
async function listedExtension(id, folders) {
	const listed = await listedExtensions(folders);
	const found = listed.get(id);
	if (found !== void 0) return found;
	const message = `No extension "${id}" is known.${didYouMean(id, [...listed.keys()])}`;
	throw new ExtensionError("EXTENSION_UNKNOWN", message, { extensionId: id });
}
// core/src/host/offline/switch-extension.ts
async function switchExtension(id, { isEnabled, stateFolder, extensionFolders = [], developmentFolders = [] }) {
	const state = new StateFolder(resolve(stateFolder));
	const wasEnabled = !state.disabled().includes(id);
	if (wasEnabled) await listedExtension(id, {
		extensionFolders,
		developmentFolders
	});
	if (isEnabled || wasEnabled) await state.setDisabled(id, { isDisabled: !isEnabled });
	return {
		id,
		enabled: isEnabled,
		changed: wasEnabled !== isEnabled
	};
}
// core/src/manifest/hidden-characters.ts
const hidden = /[\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb\0-\b\v\x0e-\x1f\x7f-\x9f]/u;
const rightToLeft = scripts(...[
	"Hebrew",
	"Arabic",
	"Syriac",
	"Thaana",
	"Nko",
	"Samaritan",
	"Mandaic",
	"Adlam",
	"Hanifi_Rohingya"
]);
const joined = scripts(...[
	"Arabic",
	"Syriac",
	"Mongolian",
	"Nko",
	"Mandaic",
	"Adlam",
	"Phags_Pa",
	"Devanagari",
	"Bengali"
], ...[
	"Gurmukhi",
	"Gujarati",
	"Oriya",
	"Tamil",
	"Telugu",
	"Kannada",
	"Malayalam",
	"Sinhala",
	"Khmer"
], ...[
	"Myanmar",
	"Tibetan",
	"Balinese",
	"Javanese"
]);
const unspaced = scripts("Thai", "Lao", "Khmer", "Myanmar");
const emoji = String.raw`\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?`;
const needed = [
	String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{4,6}\u{e007f}`,
	String.raw`${emoji}(?:\u200d${emoji})*`,
	String.raw`[0-9#*]\ufe0f\u20e3`,
	String.raw`(?<=${joined})[\u200c\u200d](?!\u200c|\u200d)`,
	String.raw`(?<=${unspaced})\u200b(?=${unspaced})`,
	String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
	String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180f]`,
	String.raw`(?<=\p{Sm})\ufe00`,
	String.raw`\u115f(?=[\u1160-\u11ff])|(?<=[\u1100-\u115f])\u1160`
].join("|");
function hiddenCharacters(text) {
	if (!hidden.test(text.slice(text.startsWith("﻿") ? 1 : 0))) return [];
	const isRightToLeft = new RegExp(rightToLeft, "u");
	const shown = text.replace(/^\ufeff/, " ").replace(new RegExp(needed, "gu"), blank).replace(/.+/g, (line) => isRightToLeft.test(line) ? line.replace(/[\u061c\u200e\u200f]/g, blank) : line);
	return Array.from(shown.matchAll(new RegExp(`(?:${hidden.source})+`, "gu")), ({ index, 0: run }) => ({
		offset: index,
		codePoint: run.codePointAt(0),
		count: Array.from(run).length
	}));
}
function codePointText(codePoint) {
	const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
	const name = names.get(codePoint) ?? rangeName(codePoint);
	return name === void 0 ? number : `${number} (${name})`;
}
function isBidirectional(codePoint) {
	return /\p{Bidi_Control}/u.test(String.fromCodePoint(codePoint));
}
function scripts(...names) {
	return `[${names.map((name) => String.raw`\p{scx=${name}}`).join("")}]`;
}
function blank(found) {
	return " ".repeat(found.length);
}
const names = new Map([
	[173, "soft hyphen"],
	[847, "combining grapheme joiner"],
	[1564, "Arabic letter mark"],
	[4447, "Hangul choseong filler"],
	[4448, "Hangul jungseong filler"],
	[6158, "Mongolian vowel separator"],
	[8203, "zero width space"],
	[8204, "zero width non-joiner"],
	[8205, "zero width joiner"],
	[8206, "left-to-right mark"],
	[8207, "right-to-left mark"],
	[8232, "line separator"],
	[8233, "paragraph separator"],
	[8234, "left-to-right embedding"],
	[8235, "right-to-left embedding"],
	[8236, "pop directional formatting"],
	[8237, "left-to-right override"],
	[8238, "right-to-left override"],
	[8288, "word joiner"],
	[8294, "left-to-right isolate"],
	[8295, "right-to-left isolate"],
	[8296, "first strong isolate"],
	[8297, "pop directional isolate"],
	[12644, "Hangul filler"],
	[65279, "zero width no-break space"],
	[65440, "halfwidth Hangul filler"]
]);
function rangeName(codePoint) {
	const isBetween = (first, last) => codePoint >= first && codePoint <= last;
	if (isBetween(65024, 65039) || isBetween(917760, 917999)) return "variation selector";
	if (isBetween(917504, 917631)) return "tag";
	if (codePoint < 160) return "control character";
}
// core/src/manifest/hidden-problems.ts
const mostNamed = 20;
const beginningOfId = /["']?\bid["']?\s*:\s*(?:"[^"]*|'[^']*)$/;
function hiddenInManifest(manifest) {
	return hiddenProblems(manifest, "MANIFEST_HIDDEN_CHARACTER", (before) => beginningOfId.test(before) ? "error" : "warning");
}
function hiddenInModule(module) {
	return hiddenProblems(module, "MODULE_HIDDEN_CHARACTER", () => "warning");
}
function mainIn(manifestText) {
	const { value } = readJson5(manifestText.replace(/^\ufeff/, ""));
	const { main } = value ?? {};
	return typeof main === "string" ? posix.normalize(main) : void 0;
}
function hiddenProblems({ file, text }, code, severity) {
	const found = hiddenCharacters(text);
	if (found.length === 0) return [];
	const lines = new TextLines(text);
	return found.slice(0, mostNamed).map(({ offset, codePoint, count }, index) => {
		const { line, column } = lines.at(offset);
		const what = isBidirectional(codePoint) ? "shows text in another order than it is read" : "can't be seen";
		const more = count === 1 ? "" : `; ${String(count)} such characters follow each other`;
		const others = found.length - mostNamed;
		const rest = others > 0 && index === 19 ? `. There are ${String(others)} more places` : "";
		return {
			code,
			severity: severity(text.slice(offset - column + 1, offset)),
			file,
			line,
			column,
			message: `${codePointText(codePoint)} ${what}${more}${rest}.`
		};
	});
}
// core/src/host/offline/hidden-in-folder.ts
const longestMain = 16 * 2 ** 20;
function hiddenInFolder(folder, main) {
	const manifest = textOf(join(folder, manifestName), maximumManifestBytes);
	const module = main === void 0 ? void 0 : textOf(join(folder, main), longestMain);
	return [...manifest === void 0 ? [] : hiddenInManifest(manifest), ...module === void 0 ? [] : hiddenInModule(module)];
}
function textOf(file, limit) {
	try {
		return {
			file,
			text: readRegularFile(file, limit)
		};
	} catch {
		return;
	}
}
// core/src/host/offline/validate-extensions.ts
const aboutOthers = new Set([
	"DEPENDENCY_MISSING",
	"DEPENDENCY_FAILED",
	"CAPABILITY_UNGRANTED",
	"SERVICE_UNKNOWN"
]);
async function validateExtensions(directories, { beside = [] } = {}) {
	const folders = directories.map((directory) => basename(directory) === "plugin.json5" ? resolve(directory, "..") : resolve(directory));
	const others = beside.map((directory) => resolve(directory)).filter((folder) => existsSync(folder));
	const known = [...folders, ...others];
	const isExtension = (folder) => existsSync(join(folder, manifestName));
	const isChecked = (path) => folders.some((folder) => path === folder || path.startsWith(folder + sep));
	const host = new Host({
		developmentFolders: known.filter(isExtension),
		extensionFolders: known.filter((folder) => !isExtension(folder)),
		points: [greeters, transformers]
	});
	try {
		host.list();
		const problems = [...host.problems.filter(({ file }) => others.length === 0 || isChecked(file)).map(asFault), ...[...host.extensions].filter(({ folder }) => others.length === 0 || isChecked(folder)).filter(({ reason }) => others.length === 0 || reason?.code !== "SHADOWED").flatMap((info) => problemsOf(host, info))];
		return {
			valid: !problems.some(({ severity }) => severity === "error"),
			problems
		};
	} finally {
		await host.stop();
	}
}
function asFault(problem) {
	return problem.code === "DISCOVERY_FOLDER_MISSING" ? {
		...problem,
		severity: "error"
	} : problem;
}
function asSure(problem) {
	return problem.code === "RUNTIME_UNKNOWN" && problem.severity === "warning" && problem.suggestion === void 0 ? {
		...problem,
		severity: "info"
	} : problem;
}
function problemsOf(host, info) {
	const found = info.problems.filter((problem) => !aboutOthers.has(problem.code)).map(asSure);
	const description = host.description(info.folder);
	if (description !== void 0) {
		const misled = checkPaths(description);
		const main = misled.length === 0 ? description.manifest.main : void 0;
		return [
			...found,
			...misled,
			...hiddenInFolder(info.folder, main)
		];
	}
	const hidden = hiddenInFolder(info.folder, void 0);
	const visible = found.filter((problem) => !isSameId(problem, hidden));
	const draft = host.draftProblems(info.folder).filter((problem) => !isKnown(problem, found));
	return [
		...visible,
		...draft,
		...hidden
	];
}
function isSameId({ line, path }, hidden) {
	return path?.endsWith("/id") === true && hidden.some((one) => one.severity === "error" && one.line === line);
}
function isKnown(problem, found) {
	return found.some((other) => other.line === problem.line && other.column === problem.column);
}
// core/src/host/face/check-options.ts
const check = (fits, otherwise) => (value) => fits(value) ? void 0 : otherwise;
const listOf = (fits, otherwise) => (value) => Array.isArray(value) && value.every(fits) ? void 0 : otherwise;
const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value) => typeof value === "function";
const isPoint = (value) => isObject(value) && isText(value.id) && isObject(value.methods);
const isOffer = (value) => isObject(value) && isText(value.id) && value.id !== "" && isObject(value.methods);
const isRuntime = (value) => isObject(value) && isText(value.kind) && isFunction(value.start);
const path$1 = check(isText, "has to be a path");
const paths = listOf(isText, "has to be a list of paths");
const ids = listOf(isText, "has to be a list of ids");
const truth = check((value) => typeof value === "boolean", "has to be true or false");
const table = check(isObject, "has to be an object");
const tableOrFunction = check((value) => isObject(value) || isFunction(value), "has to be an object or a function");
const oneOf = (...words) => check((value) => words.includes(value), `has to be ${words.map((word) => `"${word}"`).join(" or ")}`);
const checks = {
	extensionFolders: paths,
	developmentFolders: paths,
	points: listOf(isPoint, "has to be a list of contribution points, each made by contributionPoint()({ id, … })"),
	services: listOf(isOffer, "has to be a list of services, each made by offer(token, value, { methods })"),
	container: check(isObject, "has to be an inversify container"),
	watch: truth,
	settings: table,
	enabled: ids,
	disabled: ids,
	configFile: path$1,
	packages: table,
	runtimePolicy: tableOrFunction,
	grants: tableOrFunction,
	strictBoundaries: truth,
	trust: oneOf("all", "asked"),
	keys: path$1,
	revokedKeys: oneOf("stop", "next start"),
	lockfile: path$1,
	runtimes: listOf(isRuntime, "has to be a list of runtimes, each with a kind and start()"),
	stateFolder: path$1,
	watchdog: oneOf("record", "print"),
	inProcessScope: check(isFunction, "has to be a function"),
	limits: table,
	restart: tableOrFunction,
	logger: check(isObject, "has to be a logger: an object with debug, info, warn and error")
};
function checkHostOptions(options) {
	if (!isObject(options)) throw invalid("", "createExtensionHost takes an object of options.");
	checkNames(options, checks, "createExtensionHost has no option");
	for (const [name, value] of Object.entries(options)) {
		const otherwise = value === void 0 ? void 0 : checks[name](value);
		if (otherwise !== void 0) throw invalid(name, `The option ${name} ${otherwise}, not ${shown(value)}.`);
	}
	if (isObject(options.limits)) checkNames(options.limits, defaultLimits, "The option limits has no limit");
	if (isObject(options.restart)) checkNames(options.restart, defaultRestart, "The option restart has no");
}
function checkNames(given, known, sentence) {
	for (const name of Object.keys(given)) if (!Object.hasOwn(known, name)) throw invalid(name, `${sentence} "${name}".${didYouMean(name, Object.keys(known))}`);
}
function invalid(option, message) {
	return new ExtensionError("CONFIG_INVALID", message, { details: { option } });
}
const longestShown = 60;
function shown(value) {
	if (typeof value === "string") return JSON.stringify(value.slice(0, longestShown));
	if (Array.isArray(value)) return "such a list";
	if (typeof value === "function") return "a function";
	return typeof value === "object" && value !== null ? "such an object" : String(value);
}
// core/src/host/create-extension-host.ts
function createExtensionHost(options = {}) {
	checkHostOptions(options);
	return new Host(options);
}
// core/src/index.ts
var src_exports = __exportAll({
	createExtensionHost: () => createExtensionHost,
	defaultLimits: () => defaultLimits,
	defaultRestart: () => defaultRestart,
	nearest: () => nearest,
	offer: () => offer,
	readHostConfig: () => readHostConfig,
	switchExtension: () => switchExtension,
	validateExtensions: () => validateExtensions
});
import * as import__plugboard_extension_api from "@plugboard/extension-api";
__reExport(src_exports, import__plugboard_extension_api);
export { faultOfPath as $, serveExport as A, readJson5 as At, placeInStack as B, sessionLogLimits as C, defaultLimits as Ct, encodeThrown as D, nearest as Dt, decodeThrown as E, readHostConfig as Et, optionalDependencyRanges as F, isSupportedNode as Ft, asideOf as G, absent as H, KeyedQueue as I, oldestNode as It, removeLeftAside as J, flush as K, errorOf as L, readClone as M, readRegularBytes as Mt, writeClone as N, readRegularFile as Nt, describeExports as O, TextLines as Ot, dependencyRanges as P, validateManifest as Pt, WatchGlobs as Q, reasonOf as R, LogAllowance as S, EventEmitter as St, logRecord as T, offer as Tt, readStamped as U, contextWithin as V, folderIdentity as W, isWithin as X, writeWhole as Y, maximumManifestBytes as Z, signatureInfo as _, outlineOf as _t, hiddenInManifest as a, longestPath as at, nearestExisting as b, lazyRequire as bt, switchExtension as c, lookBehind as ct, StateFolder as d, saysMissing as dt, require_valid as et, claimantsOf as f, isExtensionId as ft, FollowedStateFile as g, canonicalActivationEvent as gt, jsonCopy as h, require_valid$1 as ht, hiddenInFolder as i, isFolder as it, sendable as j, nonBlockingRead as jt, reviveExports as k, offsetOf as kt, listedExtension as l, lookInto as lt, diskRefusal as m, manifestName as mt, createExtensionHost as n, require_gt as nt, hiddenInModule as o, lookAt as ot, workAlone as p, isExtensionVersion as pt, flushFolder as q, validateExtensions as r, require_compare as rt, mainIn as s, lookAtEntry as st, src_exports as t, require_satisfies as tt, listedExtensions as u, lookLaterAt as ut, MemoryWatch as v, thrownText as vt, Outbox as w, defaultRestart as wt, SessionPeer as x, nodeModule as xt, mebibytesText as y, sizeUpTo as yt, pathOfFile as z };

//# sourceMappingURL=host-DMpq1bLR.js.map