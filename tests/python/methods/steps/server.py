"""The server itself, and the machine that it runs on."""

from codex_app_server.notifications import WindowsSandboxSetupCompleted
from codex_app_server.types import EnvironmentStatusResponse

from ..tour import Tour, step


@step("initialize")
def shake_hands(tour: Tour) -> None:
    info = tour.client.server_info
    assert info.user_agent.startswith("rpcsmith_tests/0.163.0 ")
    assert info.codex_home == str(tour.home)
    assert info.platform_family in ("unix", "windows")


@step("server/diagnostics", "mock/experimentalMethod")
def diagnostics(tour: Tour) -> None:
    diagnostics = tour.client.server_diagnostics()
    assert (diagnostics.process.resident_memory_bytes or 0) > 1_000_000
    assert "app.requests.in_flight" in {gauge.name for gauge in diagnostics.gauges}
    assert tour.client.mock_experimental_method(value="väli").echoed == "väli"
    assert tour.client.mock_experimental_method(value=None).echoed is None


@step("environment/add", "environment/status", "environment/info")
def environments(tour: Tour) -> None:
    assert _status(tour, "local").status == "ready"
    unknown = _status(tour, "nowhere")
    assert unknown.status == "unknown"
    assert unknown.error is not None
    # Nobody listens on port 1, so that adding works and connecting, which is tried later, doesn't.
    tour.client.environment_add(environment_id="far", exec_server_url="ws://127.0.0.1:1/")
    assert _status(tour, "far").status in ("pending", "disconnected")
    assert tour.client.environment_info(environment_id="local").shell.path


def _status(tour: Tour, name: str) -> EnvironmentStatusResponse:
    return tour.client.environment_status(environment_id=name)


@step("windowsSandbox/readiness", "windowsSandbox/setupStart")
def windows_sandbox(tour: Tour) -> None:
    assert tour.client.windows_sandbox_readiness().status == "notConfigured"
    assert tour.client.windows_sandbox_setup_start(mode="unelevated").started
    done = tour.wait(WindowsSandboxSetupCompleted)
    assert not done.params.success


@step("userVerification/status", "userVerification/cancel")
def user_verification(tour: Tour) -> None:
    status = tour.client.user_verification_status()
    assert status.unavailable_reason == "providerUnavailable"
    tour.client.user_verification_cancel(request_id="none")
    tour.client.user_verification_cancel(request_id=77)


@step("remoteControl/status/read", "remoteControl/disable")
def remote_control(tour: Tour) -> None:
    status = tour.client.remote_control_status_read()
    assert status.status == "disabled"
    disabled = tour.client.remote_control_disable(ephemeral=True)
    assert disabled.installation_id == status.installation_id


@step("memory/status", "memory/reset", "rollout/compress")
def memory(tour: Tour) -> None:
    tour.client.memory_status(min_consolidated_threads=1)
    tour.client.memory_reset()
    tour.client.rollout_compress()
