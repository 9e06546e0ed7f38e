// core/src/cli/create/templates.ts
const templates = Object.freeze({
	greeter: {
		summary: "a function that greets, in TypeScript",
		description: "Greets by name.",
		folders: [
			"editor",
			"typescript",
			"greeter"
		]
	},
	transformer: {
		summary: "a function that changes a text, in TypeScript",
		description: "Leaves one blank between the words of a text.",
		folders: [
			"editor",
			"typescript",
			"transformer"
		]
	},
	command: {
		summary: "a command with settings, in TypeScript",
		description: "Greets as its settings say.",
		folders: [
			"editor",
			"typescript",
			"command"
		]
	},
	service: {
		summary: "functions that other extensions use, in TypeScript",
		description: "Counts for other extensions.",
		folders: [
			"editor",
			"typescript",
			"service"
		]
	},
	point: {
		summary: "a point that other extensions contribute to, in TypeScript",
		description: "Puts sections of other extensions together.",
		folders: [
			"editor",
			"typescript",
			"point"
		]
	},
	injectable: {
		summary: "a class whose constructor is given what it needs, in TypeScript",
		description: "Welcomes by name.",
		folders: [
			"editor",
			"typescript",
			"injectable"
		]
	},
	worker: {
		summary: "a transformer in a thread of its own, for long computations",
		description: "Counts the words of a text.",
		folders: [
			"editor",
			"typescript",
			"worker"
		]
	},
	process: {
		summary: "a greeter in a process of its own that reads nothing but its folder",
		description: "Greets by name, with a phrase from a file.",
		folders: [
			"editor",
			"typescript",
			"process"
		],
		isConfined: true
	},
	go: {
		summary: "a greeter in Go, run by @plugboard/runtime-go-plugin",
		description: "Greets from Go.",
		folders: ["editor", "go"]
	}
});
const templateNames = Object.freeze(Object.keys(templates));
export { templates as n, templateNames as t };

//# sourceMappingURL=templates-DmGrI4K6.js.map