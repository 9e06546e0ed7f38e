import { i as findConfig, n as stateFolderOf } from "./own-folders-CMsFeY65.js";
import { n as folderText, s as exitCode } from "./main-DS4x5uUc.js";
import { t as askStatus } from "./status-socket-a8ELgriu.js";
// core/src/cli/commands/health.ts
async function health(surroundings) {
	const { io, output, options } = surroundings;
	const settings = options.state === void 0 ? await findConfig(surroundings) : void 0;
	const folder = stateFolderOf(surroundings, settings);
	const status = await askStatus(folder);
	const isHealthy = status?.phase === "ready";
	if (output.isJson) output.json({
		healthy: isHealthy,
		...status
	});
	else if (status === void 0) output.line(`unhealthy: no host answers that keeps its state in ${folderText(folder, io.cwd)}`);
	else {
		const states = Object.entries(status.extensions).map(([state, count]) => `${count} ${state}`);
		const verdict = output.style(isHealthy ? "green" : "red", isHealthy ? "healthy" : "unhealthy");
		const extensions = states.length === 0 ? "none" : states.join(", ");
		output.line(`${verdict}: the host is ${status.phase}; extensions: ${extensions}`);
	}
	return isHealthy ? exitCode.done : exitCode.atFault;
}
export { health };

//# sourceMappingURL=health-D7y5f3X0.js.map