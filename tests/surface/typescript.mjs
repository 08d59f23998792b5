// Prints what the TypeScript package really has for its users, as JSON: see `README.md`. Reads the declarations that
// it is installed with, through the compiler that its users have.
//
//     node typescript.mjs FOLDER    a project with `typescript` and the package installed

import { createRequire } from "node:module";
import { join } from "node:path";

const project = process.argv[2];
const ts = createRequire(join(project, "package.json"))("typescript");
const PACKAGE = "codex-app-server-sdk";

const entry = createRequire(join(project, "package.json"))
  .resolve(PACKAGE)
  .replace(/\.js$/, ".d.ts");
const program = ts.createProgram([entry], {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  types: [],
  strict: true,
});
const checker = program.getTypeChecker();

/** Follows what is exported again from another module. */
function original(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOurs(symbol) {
  return (
    symbol.declarations?.some((one) => one.getSourceFile().fileName.includes(PACKAGE)) ?? false
  );
}

/** The properties of an object of this package's own, or of several in a union or an intersection. */
function properties(type) {
  const parts = type.isUnion() ? type.types : [type];
  const objects = parts.filter((part) => part.flags & ts.TypeFlags.Object);
  const named = objects.flatMap((part) => checker.getPropertiesOfType(part)).filter(isOurs);
  // Params that may be left out are among the options.
  return named.flatMap((property) =>
    property.name === "params"
      ? properties(checker.getNonNullableType(checker.getTypeOfSymbol(property)))
      : [property.name],
  );
}

/** The parameters that stand for several, by their names. */
const BUNDLES = new Set(["params", "options", "call"]);

/** The names of parameters; for an object that stands for several, what it may have. */
function parameters(type) {
  const signature = type.getCallSignatures().at(-1);
  return signature.getParameters().flatMap((parameter) => {
    return BUNDLES.has(parameter.name)
      ? properties(checker.getTypeOfSymbol(parameter))
      : [parameter.name];
  });
}

function member(symbol) {
  const type = checker.getTypeOfSymbol(symbol);
  return type.getCallSignatures().length > 0 &&
    symbol.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Function)
    ? parameters(type)
    : null;
}

/** What an object of this class or interface has. Names of symbols are the language's own. */
function members(type) {
  const list = checker.getPropertiesOfType(type).filter(isOurs);
  const isPublic = (symbol) =>
    !/^(__)?[#@]/.test(symbol.name) &&
    !symbol.declarations.some(
      (one) =>
        ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
    );
  return Object.fromEntries(list.filter(isPublic).map((symbol) => [symbol.name, member(symbol)]));
}

function exported(file) {
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
}

const classes = {};
const root = exported(entry);
for (const symbol of root) {
  const real = original(symbol);
  if (real.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
    classes[symbol.name] = members(checker.getDeclaredTypeOfSymbol(real));
  } else if (real.flags & ts.SymbolFlags.Variable) {
    classes[symbol.name] = members(checker.getTypeOfSymbol(real));
  }
}
const notifications = root.find((symbol) => symbol.name === "ServerNotifications");
console.log(
  JSON.stringify({
    root: root.map((symbol) => symbol.name),
    notifications: checker
      .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(original(notifications)))
      .map((property) => property.name),
    classes,
  }),
);
