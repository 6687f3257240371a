"""SIMULATIONS, in Python, of win_chocolatey, win_chocolatey_facts, win_package and win_optional_feature.

Their PowerShell does not run here. Each takes the options that the real module documents, does of them what the lab
knows, and answers as the real module's source does. What they do not know they refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkplek.lab.payload import Payload
from werkplek.lab.windows import Host
from werkplek.lab.windows_modules import ModuleFailure, Result
from werkplek.lab.windows_software import CHOCOLATEY, Software, key_of
from werkplek.lab.windows_software_options import checked
from werkplek.lab.windows_software_tasks import MODULE as TASK
from werkplek.lab.windows_software_tasks import win_scheduled_task

CHOCO = "chocolatey.chocolatey.win_chocolatey"
FACTS = "chocolatey.chocolatey.win_chocolatey_facts"
PACKAGE = "ansible.windows.win_package"
FEATURE = "ansible.windows.win_optional_feature"
INSTALLER_RESTART = 3010  # ERROR_SUCCESS_REBOOT_REQUIRED


def win_chocolatey_facts(software: Software, options: Mapping[str, Any], _check: bool) -> Result:
    """The installed packages; the other subsets are refused."""
    subsets = checked(FACTS, options, ["filter"])["filter"]
    if subsets != ["packages"]:
        raise ModuleFailure(f"the lab simulates win_chocolatey_facts only for filter packages, not {subsets}")
    if CHOCOLATEY not in software.packages:
        raise ModuleFailure("Failed to find Chocolatey installation, make sure choco.exe is in the PATH env value")
    packages = [{"package": name, "version": version} for name, version in sorted(software.packages.items())]
    return {"changed": False, "ansible_facts": {"ansible_chocolatey": {"packages": packages, "filter": subsets}}}


def win_chocolatey(software: Software, options: Mapping[str, Any], check: bool) -> Result:
    """States present, absent and downgrade, of packages that the host's source offers."""
    given = checked(CHOCO, options, ["name", "state", "version", "source"])
    names, state, version = given["name"], given["state"], given["version"]
    if state not in {"present", "absent", "downgrade"} or "all" in names:
        raise ModuleFailure(f"the lab simulates win_chocolatey for named packages, not for {names} with state {state}")
    if state == "downgrade" and version is None:
        raise ModuleFailure("the lab simulates state downgrade only with a version")
    missing = CHOCOLATEY not in software.packages
    if missing and check:
        text = "Skipped check mode run on win_chocolatey as choco.exe cannot be found on the system"
        return {"changed": True, "rc": 0, "skipped": True, "msg": text}
    if missing:
        software.packages[CHOCOLATEY] = software.feed[CHOCOLATEY][-1]
    act = _remove if state == "absent" else _install
    changed = act(software, names, (state, version), check)
    return {"changed": missing or changed, "rc": 0, "choco_cli_version": software.packages.get(CHOCOLATEY, "")}


def _remove(software: Software, names: Sequence[str], wish: tuple[str, str | None], check: bool) -> bool:
    keys = [key_of(software.packages, name) for name in names]
    gone = [key for key in keys if key in software.packages and wish[1] in {None, software.packages[key]}]
    for key in gone if not check else ():
        del software.packages[key]
    return bool(gone)


def _install(software: Software, names: Sequence[str], wish: tuple[str, str | None], check: bool) -> bool:
    """As choco does, packages that can be had are installed although others cannot."""
    state, version = wish
    there = {name: software.packages.get(key_of(software.packages, name)) for name in names}
    for name, found in there.items() if state == "present" and version else ():
        if found not in {None, version}:
            raise ModuleFailure(
                f"Chocolatey package '{name}' is already installed with version(s) '{found}' but was expecting"
                f" '{version}'. Either change the expected version, set state=latest or state=upgrade, set"
                " allow_multiple=yes, or set force=yes to continue"
            )
    due = [name for name, found in there.items() if found is None or (state == "downgrade" and found != version)]
    unfound = [name for name in due if version not in {None, *_offered(software, name)} or not _offered(software, name)]
    for name in due if not check else ():
        if name not in unfound:
            software.packages[key_of(software.packages, name)] = version or _offered(software, name)[-1]
    if unfound:
        raise ModuleFailure(f"Error installing package(s) '{', '.join(due)}'", rc=1, stdout=_not_found(unfound))
    return bool(due)


def _offered(software: Software, name: str) -> list[str]:
    return software.feed.get(key_of(software.feed, name), [])


def _not_found(names: Sequence[str]) -> str:
    return "".join(f"{name} not installed. The package was not found with the source(s) listed.\r\n" for name in names)


def win_package(software: Software, options: Mapping[str, Any], check: bool) -> Result:
    """Removal of a product of Windows Installer by its ProductCode."""
    given = checked(PACKAGE, options, ["product_id", "provider", "state"])
    code = given["product_id"]
    if given["state"] != "absent" or given["provider"] != "msi" or not code:
        raise ModuleFailure("the lab simulates win_package only for state absent, provider msi and a product_id")
    product = software.products.get(key_of(software.products, code))
    result: Result = {"changed": product is not None, "rc": 0, "reboot_required": False}
    if product is None or check:
        return result
    del software.products[key_of(software.products, code)]
    return {**result, "rc": INSTALLER_RESTART, "reboot_required": True} if product["restart"] else result


def win_optional_feature(software: Software, options: Mapping[str, Any], check: bool) -> Result:
    """Features on and off. A feature that waits for a restart is not yet what it will be, as on Windows."""
    given = checked(FEATURE, options, ["name", "state"])
    start, end, pending = (
        ("Enabled", "Enabled", "EnablePending")
        if given["state"] == "present"
        else ("Disabled", "Disabled", "DisablePending")
    )
    keys = [key_of(software.features, name) for name in given["name"]]
    for name, key in zip(given["name"], keys, strict=True):
        if key not in software.features:
            raise ModuleFailure(f"Failed to find feature '{name}'")
    due = [key for key in keys if not software.features[key]["state"].startswith(start)]
    restart = any(software.features[key]["restart"] for key in due)
    for key in due if not check else ():
        feature = software.features[key]
        software.features[key] = {**feature, "state": pending if feature["restart"] else end}
    return {"changed": bool(due), "reboot_required": restart and not check}


SOFTWARE: Mapping[str, Callable[[Software, Mapping[str, Any], bool], Result]] = {
    CHOCO: win_chocolatey,
    FACTS: win_chocolatey_facts,
    PACKAGE: win_package,
    FEATURE: win_optional_feature,
    TASK: win_scheduled_task,
}


def simulate(host: Host, payload: Payload) -> Result:
    """Run one of the modules above on a host; in check mode its state is not written, whatever the module did."""
    software = Software.of(host.folder)
    try:
        result = SOFTWARE[payload.module](software, payload.options, payload.check_mode)
    finally:
        if not payload.check_mode:
            software.save(host.folder)  # also what was done before a failure
    if not payload.arguments.get("_ansible_diff"):
        result.pop("diff", None)
    return result
