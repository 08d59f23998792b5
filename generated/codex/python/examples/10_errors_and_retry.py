"""What can go wrong, and what to do about it."""

from codex_app_server import (
    AppServerConfig,
    Codex,
    JsonRpcError,
    RetryPolicy,
    ServerNotFoundError,
    TransportClosed,
    TurnFailedError,
    is_retryable_error,
    retry_on_overload,
)

# The server isn't where it should be.
try:
    Codex(AppServerConfig(codex_bin="no-such-folder/codex"))
except ServerNotFoundError:
    # The error itself says where it was looked for, and how to install it.
    print("the server was not found")

with Codex() as codex:
    # The server refuses a call. Trying again would help only if it were too busy.
    try:
        codex.thread_resume("00000000-0000-0000-0000-000000000000")
    except JsonRpcError as error:
        print("refused:", error.code, error.message)
        print("worth another try:", "yes" if is_retryable_error(error) else "no")

    # Tries again, more and more slowly, for as long as the server is too busy.
    policy = RetryPolicy(attempts=5)
    page = retry_on_overload(lambda: codex.models(limit=1), policy=policy)
    print("models:", len(page.data))

    # A turn that fails is a result like any other; whoever wants an error asks for it.
    thread = codex.thread_start(model="no-such-model")
    result = thread.run("Say hello.")
    print("status:", result.status)
    try:
        result.raise_for_status()
    except TurnFailedError as error:
        print("because:", error.result.error.message if error.result.error else "nobody knows")

# Nothing hangs once the server is gone.
try:
    codex.models()
except TransportClosed:
    print("the connection has ended")
