"""What the server says about itself, and which models it offers."""

from codex_app_server import SERVER_VERSION, Codex

with Codex() as codex:
    server = codex.metadata
    print("server:", server.name, server.version)
    print("as this package was made for:", "yes" if server.version == SERVER_VERSION else "no")
    print("platform:", server.platform_family, server.platform_os)
    print("files in:", server.codex_home)

    # One page of the list, and an iterator over all pages.
    page = codex.models(limit=2)
    print("models on the first page:", len(page.data))
    for model in codex.models_all():
        if model.is_default:
            efforts = [option.reasoning_effort for option in model.supported_reasoning_efforts]
            print("model:", model.model, "efforts:", ", ".join(efforts))
