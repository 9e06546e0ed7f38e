/**
 * Runs linked modules in the order that the language asks for: what is imported before who imports it, side by side
 * where modules await, a circle as one. The names are those of the algorithm in ECMA-262, "Cyclic Module Records".
 * Invariant: a module runs at most once, and one that failed fails all that wait for it with the same error.
 */
import { EsModule } from "./es-module.js";
import { ValueModule, type LinkedModule } from "./linked-module.js";

/** Options of an evaluator. @internal */
export interface EvaluatorOptions {
  /** Once it aborts, no further module runs. */
  readonly signal?: AbortSignal;
}

/** Runs the modules of one generation. @internal */
export class ModuleEvaluator {
  readonly #options: EvaluatorOptions;
  readonly #evaluations = new WeakMap<EsModule, Evaluation>();
  /** Numbers the modules that wait, in the order in which they began to. */
  #lastOrder = 0;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /**
   * Runs a module with all it imports, as far as they have not run. Gives a promise when something awaits.
   *
   * @throws what a module threw
   */
  evaluate(module: LinkedModule): Promise<void> | undefined {
    if (!(module instanceof EsModule)) {
      if (module instanceof ValueModule) module.evaluate();
      return undefined;
    }
    const known = this.#evaluations.get(module);
    if (known !== undefined && known.status !== "evaluating") return promiseOf(known.cycleRoot);
    const stack: Evaluation[] = [];
    try {
      const evaluation = this.#evaluate(module, stack);
      // one that is being evaluated stands below on this very stack: somebody requires it in a circle
      return evaluation.status === "evaluating" ? undefined : promiseOf(evaluation.cycleRoot);
    } catch (error) {
      for (const failed of stack) fail(failed, error);
      throw error;
    }
  }

  #evaluate(module: EsModule, stack: Evaluation[]): Evaluation {
    const known = this.#evaluations.get(module);
    if (known !== undefined) {
      if (known.status === "evaluated" && known.failure !== undefined) throw known.failure.error;
      return known;
    }
    if (module.failure !== undefined) throw module.failure.error;
    const evaluation = createEvaluation(module, stack.length);
    this.#evaluations.set(module, evaluation);
    stack.push(evaluation);
    for (const dependency of module.dependencies ?? [])
      this.#evaluateDependency(evaluation, dependency, stack);
    if (evaluation.pendingDependencies > 0 || module.record.isAsync) {
      evaluation.order = ++this.#lastOrder;
      if (evaluation.pendingDependencies === 0) this.#runAsync(evaluation);
    } else {
      this.#run(evaluation);
    }
    if (evaluation.ancestor === evaluation.index) closeCycle(evaluation, stack);
    return evaluation;
  }

  #evaluateDependency(evaluation: Evaluation, dependency: LinkedModule, stack: Evaluation[]): void {
    if (!(dependency instanceof EsModule)) {
      this.#options.signal?.throwIfAborted();
      if (dependency instanceof ValueModule) dependency.evaluate();
      return;
    }
    let required = this.#evaluate(dependency, stack);
    if (required.status === "evaluating") {
      evaluation.ancestor = Math.min(evaluation.ancestor, required.ancestor);
    } else {
      required = required.cycleRoot;
      if (required.failure !== undefined) throw required.failure.error;
    }
    if (required.order === undefined) return;
    evaluation.pendingDependencies += 1;
    required.asyncParents.push(evaluation);
  }

  /** Runs a module that awaits nothing itself. */
  #run({ module }: Evaluation): void {
    this.#options.signal?.throwIfAborted();
    void module.run();
  }

  /** Runs a module that awaits; those that wait for it run when it is done. */
  #runAsync(evaluation: Evaluation): void {
    let running: Promise<void> | undefined;
    try {
      this.#options.signal?.throwIfAborted();
      running = evaluation.module.run();
    } catch (error) {
      running = Promise.reject(error as Error);
    }
    Promise.resolve(running).then(
      () => {
        this.#complete(evaluation);
      },
      (error: unknown) => {
        fail(evaluation, error);
      },
    );
  }

  /** A module that awaited, or waited for one, has run: now those can that waited for it alone. */
  #complete(evaluation: Evaluation): void {
    if (evaluation.status === "evaluated") return;
    succeed(evaluation);
    const available = new Set<Evaluation>();
    gatherAvailableAncestors(evaluation, available);
    for (const next of Array.from(available).sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
      // an earlier one of them may have failed it
      if ((next.status as Evaluation["status"]) === "evaluated") continue;
      if (next.module.record.isAsync) {
        this.#runAsync(next);
        continue;
      }
      try {
        this.#run(next);
        succeed(next);
      } catch (error) {
        fail(next, error);
      }
    }
  }
}

/** The progress of one module's evaluation. */
interface Evaluation {
  readonly module: EsModule;
  /** Place on the stack, and the lowest place of those in a circle with it. */
  readonly index: number;
  ancestor: number;
  status: "evaluating" | "evaluating-async" | "evaluated";
  /** The module of its circle that was reached first; itself if it is in none. */
  cycleRoot: Evaluation;
  /** Set while it awaits or waits. */
  order: number | undefined;
  pendingDependencies: number;
  readonly asyncParents: Evaluation[];
  /** What made it or a module it waits for fail, boxed because anything can be thrown. */
  failure: { readonly error: unknown } | undefined;
  /** Settles when it has run, for whoever asks while it awaits. */
  settled: PromiseWithResolvers<void> | undefined;
}

function createEvaluation(module: EsModule, index: number): Evaluation {
  const evaluation: Omit<Evaluation, "cycleRoot"> = {
    module,
    index,
    ancestor: index,
    status: "evaluating",
    order: undefined,
    pendingDependencies: 0,
    asyncParents: [],
    failure: undefined,
    settled: undefined,
  };
  return Object.assign(evaluation, { cycleRoot: evaluation as Evaluation });
}

/** The modules from here to the end of the stack are one circle, or a single one. */
function closeCycle(root: Evaluation, stack: Evaluation[]): void {
  for (const each of stack.splice(root.index)) {
    each.status = each.order === undefined ? "evaluated" : "evaluating-async";
    each.cycleRoot = root;
  }
}

/** Those for which nothing is left to wait for, and those of whom the same is true then. */
function gatherAvailableAncestors(evaluation: Evaluation, available: Set<Evaluation>): void {
  for (const parent of evaluation.asyncParents) {
    if (available.has(parent) || parent.cycleRoot.failure !== undefined) continue;
    parent.pendingDependencies -= 1;
    if (parent.pendingDependencies > 0) continue;
    available.add(parent);
    if (!parent.module.record.isAsync) gatherAvailableAncestors(parent, available);
  }
}

function succeed(evaluation: Evaluation): void {
  evaluation.order = undefined;
  evaluation.status = "evaluated";
  evaluation.settled?.resolve();
}

function fail(evaluation: Evaluation, error: unknown): void {
  if (evaluation.status === "evaluated") return;
  evaluation.order = undefined;
  evaluation.status = "evaluated";
  evaluation.failure = { error };
  evaluation.settled?.reject(error);
  for (const parent of evaluation.asyncParents) fail(parent, error);
}

/** Undefined when it has run. @throws what it failed with */
function promiseOf(evaluation: Evaluation): Promise<void> | undefined {
  if (evaluation.failure !== undefined) throw evaluation.failure.error;
  if (evaluation.status === "evaluated") return undefined;
  evaluation.settled ??= Promise.withResolvers();
  return evaluation.settled.promise;
}
