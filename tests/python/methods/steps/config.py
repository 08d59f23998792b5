"""The server's configuration, models, features and permissions."""

from codex_app_server.types import (
    CollaborationModeMask,
    ConfigReadResponse,
    MergeStrategy,
    UserConfigLayerSource,
    WriteStatus,
)

from ..tour import Tour, step


@step("config/read")
def read_the_configuration(tour: Tour) -> None:
    read: ConfigReadResponse = tour.client.config_read(include_layers=True)
    assert read.config.model == "mock-model"
    assert read.config.model_provider == "mock"
    assert read.config.approval_policy == "never"
    assert read.config.sandbox_mode == "read-only"
    extras = read.config.model_extra
    assert extras is not None and "mock" in extras["model_providers"]
    assert "model" in read.origins
    layers = read.layers
    assert layers is not None
    files = [layer.name.file for layer in layers if isinstance(layer.name, UserConfigLayerSource)]
    assert files == [str(tour.home / "config.toml")]


@step("config/value/write", "config/batchWrite")
def write_the_configuration(tour: Tour) -> None:
    file = tour.home / "config.toml"
    first = tour.client.config_value_write(
        key_path="model_verbosity", value="low", merge_strategy=MergeStrategy.replace_
    )
    assert first.status == WriteStatus.ok
    assert first.file_path == str(file)
    assert 'model_verbosity = "low"' in file.read_text()
    second = tour.client.config_batch_write(
        edits=[
            {"key_path": "model_verbosity", "value": None, "merge_strategy": "replace"},
            {"key_path": "history.persistence", "value": "none", "merge_strategy": "upsert"},
        ],
        expected_version=first.version,
        reload_user_config=True,
    )
    assert second.version != first.version
    assert "model_verbosity" not in file.read_text()
    assert tour.client.config_read().config.model_verbosity is None


@step("config/mcpServer/reload", "configRequirements/read")
def reload_and_read_requirements(tour: Tour) -> None:
    tour.client.config_mcp_server_reload()
    assert tour.client.config_requirements_read().requirements is None


@step("model/list", "modelProvider/capabilities/read")
def models(tour: Tour) -> None:
    page = tour.client.model_list(limit=2)
    assert len(page.data) == 2
    assert page.next_cursor is not None
    rest = tour.client.model_list(cursor=page.next_cursor)
    assert {model.id for model in page.data}.isdisjoint(model.id for model in rest.data)
    assert all(model.supported_reasoning_efforts for model in page.data)
    assert tour.client.model_provider_capabilities_read().web_search


@step("experimentalFeature/list", "experimentalFeature/enablement/set")
def features(tour: Tour) -> None:
    features = tour.client.experimental_feature_list(limit=1000).data
    assert {feature.stage.is_known for feature in features} == {True}
    assert "goals" in {feature.name for feature in features}
    changed = tour.client.experimental_feature_enablement_set(enablement={"no_such": True})
    assert changed.enablement == {}


@step("permissionProfile/list", "collaborationMode/list")
def profiles_and_modes(tour: Tour) -> None:
    profiles = tour.client.permission_profile_list().data
    assert ":read-only" in {profile.id for profile in profiles if profile.allowed}
    modes: list[CollaborationModeMask] = tour.client.collaboration_mode_list().data
    assert {mode.mode for mode in modes} == {"plan", "default"}
