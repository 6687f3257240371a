# ruff: noqa: E501 - settings and problems are quoted whole
"""Every mistake a setting can hold: the exact text, with file, line and column, that people get."""

from collections.abc import Callable, Mapping

import pytest
from policy_samples import DESKTOP_KEYS, HEAD_KEYS, KIND_KEYS, MUNICIPALITY_NAMES

FILE = "policies/workstation/a.yml"

# name: (contents of FILE, problems after the file's name)
CASES: dict[str, tuple[str, list[str]]] = {
    "unknown key": (
        (
            "- id: one\n"
            "  title: One\n"
            "  titel: x\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1}\n"
        ),
        [
            f"3:3: found the unknown key 'titel'; expected one of: {HEAD_KEYS}, {KIND_KEYS}. Did you mean 'title'?",
        ],
    ),
    "unknown kind": (
        ("- id: one\n  title: One\n  registery: {}\n"),
        [
            f"3:3: found the unknown key 'registery'; expected one of: {HEAD_KEYS}, {KIND_KEYS}. "
            "Did you mean 'registry'?",
        ],
    ),
    "classes of users": (
        (
            "- id: one\n  title: One\n  registry: {path: 'HKCU:\\Software\\Classes\\.txt', name: V, type: dword, data: 1}\n"
        ),
        [
            "3:20: found 'HKCU:\\Software\\Classes\\.txt'; expected a path outside HKCU:\\SOFTWARE\\Classes. Write "
            "HKLM:\\SOFTWARE\\Classes: a user's classes are a hive of their own, which is not reached.",
        ],
    ),
    "two kinds": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1}\n"
            "  service: {name: X, start: manual}\n"
        ),
        [
            "4:3: found a second kind 'service' beside 'registry'; expected exactly one kind. Make it "
            "a setting of its own.",
        ],
    ),
    "no kind": (
        ("- id: one\n  title: One\n"),
        [
            f"1:3: found a setting without a kind; expected one of: {KIND_KEYS}",
        ],
    ),
    "no mapping": (
        ("- 5\n"),
        [
            "1:3: found 5; expected a setting: a mapping with id, title and a kind",
        ],
    ),
    "no list": (
        ("id: one\n"),
        [
            "1:1: found a mapping; expected a list of settings",
        ],
    ),
    "missing title": (
        ("- id: one\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1}\n"),
        [
            "1:3: found no 'title'; expected the key 'title'",
        ],
    ),
    "bad id": (
        ("- id: One-1\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1}\n"),
        [
            "1:7: found 'One-1'; expected small letters, digits and '_', a letter first",
        ],
    ),
    "title number": (
        ("- id: one\n  title: 5\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1}\n"),
        [
            "2:10: found 5; expected text. Put it in quotes: '5'.",
        ],
    ),
    "kind no mapping": (
        ("- id: one\n  title: One\n  service: Spooler\n"),
        [
            "3:12: found 'Spooler'; expected a mapping",
        ],
    ),
    "unknown field": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, typ: dword, data: 1}\n"),
        [
            "3:49: found the unknown key 'typ'; expected one of: data, list, name, path, state, "
            "subkey, type. Did you mean 'type'?",
        ],
    ),
    "type": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dwrod, data: 1}\n"),
        [
            "3:55: found 'dwrod'; expected one of: dword, qword, string, expandstring, multistring, "
            "binary, none. Did you mean 'dword'?",
        ],
    ),
    "dword range": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 4294967296}\n"),
        [
            "3:68: found 4294967296; expected a whole number from 0 to 4294967295 for type dword",
        ],
    ),
    "dword text": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: '1'}\n"),
        [
            "3:68: found '1'; expected a whole number from 0 to 4294967295 for type dword",
        ],
    ),
    "dword bool": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: true}\n"),
        [
            "3:68: found true; expected a whole number from 0 to 4294967295 for type dword",
        ],
    ),
    "string number": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: 5}\n"),
        [
            "3:69: found 5; expected text for type string. Put it in quotes: '5'.",
        ],
    ),
    "multistring": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: multistring, data: [a, 5]}\n"
        ),
        [
            "3:78: found 5; expected text",
        ],
    ),
    "binary": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: binary, data: a0f}\n"),
        [
            "3:69: found 'a0f'; expected pairs of hexadecimal digits, such as 'a0ff'",
        ],
    ),
    "no data": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword}\n"),
        [
            "3:13: found a value without data; expected data of type dword",
        ],
    ),
    "no type": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, data: 1}\n"),
        [
            "3:13: found a value without a type; expected the value's type, one of: dword, qword, "
            "string, expandstring, multistring, binary, none",
        ],
    ),
    "no name": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\X', type: dword, data: 1}\n"),
        [
            "3:13: found a value without a name; expected the value's name ('' is the key's default value)",
        ],
    ),
    "none data": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: none, data: 'a0'}\n"),
        [
            "3:13: found data; expected no data with type none",
        ],
    ),
    "absent data": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: 1, state: absent}\n"
        ),
        [
            "3:13: found a value for what should be absent; expected no type and no data where state is absent",
        ],
    ),
    "list beside": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, list: [a]}\n"),
        [
            "3:13: found 'list' beside other fields; expected 'list' alone: it stands for all values of the key",
        ],
    ),
    "shallow": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\X', state: absent}\n"),
        [
            "3:13: found 'HKLM:\\SOFTWARE\\X'; expected a path at least 3 keys deep where the whole key is to go",
        ],
    ),
    "HKU": (
        ("- id: one\n  title: One\n  registry: {path: 'HKU:\\X', name: V, type: dword, data: 1}\n"),
        [
            "3:20: found 'HKU:\\X'; expected a path that begins with HKLM:\\ or HKCU:\\. HKCU:\\ already "
            "stands for every user's hive and the default profile.",
        ],
    ),
    "HKCR": (
        ("- id: one\n  title: One\n  registry: {path: 'HKEY_CLASSES_ROOT\\X', name: V, type: dword, data: 1}\n"),
        [
            "3:20: found 'HKEY_CLASSES_ROOT\\X'; expected a path that begins with HKLM:\\ or HKCU:\\. "
            "HKCR is a merged view: write HKLM:\\SOFTWARE\\Classes.",
        ],
    ),
    "nohive": (
        ("- id: one\n  title: One\n  registry: {path: 'SOFTWARE\\X', name: V, type: dword, data: 1}\n"),
        [
            "3:20: found 'SOFTWARE\\X'; expected a path that begins with HKLM:\\ or HKCU:\\",
        ],
    ),
    "trailing": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\', name: V, type: dword, data: 1}\n"),
        [
            "3:20: found 'HKLM:\\SOFTWARE\\'; expected a path without a '\\' at its end",
        ],
    ),
    "empty key": (
        ("- id: one\n  title: One\n  registry: {path: 'HKLM:\\SOFTWARE\\\\X', name: V, type: dword, data: 1}\n"),
        [
            "3:20: found 'HKLM:\\SOFTWARE\\\\X'; expected key names of 1 to 255 characters between the '\\'s",
        ],
    ),
    "service start": (
        ("- id: one\n  title: One\n  service: {name: X, start: auto}\n"),
        [
            "3:29: found 'auto'; expected one of: automatic, delayed, manual, disabled. Did you mean 'automatic'?",
        ],
    ),
    "service running": (
        ("- id: one\n  title: One\n  service: {name: X, start: disabled, status: running}\n"),
        [
            "3:12: found a disabled service that should run; expected another start mode, or status stopped",
        ],
    ),
    "right": (
        ("- id: one\n  title: One\n  user_right: {right: TcbPrivilege, members: [Administrators, S-1-5-32-544]}\n"),
        [
            "3:23: found 'TcbPrivilege'; expected a name like SeTcbPrivilege or SeNetworkLogonRight",
            "3:47: found 'Administrators'; expected a SID like S-1-5-32-544",
        ],
    ),
    "right twice": (
        ("- id: one\n  title: One\n  user_right: {right: SeTcbPrivilege, members: [S-1-5-19, S-1-5-19]}\n"),
        [
            "3:59: found 'S-1-5-19' again; expected each member once",
        ],
    ),
    "account key": (
        ("- id: one\n  title: One\n  account_policy: {name: LockoutBadCounts, data: 5}\n"),
        [
            "3:26: found 'LockoutBadCounts'; expected one of: AllowAdministratorLockout, "
            "ClearTextPassword, LockoutBadCount, LockoutDuration, MaximumPasswordAge, "
            "MinimumPasswordAge, MinimumPasswordLength, PasswordComplexity, PasswordHistorySize, "
            "RequireLogonToChangePassword, ResetLockoutCount. Did you mean 'LockoutBadCount'?",
        ],
    ),
    "account range": (
        ("- id: one\n  title: One\n  account_policy: {name: LockoutBadCount, data: 1000}\n"),
        [
            "3:49: found 1000; expected a whole number from 0 to 999",
        ],
    ),
    "option text": (
        ("- id: one\n  title: One\n  security_option: {name: NewGuestName, data: 5}\n"),
        [
            "3:47: found 5; expected an account name of 1 to 20 characters",
        ],
    ),
    "guid": (
        ("- id: one\n  title: One\n  audit: {subcategory: 0cce9217, name: X, events: [succes]}\n"),
        [
            "3:24: found '0cce9217'; expected a GUID like '{0cce9217-69ae-11d9-bed3-505054503030}'",
            "3:52: found 'succes'; expected one of: success, failure. Did you mean 'success'?",
        ],
    ),
    "group": (
        ("- id: one\n  title: One\n  local_group: {group: S-1-5-32-544, members: [], mode: include}\n"),
        [
            "3:16: found mode include without members; expected at least one member",
        ],
    ),
    "controls": (
        (
            "- id: one\n"
            "  title: One\n"
            "  controls: [BIO2:9.99.99, BIO3:1, NIST:AC6, 'MS-W11-24H2', CIS-W11:1.2.x]\n"
            "  service: {name: X, start: manual}\n"
        ),
        [
            "3:14: found 'BIO2:9.99.99'; expected a number listed in policies/controls/bio2.csv",
            "3:28: found the control source 'BIO3'; expected one of: ADMX-TS, AVD, BIO2, CIS-DEB12, "
            "CIS-W11, CIS-WS2022, CIS-WS2025, CISCO.IOS, DEVSEC, FSLOGIX, HK-TLS, MS-EDGE-128, MS-M365-2306, "
            "MS-W11-24H2, MS-WS2022, NIST, OWN, PUBLIC, SEC-IOS, STIG-L2S, STIG-NDM. Did you mean 'BIO2'?",
            "3:36: found 'NIST:AC6'; expected NIST: and a number of that source",
            "3:61: found 'CIS-W11:1.2.x'; expected CIS-W11: and a number of that source",
        ],
    ),
    "on": (
        (
            "- id: one\n"
            "  title: One\n"
            "  on: {platform: linux, ring: [pilot, brod], sites: x}\n"
            "  service: {name: X, start: manual}\n"
        ),
        [
            "3:39: found 'brod'; expected one of: canary, pilot, broad. Did you mean 'broad'?",
            "3:46: found the unknown key 'sites'; expected one of: choice, platform, ring, site. Did you mean 'site'?",
        ],
    ),
    "on family": (
        ("- id: one\n  title: One\n  on: {platform: linux}\n  service: {name: X, start: manual}\n"),
        [
            "3:18: found platform 'linux'; expected windows or a platform of it: service is for windows",
        ],
    ),
    "from dangling": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: municipality.desktop.homepag}}\n"
        ),
        [
            "3:69: found {from: municipality.desktop.homepag}, which names nothing; expected one of: "
            f"{DESKTOP_KEYS}. Did you mean 'homepage'?",
        ],
    ),
    "from root": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: host.name}}\n"
        ),
        [
            "3:76: found 'host.name'; expected a name below municipality, registry or item",
        ],
    ),
    "from shape": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {form: municipality.name}}\n"
        ),
        [
            "3:69: found a mapping; expected a value or {from: ...}",
        ],
    ),
    "from type": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: dword, data: {from: municipality.desktop.homepage}}\n"
        ),
        [
            "3:68: found {from: municipality.desktop.homepage}, which gives text; expected a reference "
            "that gives a number",
        ],
    ),
    "from record": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: municipality.desktop}}\n"
        ),
        [
            "3:69: found {from: municipality.desktop}, which gives a record; expected a reference that gives text",
        ],
    ),
    "from deeper": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: municipality.name.x}}\n"
        ),
        [
            "3:69: found {from: municipality.name.x}, which names nothing; expected a name that ends before '.x'",
        ],
    ),
    "from list": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: municipality.printers}}\n"
        ),
        [
            "3:69: found {from: municipality.printers}, which gives a list of records; expected a "
            "reference that gives text",
        ],
    ),
    "from binary": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: binary, data: {from: municipality.name}}\n"
        ),
        [
            "3:69: found {from: municipality.name}, which gives text; expected a literal value here",
        ],
    ),
    "from registry": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: registry.fetched_at}}\n"
        ),
        [
            "3:69: found {from: registry.fetched_at}, which names nothing; expected one of: asset_tag, "
            "id, name, platform, ring, serial, site, status, type, url",
        ],
    ),
    "from item": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: item.queue}}\n"
        ),
        [
            "3:69: found {from: item.queue} without for_each; expected a name below municipality or registry",
        ],
    ),
    "from unset": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\SOFTWARE\\X', name: V, type: string, data: {from: municipality.network.wifi_profile}}\n"
        ),
        [
            "3:13: found {from: municipality.network.wifi_profile}, which "
            "municipalities/papendrecht.yml leaves out; expected a value in every municipality the "
            "setting is for",
            "3:13: found {from: municipality.network.wifi_profile}, which "
            "municipalities/zwijndrecht.yml leaves out; expected a value in every municipality the "
            "setting is for",
        ],
    ),
    "from resolved": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKCU:\\Printers', subkey: {from: municipality.desktop.wallpaper}}\n"
        ),
        [
            "3:46: found '\\\\huisstijl.papendrecht.nl\\werkplek\\achtergrond.jpg' (from "
            "municipalities/papendrecht.yml); expected key names of 1 to 255 characters between the "
            "'\\'s",
            "3:46: found '\\\\huisstijl.zwijndrecht.nl\\werkplek\\achtergrond.jpg' (from "
            "municipalities/zwijndrecht.yml); expected key names of 1 to 255 characters between the "
            "'\\'s",
        ],
    ),
    "from in service": (
        ("- id: one\n  title: One\n  service: {name: {from: municipality.name}, start: manual}\n"),
        [
            "3:19: found a mapping; expected text",
        ],
    ),
    "for each name": (
        (
            "- id: one\n"
            "  title: One\n"
            "  for_each: municipality.printer\n"
            "  registry: {path: 'HKCU:\\P', subkey: {from: item.queue}}\n"
        ),
        [
            "3:13: found 'municipality.printer', which names nothing; expected one of: "
            f"{MUNICIPALITY_NAMES}. Did you mean 'printers'?",
        ],
    ),
    "for each texts": (
        (
            "- id: one\n"
            "  title: One\n"
            "  for_each: municipality.network.dns_search\n"
            "  registry: {path: 'HKCU:\\P', subkey: {from: item.queue}}\n"
        ),
        [
            "3:13: found 'municipality.network.dns_search', a list of texts; expected a list of "
            "records that have a name",
        ],
    ),
    "for each item": (
        (
            "- id: one\n"
            "  title: One\n"
            "  for_each: municipality.printers\n"
            "  registry: {path: 'HKCU:\\P', subkey: {from: item.quee}, name: N, type: dword, data: {from: item.name}}\n"
        ),
        [
            "4:39: found {from: item.quee}, which names nothing; expected one of: connection_key, ipp_address, name, queue, "
            "server, unc_server. Did you mean 'queue'?",
            "4:86: found {from: item.name}, which gives text; expected a reference that gives a number",
        ],
    ),
    "for each unused": (
        ("- id: one\n  title: One\n  for_each: municipality.printers\n  registry: {path: 'HKCU:\\P'}\n"),
        [
            "3:13: found a setting that is the same for each item; expected a {from: item...} in it, "
            "so that the items differ",
        ],
    ),
    "for each same": (
        (
            "- id: one\n"
            "  title: One\n"
            "  for_each: municipality.printers\n"
            "  registry: {path: 'HKCU:\\P', name: Server, type: string, data: {from: item.unc_server}}\n"
        ),
        [
            "1:3: found 'one[hal-02]', which is about the same object as 'one[balie-01]' "
            "(policies/workstation/a.yml:1); expected one setting for each object on a host. Give them "
            "one id and 'overrides', or scopes that cannot meet.",
        ],
    ),
    "dup key": (
        ("- id: one\n  title: One\n  title: Two\n  service: {name: X, start: manual}\n"),
        [
            "3:3: found the key 'title' again; expected each key once (first on line 2)",
        ],
    ),
    "same object": (
        (
            "- id: one\n"
            "  title: One\n"
            "  registry: {path: 'HKLM:\\software\\screen', name: timeout, type: dword, data: 1}\n"
        ),
        [
            "1:3: found 'one', which is about the same object as 'screen_lock' "
            "(policies/baseline/screen.yml:1); expected one setting for each object on a host. Give "
            "them one id and 'overrides', or scopes that cannot meet.",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_mistake(name: str, problems_of: Callable[[Mapping[str, str]], list[str]]):
    text, expected = CASES[name]
    assert problems_of({FILE: text}) == [f"{FILE}:{problem}" for problem in expected]


def test_all_mistakes_of_all_files_come_in_one_go(problems_of: Callable[[Mapping[str, str]], list[str]]):
    kinds = ("unknown key", "type", "dword range", "from dangling", "controls")
    files = {f"policies/workstation/{number}.yml": CASES[name][0] for number, name in enumerate(kinds)}
    expected = [
        f"policies/workstation/{number}.yml:{problem}"
        for number, name in enumerate(kinds)
        for problem in CASES[name][1]
    ]
    assert problems_of(files) == expected
