"""Marketplaces and plugins, from a directory of the tour's own; apps, of which there are none."""

import json
from pathlib import Path

from codex_app_server.types import LocalPluginSource

from ..tour import Tour, step


@step(
    "marketplace/add",
    "marketplace/upgrade",
    "marketplace/remove",
    "plugin/list",
    "plugin/read",
    "plugin/search",
    "plugin/install",
    "plugin/installed",
    "plugin/uninstall",
)
def a_marketplace_and_its_plugin(tour: Tour) -> None:
    root = tour.folder("market")
    catalog = _write_marketplace(root)
    added = tour.client.marketplace_add(source=str(root))
    assert (added.marketplace_name, added.already_added) == ("tour-market", False)
    assert tour.client.marketplace_add(source=str(root)).already_added
    (market,) = tour.client.plugin_list().marketplaces
    assert (market.name, market.path) == ("tour-market", str(catalog))
    (plugin,) = market.plugins
    assert (plugin.id, plugin.installed) == ("belt@tour-market", False)
    assert isinstance(plugin.source, LocalPluginSource)
    assert plugin.source.path == str(root / "plugins" / "belt")
    read = tour.client.plugin_read(plugin_name="belt", marketplace_path=str(catalog)).plugin
    assert [skill.name for skill in read.skills] == ["belt:hammer"]
    (hit,) = tour.client.plugin_search(search_term="belt").data
    assert hit.plugin.id == plugin.id
    installed = tour.client.plugin_install(plugin_name="belt", marketplace_path=str(catalog))
    assert installed.auth_policy == plugin.auth_policy == "ON_INSTALL"
    (market,) = tour.client.plugin_installed().marketplaces
    assert [(one.id, one.installed, one.enabled) for one in market.plugins] == [
        ("belt@tour-market", True, True)
    ]
    tour.client.plugin_uninstall(plugin_id="belt@tour-market")
    (market,) = tour.client.plugin_list().marketplaces
    assert [one.installed for one in market.plugins] == [False]
    assert tour.client.marketplace_upgrade().errors == []
    removed = tour.client.marketplace_remove(marketplace_name="tour-market")
    assert removed.marketplace_name == "tour-market"
    assert tour.client.plugin_list().marketplaces == []


def _write_marketplace(root: Path) -> Path:
    plugin = {
        "name": "belt",
        "source": {"source": "local", "path": "./plugins/belt"},
        "policy": {"installation": "AVAILABLE", "authentication": "ON_INSTALL"},
        "category": "Tools",
    }
    catalog = root / ".agents" / "plugins" / "marketplace.json"
    manifest = root / "plugins" / "belt" / ".codex-plugin" / "plugin.json"
    skill = root / "plugins" / "belt" / "skills" / "hammer" / "SKILL.md"
    for file in (catalog, manifest, skill):
        file.parent.mkdir(parents=True)
    catalog.write_text(json.dumps({"name": "tour-market", "plugins": [plugin]}))
    manifest.write_text(
        json.dumps({"name": "belt", "version": "1.0.0", "description": "Tools to carry."})
    )
    skill.write_text("---\nname: hammer\ndescription: Hits nails.\n---\nHit.\n")
    return catalog


@step("plugin/reconcile")
def nothing_to_reconcile(tour: Tour) -> None:
    assert tour.client.plugin_reconcile().changed_plugins == []


@step("app/list", "app/installed", "app/read")
def no_apps(tour: Tour) -> None:
    assert tour.client.app_list().data == []
    assert tour.client.app_installed().apps == []
    read = tour.client.app_read(app_ids=["none"])
    assert (read.apps, read.missing_app_ids) == ([], ["none"])
