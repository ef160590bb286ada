"""The wheel in another Wagtail site: installs, passes ``check``, migrates, and carries a page of the site's own type.

The other site has a ``home`` and a ``search`` of its own, the stock user and the stock image model. Nothing of this
checkout is on its path: only what the wheel brings.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("foreignsite")]

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = Path(__file__).resolve().parent / "site"


def run(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    """Run a command; on failure the test shows all it said."""
    result = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}\n{result.stderr}"
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from this checkout with the tools of the lock (no download)."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def other_python(tmp_path_factory, wheel) -> Path:
    """A new environment with the wheel installed; the libraries are shared with this one to save the download."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel)
    return python


@pytest.fixture(scope="module")
def manage(tmp_path_factory, other_python):
    """Call the other site's ``manage.py``."""
    ours = ("PRAKAT_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment["OTHERSITE_STATE"] = str(tmp_path_factory.mktemp("state"))

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(other_python, "manage.py", *arguments, cwd=SITE, env=environment)

    return call


def test_the_wheel_holds_the_three_apps_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pr_workflow", "evaluation", "pr_search"}
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


@pytest.mark.parametrize("kind", ["migrations", "templates", "static", "locale"])
def test_the_wheel_brings_everything_the_apps_have(wheel, kind):
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = run("git", "ls-files", "pr_workflow", "evaluation", "search", cwd=ROOT).stdout.splitlines()
    expected = {name.replace("search/", "pr_search/", 1) if name.startswith("search/") else name for name in tracked}
    expected = {name for name in expected if f"/{kind}/" in name}
    assert expected - names == set()


def test_it_is_the_installed_copy_that_runs(manage, other_python):
    said = manage(
        "shell", "-v0", "-c", "import pr_search, pr_workflow; print(pr_search.__file__, pr_workflow.__file__)"
    )
    assert str(ROOT) not in said.stdout
    assert said.stdout.count(str(other_python.parent.parent)) == 2


def test_the_site_passes_the_system_checks(manage):
    assert "no issues" in manage("check").stdout


def test_the_plugin_asks_the_site_for_no_migration(manage):
    """A site with the stock user and page models must not be told to migrate our apps."""
    said = manage("makemigrations", "--check", "--dry-run", "pr_workflow", "pr_evaluation", "pr_search")
    assert "No changes detected" in said.stdout


def test_a_page_of_the_sites_own_type_goes_through_the_chain(manage):
    said = manage("test", "--pattern", "checks_of_the_chain.py", "--noinput", "othersite")
    assert "Ran 6 tests" in said.stderr
