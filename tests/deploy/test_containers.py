"""The image, the compose file and the manifests: right by their schemas, closed, and complete."""

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.celery_settings import QUEUES
from leave_a_reply.__main__ import program
from tests.services.processes import ROOT

COMPOSE = ROOT / "deploy/compose/compose.yaml"
MANIFESTS = ROOT / "deploy/kubernetes/leave-a-reply.yaml"
TOOLS = Path(sys.executable).parent


def checked(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def services() -> dict[str, Any]:
    """Return the services of the compose file that run our image."""
    found = yaml.safe_load(COMPOSE.read_text())["services"]
    return {name: each for name, each in found.items() if "leave-a-reply" in each["image"]}


def pods() -> dict[str, Any]:
    """Return the pods of the manifests, by the names of what starts them."""
    return {
        each["metadata"]["name"].removeprefix("leave-a-reply-"): each["spec"]["template"]["spec"]
        for each in yaml.safe_load_all(MANIFESTS.read_text())
        if each["kind"] in ("Deployment", "Job")
    }


def test_the_image_keeps_the_rules_of_its_linter() -> None:
    checked(TOOLS / "hadolint", ROOT / "Dockerfile")


def test_the_image_is_slim_and_runs_as_nobody() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert last.startswith("python:3.13-slim")
    assert "\nUSER 10001\n" in last
    assert "HEALTHCHECK" in last
    assert not re.search(r"apt-get|gcc|pip install", last)


def test_what_the_build_is_given_makes_the_wheel(tmp_path: Path) -> None:
    allowed = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    skip = shutil.ignore_patterns("__pycache__", "artifacts")
    for path in ROOT.iterdir():
        if any(fnmatch.fnmatch(path.name, pattern) for pattern in allowed):
            if path.is_dir():
                shutil.copytree(path, tmp_path / path.name, ignore=skip)
            else:
                shutil.copy(path, tmp_path)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", "out", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "out").glob("*.whl"))


def test_the_compose_file_keeps_its_schema() -> None:
    checked(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_the_manifests_keep_the_schemas_of_kubernetes() -> None:
    checked(TOOLS / "kubernetes-validate", "--strict", "--quiet", MANIFESTS)


@pytest.mark.parametrize("name", services())
def test_a_service_is_closed(name: str) -> None:
    service = services()[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "ports" not in service
    assert service["command"][0] == "web" or service["healthcheck"]["disable"]


@pytest.mark.parametrize("name", pods())
def test_a_pod_is_closed(name: str) -> None:
    pod = pods()[name]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]


def test_the_web_server_has_probes_that_it_answers() -> None:
    (web,) = pods()["web"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert web[probe]["httpGet"]["path"] == "/healthz"
        assert web[probe]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": "localhost"}]


@pytest.mark.parametrize("part", ["migrate", "web", "beat", *QUEUES])
def test_every_part_is_started_by_a_command_that_there_is(part: str) -> None:
    for arguments in (services()[part]["command"], pods()[part]["containers"][0]["args"]):
        assert program(arguments[0], arguments[1:], {"DATA_DIR": "/data"})
    if part in QUEUES:
        assert services()[part]["command"] == pods()[part]["containers"][0]["args"]


def test_the_manifests_secrets_do_not_start(tmp_path: Path) -> None:
    (secret,) = [d for d in yaml.safe_load_all(MANIFESTS.read_text()) if d["kind"] == "Secret"]
    environment = {**os.environ, **secret["stringData"], "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Leave a Reply can't start: SECRET_KEY" in done.stderr


def test_the_secrets_that_compose_is_given_are_good(tmp_path: Path) -> None:
    script = ROOT / "deploy/compose/secrets.sh"
    printed = subprocess.run(
        ["sh", str(script), "comments.example"], capture_output=True, text=True, check=True
    ).stdout
    given = dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)
    assert set(re.findall(r"\$\{(\w+)", COMPOSE.read_text())) - {"VERSION"} <= set(given)
    environment = {
        **os.environ,
        **given,
        "DATA_DIR": str(tmp_path),
        "PUBLIC_URL": f"https://{given['HOST']}",
        "TRUSTED_PROXIES": services()["web"]["environment"]["TRUSTED_PROXIES"],
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": f"postgres://leave_a_reply:{given['POSTGRES_PASSWORD']}@postgres/reply",
    }
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_recipe_for_one_machine_runs_what_is_there() -> None:
    recipe = yaml.safe_load((ROOT / "deploy/one-machine/cloud-init.yaml").read_text())
    (script,) = recipe["write_files"]
    assert recipe["runcmd"] == [[script["path"]]]
    checked("sh", "-n", "-c", script["content"])
    folder = next(line for line in script["content"].splitlines() if line.startswith("cd "))
    inside = shlex.split(folder)[1].removeprefix("/opt/leave-a-reply/")
    assert (ROOT / inside / "compose.yaml").exists()
    assert (ROOT / inside / "secrets.sh").exists()
