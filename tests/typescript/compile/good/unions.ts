/** Unions: narrowing, and switches that are complete. */

import { isUnknownVariant, type UnknownVariant } from "codex-app-server-sdk";
import type {
  AskForApproval,
  CodexErrorInfo,
  ResourceContent,
  ThreadItem,
  ThreadStatus,
  UserInput,
} from "codex-app-server-sdk/types";

/** Complete without a default. */
export function shown(input: UserInput): string {
  switch (input.type) {
    case "text":
      return input.text;
    case "image":
      return "url" in input ? input.url : input.fileId;
    case "audio":
      return input.type;
    case "localImage":
    case "localAudio":
      return input.path;
    case "mention":
    case "skill":
      return input.name;
    case "$unknown":
      return `${input.tag}: ${JSON.stringify(input.raw)}`;
  }
}

/** Complete, which its default proves. */
export function status(value: ThreadStatus): string {
  switch (value.type) {
    case "active":
      return value.activeFlags.join();
    case "idle":
    case "notLoaded":
    case "systemError":
      return value.type;
    case "$unknown":
      return String(value.tag);
    default: {
      const never: never = value;
      return never;
    }
  }
}

export function told(item: ThreadItem): string | undefined {
  if (item.type === "agentMessage") return item.text;
  if (item.type === "commandExecution") return `${item.command}: ${item.exitCode ?? "?"}`;
  if (item.type === "userMessage") return item.content.map(shown).join();
  return isUnknownVariant(item) ? String(item.tag) : item.id;
}

/** Strings, then objects. */
export function policy(value: AskForApproval): string {
  if (typeof value === "string") {
    switch (value) {
      case "never":
      case "on-request":
      case "untrusted":
        return value;
    }
  }
  if (isUnknownVariant(value)) return String(value.tag);
  return String(value.granular.rules);
}

export function isOverload(info: CodexErrorInfo | null | undefined): boolean {
  return info === "serverOverloaded" || info === "usageLimitExceeded";
}

export function content(value: ResourceContent): string {
  if ("text" in value) return value.text;
  if ("blob" in value) return value.blob;
  const unknown: UnknownVariant = value;
  return JSON.stringify(unknown.raw);
}
