"""The whole policy of a host as rows: what is waived, ignored and absent too, and a host's own values."""

import pytest
from policy_command_samples import TODAY, facts, repository, swapped

from werkplek.errors import WerkplekError
from werkplek.policy.listing import Row, listing
from werkplek.policy.provenance import Asked
from werkplek.policy.resolver import resolve

RECORD = {"url": "URL", "asset_tag": "TAG-1"}


def listed(*, changed=None, host="PAP-LT-1", record=RECORD, **more):
    return listing(repository(changed), Asked(facts(**more).combination, TODAY, host, record))


def by_id(found):
    return {row.id: row for row in found.rows}


def test_rows_in_the_order_of_the_policy():
    assert [(row.id, row.state) for row in listed(ring="canary").rows] == [
        ("screen_lock", "waived"),
        ("lockout", "enforced"),
        ("old_value", "enforced"),
        ("advice", "ignored"),
        ("homepage", "enforced"),
        ("extensions", "enforced"),
        ("printer[balie-01]", "enforced"),
        ("printer[hal-02]", "enforced"),
        ("asset_tag", "enforced"),
        ("wifi", "enforced"),
        ("laps_entra", "enforced"),
        ("early", "enforced"),
        ("town_hall", "enforced"),
    ]


def test_what_is_waived_absent_or_ignored_says_so():
    rows = by_id(listed(ring="canary"))
    assert rows["screen_lock"] == Row(
        id="screen_lock",
        title="Lock the screen sooner",
        what=r"HKLM:\SOFTWARE\Screen\Timeout",
        value="dword: 300",
        state="waived",
        source="policies/municipality/papendrecht.yml:1",
        layer="municipality/papendrecht",
        remark="waiver street_test until 2026-07-15, approved by M. Bakker: A test at the desk",
    )
    assert (rows["lockout"].state, rows["lockout"].remark) == ("enforced", "its waiver past ended on 2026-06-14")
    assert (rows["old_value"].value, rows["old_value"].title) == ("absent", "Keep an old value")
    assert (rows["advice"].value, rows["advice"].remark) == ("", "Another service gives it")


def test_a_waiver_for_named_hosts():
    assert by_id(listed(host="PAP-LT-3"))["lockout"].state == "waived"
    assert by_id(listed(host="PAP-LT-1"))["lockout"].state == "enforced"
    assert by_id(listed(host="", record={}))["lockout"].state == "enforced"


def test_a_hosts_own_values_and_no_secret():
    host, any_host = listed(record={**RECORD, "wifi_key": "hunter2"}), listed(host="", record={})
    assert by_id(host)["asset_tag"].value == "string: TAG-1"
    assert by_id(any_host)["asset_tag"].value == "string: {from: registry.asset_tag}"
    assert by_id(host)["wifi"].value == "string: {secret: wifi_key} of 2026-05-01"
    assert "hunter2" not in repr(host)


def test_the_digest_is_that_of_the_host():
    sample = repository()
    part, combination = sample.parts["workstation", "papendrecht"], facts().combination
    expected = resolve(part, combination, TODAY, "PAP-LT-1").for_host(RECORD).digest
    assert listed().digest == expected
    assert listed(ring="canary").digest != expected
    assert listed(host="", record={}).digest == ""  # each host has its own asset tag


def test_a_combination_without_hosts_own_values_has_a_digest():
    found = listed(host="", record={}, workplace_class="vdi_host")
    assert len(found.digest) == 64
    assert found.digest == listed(workplace_class="vdi_host", host="", record={}).digest


def test_a_secret_is_no_hosts_own_value():
    changed = swapped("policies/workstation/desk.yml", ("{from: registry.asset_tag}", "'none'"))
    assert len(listed(changed=changed, host="", record={}).digest) == 64


def test_a_value_that_the_registry_does_not_give_stops_it():
    with pytest.raises(WerkplekError, match=r"URL: found asset_tag None; expected text\. Mend it in the registry."):
        listed(record={"url": "URL"})


def test_settings_on_one_line_keep_their_titles():
    line = "[{id: a, title: First, docs: 'https://d.example/', account_policy: {name: PasswordComplexity, data: 1}}, "
    line += "{id: b, title: Second, docs: 'https://d.example/', account_policy: {name: ClearTextPassword, data: 0}}]\n"
    ignored = "[{id: b, ignore: Not here}]\n"
    changed = {"policies/baseline/line.yml": line, "policies/municipality/zwijndrecht.yml": ignored}
    rows = by_id(listed(changed=changed, municipality="zwijndrecht"))
    assert [(rows[name].title, rows[name].state) for name in ("a", "b")] == [
        ("First", "enforced"),
        ("Second", "ignored"),
    ]


def test_an_ignored_setting_for_each_of_a_list_is_one_row():
    changed = swapped(
        "policies/municipality/papendrecht.yml", ("- id: advice\n", "- id: printer\n  ignore: By hand\n- id: advice\n")
    )
    rows = [row for row in listed(changed=changed).rows if row.id.startswith("printer")]
    assert [(row.id, row.state, row.remark) for row in rows] == [("printer", "ignored", "By hand")]
