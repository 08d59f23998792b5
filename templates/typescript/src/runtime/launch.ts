/** Where the server's binary is, and how it is called. Starts nothing. */

import { accessSync, constants, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";
import { ServerNotFoundError } from "../errors.js";
import type { LaunchFacts } from "./facts.js";
import type { ConnectionSettings } from "./settings.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const WINDOWS = process.platform === "win32";
const ENDING = WINDOWS ? ".exe" : "";

/** The server's environment: this process's own, and what the settings add. */
export function environment(settings: ConnectionSettings): Environment {
  return { ...process.env, ...settings.env };
}

/** The program to run, and its arguments. */
export function commandLine(
  facts: LaunchFacts,
  settings: ConnectionSettings,
  asked: string | undefined,
): readonly string[] {
  if (settings.launchArgsOverride !== undefined) return settings.launchArgsOverride;
  const binary = findBinary(facts, environment(settings), asked);
  return [binary, ...facts.arguments, ...overrides(facts, settings)];
}

/**
 * The server's binary: the one that was asked for, else the first that is found. A binary that was
 * asked for, in the settings or the environment, is never replaced by another one.
 */
export function findBinary(
  facts: LaunchFacts,
  env: Environment,
  asked: string | undefined,
): string {
  const tried: string[] = [];
  const sources: readonly (readonly [string, string | undefined])[] = [
    ["the path in the config", asked],
    [`the environment variable ${facts.variable}`, env[facts.variable] || undefined],
  ];
  for (const [source, wanted] of sources) {
    if (wanted === undefined) {
      tried.push(`${source}: not set`);
      continue;
    }
    const found = locate(wanted, env);
    if (found !== undefined) return found;
    tried.push(`${source}: ${wanted} (no such file)`);
    throw new ServerNotFoundError(facts.title, tried, facts.install);
  }
  const packaged = packagedBinary(facts);
  if (packaged.binary !== undefined) return packaged.binary;
  tried.push(packaged.told);
  const found = onPath(facts.command, env) ?? besideShim(facts, env);
  if (found !== undefined) return found;
  tried.push(`${facts.command} on PATH: not found`);
  throw new ServerNotFoundError(facts.title, tried, facts.install);
}

/**
 * A path as it is; a bare name by way of the search path. As seen from here, not from where the
 * server will run.
 */
function locate(wanted: string, env: Environment): string | undefined {
  if (isFile(wanted)) return resolve(wanted);
  return basename(wanted) === wanted ? onPath(wanted, env) : undefined;
}

/** The binary of the runtime package, or why there is none. */
function packagedBinary(facts: LaunchFacts): { binary?: string; told: string } {
  const { runtimePackage, runtimeBinary } = facts;
  if (runtimePackage === undefined || runtimeBinary === undefined) {
    return { told: "a package with the binary: there is none" };
  }
  const told = `the package ${runtimePackage}`;
  const main = process.argv[1];
  const origins = [import.meta.url, ...(main !== undefined && isAbsolute(main) ? [main] : [])];
  const folders = origins.flatMap((origin) => {
    return createRequire(origin).resolve.paths(runtimePackage) ?? [];
  });
  const installed = folders.map((folder) => join(folder, runtimePackage)).filter(isFolder);
  for (const folder of installed) {
    const binary = binaryIn(folder, runtimePackage, runtimeBinary);
    if (binary !== undefined) return { binary, told };
  }
  return {
    told: `${told}: ${installed.length === 0 ? "not installed" : `installed, but it has no ${runtimeBinary}`}`,
  };
}

/**
 * The binary of a package: in itself, or in the package for this system that it depends on, which
 * keeps it in a folder named after the system.
 */
function binaryIn(folder: string, runtimePackage: string, binary: string): string | undefined {
  const own = realpathSync(folder);
  const native = `${runtimePackage}-${process.platform}-${process.arch}`;
  const nodeModules = createRequire(join(own, "package.json")).resolve.paths(native) ?? [];
  const roots = [own, ...nodeModules.map((place) => join(place, native)).filter(isFolder)];
  return roots
    .flatMap((root) => [root, ...foldersIn(join(root, "vendor"))])
    .map((root) => join(root, binary + ENDING))
    .find(isExecutable);
}

/** A program of this name on the search path. */
function onPath(name: string, env: Environment): string | undefined {
  const file = WINDOWS && !name.toLowerCase().endsWith(ENDING) ? name + ENDING : name;
  return searchPath(env)
    .map((folder) => resolve(folder, file))
    .find(isExecutable);
}

/** On Windows, npm puts scripts on the search path, which can't be started without a shell. */
function besideShim(facts: LaunchFacts, env: Environment): string | undefined {
  const { command, runtimePackage, runtimeBinary } = facts;
  if (!WINDOWS || runtimePackage === undefined || runtimeBinary === undefined) return undefined;
  for (const folder of searchPath(env)) {
    const installed = join(folder, "node_modules", runtimePackage);
    if (isFile(join(folder, `${command}.cmd`)) && isFolder(installed)) {
      return binaryIn(installed, runtimePackage, runtimeBinary);
    }
  }
  return undefined;
}

function searchPath(env: Environment): readonly string[] {
  const name = WINDOWS ? Object.keys(env).find((key) => key.toUpperCase() === "PATH") : "PATH";
  return (env[name ?? "PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

function overrides(facts: LaunchFacts, settings: ConnectionSettings): readonly string[] {
  const given = settings.configOverrides ?? [];
  const pairs = isList(given)
    ? given
    : Object.entries(given).map(([key, value]) => `${key}=${value}`);
  const option = facts.overrideOption;
  if (pairs.length === 0) return [];
  if (option === undefined) throw new TypeError(`${facts.title} takes no config overrides`);
  return pairs.flatMap((pair) => [option, pair]);
}

function isList(given: object): given is readonly string[] {
  return Array.isArray(given);
}

function foldersIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Whether there is a folder at `path`. */
export function isFolder(path: string): boolean {
  return kindOf(path)?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return kindOf(path)?.isFile() ?? false;
}

/** What is at `path`, if that can be found out. */
function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  if (!isFile(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
