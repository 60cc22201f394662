import { parseArgs } from "node:util";
import { version } from "../../version.js";
import { check } from "./check.js";
import { answerChecks } from "./check/child.js";
import { emit } from "./emit.js";
import { Failure } from "./failure.js";
import { init } from "./init.js";
import { trace } from "./trace.js";

const help = `tsgrad ${version}: gradients of TypeScript functions, at compile time

  tsgrad init                  add the plugin to tsconfig.json
  tsgrad emit FILE[#function]  print FILE with its derivatives, or only those of one function
  tsgrad check FILE            compare every derivative in FILE with differences at sampled points
  tsgrad trace FILE            print the intermediate representation after every stage

  -p, --project PATH           the tsconfig.json, or its folder; else it is looked for from FILE upwards
      --help, --version

Exit status: 0, or 1 for a derivative that is wrong, or 2 when there is nothing to answer.
`;

/** A command: it gets its operands, prints, and returns the exit status. */
type Command = (operands: readonly string[], options: Options) => number | Promise<number>;

export interface Options {
  readonly project?: string;
}

const commands: Readonly<Record<string, { readonly run: Command; readonly operand?: string }>> = {
  init: { run: (_operands, options) => init(options) },
  emit: { run: ([file = ""], options) => emit(file, options), operand: "FILE" },
  check: { run: ([file = ""], options) => check(file, options), operand: "FILE" },
  trace: { run: ([file = ""], options) => trace(file, options), operand: "FILE" },
};

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.version === true) return say(`${version}\n`);
  const [name, ...operands] = positionals;
  if (values.help === true || name === undefined) return say(help);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new Failure(`there is no command "${name}"; the commands are ${Object.keys(commands).join(", ")}`);
  }
  if (operands.length !== (command.operand === undefined ? 0 : 1)) {
    throw new Failure(`usage: tsgrad ${[name, command.operand].filter((word) => word !== undefined).join(" ")}`);
  }
  return command.run(operands, values.project === undefined ? {} : { project: values.project });
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        project: { type: "string", short: "p" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(`${message.replace(/\. To specify a positional[^]*$/, "")}; see tsgrad --help`);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

async function run(): Promise<void> {
  // Whoever reads the output may go before its end: `tsgrad trace FILE | head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    // Anything but a failure is a fault of our own, but nobody who calls a command is helped by our stack.
    const message = error instanceof Error ? error.message : String(error);
    const own = error instanceof Failure ? "" : "this is a fault of tsgrad, please report it: ";
    process.stderr.write(`tsgrad: ${own}${message}\n`);
    process.exitCode = 2;
  }
}

if (process.send !== undefined && process.argv[2] === answerChecks.command) answerChecks();
else void run();
