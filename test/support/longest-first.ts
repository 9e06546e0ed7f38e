/** Begins with the files that take longest, so that no worker is left with one of them at the end. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of them begin hosts and processes for each test; the others are done in a moment. */
const longestProjects = ["conformance", "go", "behaviour", "packaging"];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project }: TestSpecification): number => {
      const index = longestProjects.indexOf(project.name);
      return index < 0 ? longestProjects.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
