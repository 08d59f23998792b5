/** Unions: each marked line must not compile, and no other. */

import { isUnknownVariant } from "codex-app-server-sdk";
import type {
  AskForApproval,
  ResourceContent,
  ThreadItem,
  ThreadStatus,
} from "codex-app-server-sdk/types";

export function unhandled(value: ThreadStatus): string {
  switch (value.type) {
    case "active":
    case "idle":
    case "$unknown":
      return value.type;
    default: {
      const never: never = value; // error: two arms without a case
      return never;
    }
  }
}

// error: the unknown arm has no case
export function unhandledUnknown(value: ThreadStatus): string {
  switch (value.type) {
    case "active":
    case "idle":
    case "notLoaded":
    case "systemError":
      return value.type;
  }
}

export function misspelt(item: ThreadItem): string {
  if (item.type === "agentMesage") return ""; // error: no such arm
  if (item.type === "agentMessage") return item.txt; // error: no such member
  return item.text; // error: not narrowed
}

export function policy(value: AskForApproval): boolean {
  return typeof value === "object" && value.granular.rules; // error: it may be an unknown variant
}

export function raw(value: AskForApproval): number {
  if (isUnknownVariant(value)) return value.raw.length; // error: unknown
  return 0;
}

export function content(value: ResourceContent): string {
  return "text" in value ? value.text : value.blob; // error: it may be an unknown variant
}
