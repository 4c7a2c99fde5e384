"""The direction of imports: refloop_site -> reporting -> referrals -> notifications, and layers inside referrals."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("refloop_site", "reporting", "referrals", "notifications")  # each may import those after it
# Inside referrals each package may import only those after it; pure modules import no layer at all.
LAYERS = (
    ("management", "templatetags"),
    ("api", "admin", "tasks"),
    ("digest",),
    (
        "clockwork",
        "tokens",
        "feed",
        "saved_views",
        "searching",
        "selectors",
        "office_endpoints",
        "sealing",
        "pipeline",
        "packet",
    ),
    ("actions",),
    ("capture",),
    ("routing",),
    ("reconcile", "intake"),
    ("lifecycle",),
    ("messages",),
    ("practice", "reads"),
    ("roles", "checks"),
    ("models",),
    ("errors",),
    ("typed",),
    ("among", "identifiers", "names", "languages", "geography", "timestamps", "prepared", "spreadsheet"),
)
# Modules of lifecycle that are pure data or pure functions, so models may build on them.
PURE = {
    "referrals.lifecycle.states": {"dataclasses", "django.db.models"},
    "referrals.practice.business_time": {"collections.abc", "dataclasses", "datetime", "functools", "zoneinfo"},
    "referrals.practice.moments": {"datetime", "referrals.practice.business_time"},
    "referrals.lifecycle.deadlines": {
        "collections.abc", "dataclasses", "datetime", "enum", "referrals.practice.business_time", "typing",
    },
    "referrals.lifecycle.movement": set(),
    "referrals.lifecycle.seed_policies": {"referrals.lifecycle.states"},
    "referrals.routing.score": {"dataclasses"},
    "referrals.typed": {"re", "dataclasses", "datetime", "referrals.identifiers", "referrals.names"},
    "referrals.identifiers": {"re", "secrets", "collections.abc"},
    "referrals.languages": set(),
    "referrals.names": {"re", "unicodedata", "functools", "jellyfish"},
}  # fmt: skip


def modules(app: str) -> list[tuple[str, Path]]:
    files = [p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]
    return [(".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), p) for p in files]


ALL = [pytest.param(name, path, id=name) for app in APPS for name, path in modules(app)]


def imports(path: Path) -> list[tuple[str, bool]]:
    """(module, at top level) for every import statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append((node.module, id(node) in top))
            found += [(f"{node.module}.{alias.name}", id(node) in top) for alias in node.names]
    return found


@pytest.mark.parametrize(("name", "path"), ALL)
def test_apps_import_only_downwards(name, path):
    app = name.split(".")[0]
    forbidden = APPS[: APPS.index(app)]
    wrong = [module for module, _ in imports(path) if module.split(".")[0] in forbidden]
    assert not wrong, f"{name} imports {wrong}"


@pytest.mark.parametrize(("name", "path"), ALL)
def test_no_import_of_ours_hides_inside_a_function(name, path):
    if name.endswith(".apps"):
        return  # Django's ready() is where an app imports what needs the models
    hidden = [module for module, top in imports(path) if not top and module.split(".")[0] in APPS]
    assert not hidden, f"{name} imports {hidden} inside a function"


def layer(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "referrals" or len(parts) < 2:
        return None
    return next((i for i, names in enumerate(LAYERS) if parts[1] in names), None)


@pytest.mark.parametrize(("name", "path"), [p for p in ALL if p.values[0].startswith("referrals")])
def test_layers_inside_referrals(name, path):
    own = layer(name)
    if own is None:
        return
    wrong = [
        module
        for module, _ in imports(path)
        if (other := layer(module)) is not None and other < own and module not in PURE and _of_pure(module) is None
    ]
    assert not wrong, f"{name} imports upwards: {wrong}"


def _of_pure(module: str) -> str | None:
    """The pure module a name is imported from, such as referrals.lifecycle.states.Status."""
    return next((pure for pure in PURE if module.startswith(pure + ".")), None)


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_stay_pure(name):
    path = ROOT / (name.replace(".", "/") + ".py")
    allowed = PURE[name]
    wrong = [m for m, _ in imports(path) if m not in allowed and not any(m.startswith(a + ".") for a in allowed)]
    assert not wrong, f"{name} must stay pure but imports {wrong}"


def test_every_module_of_referrals_has_a_layer():
    homeless = {name.split(".")[1] for name, _ in modules("referrals") if name.count(".") and layer(name) is None} - {
        "apps"
    }
    assert not homeless, f"give {homeless} a place in LAYERS"
