import json
import random
import stat

import pytest
from registry_estate import ROWS, UPDATED, device, document, named, rows, snapshot, with_devices
from registry_extras import INCLUDE, extra_rows
from registry_refusals import refusal_of

from werkplek.registry.snapshot import content, digest, dump, load, to_bytes
from werkplek.registry.tables import TABLES, columns

FILTERS = {"devices": {"role": ("kiosk", "laptop"), "cf_floor": ("3",)}}
AGAIN = "Take the snapshot again."


def written(tmp_path, content):
    path = tmp_path / "estate.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def refusal(path):
    summary, problems = refusal_of(load, path)
    assert summary == f"The registry snapshot {path} cannot be used"
    return [problem.removeprefix(str(path)) for problem in problems]


@pytest.fixture
def everything():
    return snapshot(extra_rows(), include=INCLUDE, filters=FILTERS)


def test_a_snapshot_comes_back_as_it_went(tmp_path, everything):
    for before in (snapshot(rows()), everything):
        dump(before, tmp_path / "estate.json")
        assert load(tmp_path / "estate.json") == before


def test_the_file_is_private_and_follows_format_3(tmp_path):
    path = tmp_path / "estate.json"
    dump(snapshot(rows()), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_bytes()) == document(ROWS)


def test_the_file_says_what_was_asked_for(everything):
    content = json.loads(to_bytes(everything))
    assert content["include"] == ["config_context", "contacts", "device_type", "owner", "ports"]
    assert content["filters"] == {"devices": {"role": ["kiosk", "laptop"], "cf_floor": ["3"]}}
    assert (content["schema"], content["netbox_version"]) == (3, "4.4.10")
    assert {name: set(found[0]) for name, found in content["objects"].items()} == {
        table.object_type: set(columns(table)) for table in TABLES.values()
    }


def test_the_same_registry_gives_the_same_bytes_in_any_order_of_rows(everything):
    expected = to_bytes(everything)
    for seed in range(20):
        shuffled = list(extra_rows().items())
        random.Random(seed).shuffle(shuffled)
        objects = {name: random.Random(seed).sample(table, len(table)) for name, table in shuffled}
        turned = snapshot(objects, include=reversed(INCLUDE), filters=dict(reversed(FILTERS.items())))
        assert to_bytes(turned) == expected
        assert digest(content(turned)) == json.loads(expected)["sha256"]


def test_equal_bytes_mean_an_equal_registry(everything):
    objects = extra_rows()
    objects["dcim.interface"][0]["description"] = "x"
    assert to_bytes(snapshot(objects, include=INCLUDE, filters=FILTERS)) != to_bytes(everything)
    changed = snapshot(objects, include=INCLUDE, filters=FILTERS)
    assert digest(content(changed)) != digest(content(everything))


def test_each_row_has_its_own_line():
    lines = to_bytes(snapshot(rows())).decode().splitlines()
    assert sum('"name":"PAP-LT-001"' in line for line in lines) == 1
    assert not any("PAP-LT-001" in line and "PAP-BALIE-001" in line for line in lines)


def test_text_of_any_script_survives(tmp_path):
    name = 'caf\u00e9 \u0420 \U0001f9ed {{ x }} \x1b \u2028 \\ "'
    before = snapshot(
        with_devices(device(1, name, custom_fields={"update_ring": name, name: [None, 1.5, {"a": True}]}))
    )
    dump(before, tmp_path / "estate.json")
    assert load(tmp_path / "estate.json") == before


def test_unknown_columns_and_tables_are_left_alone(tmp_path):
    objects = with_devices(device(1, "PAP-LT-001", comments="{{ later }}")) | {"dcim.rack": [1]}
    assert load(written(tmp_path, document(objects))).objects == snapshot(with_devices(device(1, "PAP-LT-001"))).objects


def test_no_file(tmp_path):
    path = tmp_path / "estate.json"
    assert refusal(path) == [
        ": found No such file or directory; expected a registry snapshot. Check the option `snapshot`."
    ]
    path.mkdir()
    assert refusal(path) == [": found Is a directory; expected a registry snapshot. Check the option `snapshot`."]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b'{"schema": 3,\n oops}',
            ":2:2: found text that is not JSON (Expecting property name enclosed in double quotes)",
        ),
        (b"", ":1:1: found text that is not JSON (Expecting value)"),
        (
            b'{"a": "\xff"}',
            ": found text that is not JSON ('utf-8' codec can't decode byte 0xff in position 7: invalid start byte)",
        ),
        (b"[" * 100_000, ": found text that is not JSON (nested too deeply)"),
        (b'{"a": NaN}', ": found text that is not JSON (the number NaN)"),
        (b'{"a": -Infinity}', ": found text that is not JSON (the number -Infinity)"),
        (
            rb'{"a": "\ud800"}',
            ": found text that is not JSON ('utf-8' codec can't encode character '\\ud800' in position 7: surrogates "
            "not allowed)",
        ),
    ],
)
def test_not_strictly_json(tmp_path, content, problem):
    path = tmp_path / "estate.json"
    path.write_bytes(content)
    assert refusal(path) == [f"{problem}; expected a registry snapshot"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ([], "list"),
        (None, "NoneType"),
        ({"schema": 1, "taken_at": "2026-11-23T12:00:00Z"}, "schema 1"),
        ({"schema": 2}, "schema 2"),
        ({"schema": "3"}, "schema '3'"),
        ({"devices": []}, "schema None"),
    ],
)
def test_another_format(tmp_path, content, found):
    path = written(tmp_path, content)
    assert refusal(path) == [f": found {found}; expected a registry snapshot of schema 3"]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ({"source": None}, ": found source = None; expected a text"),
        ({"as_of": 7}, ": found as_of = 7; expected a text"),
        (
            {"include": ["port"]},
            ": include: found ['port']; expected a list of words out of config_context, contacts, device_type, owner, "
            "ports",
        ),
        (
            {"include": "ports"},
            ": include: found 'ports'; expected a list of words out of config_context, contacts, device_type, owner, "
            "ports",
        ),
        ({"filters": []}, ": filters: found []; expected lists of texts by filter by table"),
        (
            {"filters": {"a": {"b": "c"}}},
            ": filters: found {'a': {'b': 'c'}}; expected lists of texts by filter by table",
        ),
        (
            {"filters": {"a": {"b": [1]}}},
            ": filters: found {'a': {'b': [1]}}; expected lists of texts by filter by table",
        ),
        ({"objects": []}, ": found no tables under 'objects'; expected a list of rows for each type"),
    ],
)
def test_a_malformed_header(tmp_path, header, problem):
    assert refusal(written(tmp_path, document(rows(), **header))) == [problem]


def test_all_that_a_header_lacks_is_told_at_once(tmp_path):
    content = document(rows())
    for key in ("as_of", "netbox_version", "include", "filters", "sha256"):
        del content[key]
    del content["objects"]["dcim.site"]
    content["objects"]["ipam.vlan"] = {}
    assert [problem.partition(";")[0] for problem in refusal(written(tmp_path, content))] == [
        ": found no key 'as_of'",
        ": found no key 'netbox_version'",
        ": found no key 'sha256'",
        ": include: found None",
        ": filters: found None",
        ": objects: found no list for 'dcim.site'",
        ": objects: found no list for 'ipam.vlan'",
    ]


@pytest.mark.parametrize("part", ["objects", "source", "as_of", "netbox_version", "include", "filters"])
def test_a_file_that_was_changed_by_hand(tmp_path, part):
    said = document(rows())
    expected = said["sha256"]
    if part == "objects":
        said["objects"]["dcim.device"][0]["tenant"] = 2
    else:
        said[part] = {"include": ["ports"], "filters": {"devices": {"tenant": ["x"]}}}.get(part, "other")
    (problem,) = refusal(written(tmp_path, said))
    found, _, rest = problem.partition("; ")
    assert found.startswith(": found content with checksum ")
    assert expected not in found
    assert rest == f"expected sha256 {expected}. The file was changed after it was written: take the snapshot again."


def test_every_byte_of_a_file_counts(tmp_path):
    """Cut anywhere a file is refused; only its last line end may go."""
    whole = to_bytes(snapshot(rows()))
    path = tmp_path / "estate.json"
    for at in range(0, len(whole) - 1, max(1, len(whole) // 50)):
        path.write_bytes(whole[:at])
        assert refusal(path)


def test_malformed_rows_are_named_by_place(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "B", role="3"), device(3, "C", tags=[True]), 7)
    del objects["dcim.device"][0]["site"]
    devices = ", ".join(columns(TABLES["dcim.device"]))
    assert refusal(written(tmp_path, document(objects))) == [
        f": objects[\"dcim.device\"][0] (id 1): found no column 'site'; expected the columns {devices}. {AGAIN}",
        ": objects[\"dcim.device\"][1] (id 2): found role = '3'; expected a value of the right type in column 'role'. "
        f"{AGAIN}",
        ': objects["dcim.device"][2] (id 3): found tags = [True]; expected a value of the right type in column '
        f"'tags'. {AGAIN}",
        f': objects["dcim.device"][3]: found int instead of a row; expected the columns {devices}. {AGAIN}',
    ]


@pytest.mark.parametrize(("length", "shown"), [(56, f"['{'x' * 56}']"), (57, f"['{'x' * 57}'...")])
def test_a_value_is_shown_up_to_its_sixtieth_character(tmp_path, length, shown):
    (problem,) = refusal(written(tmp_path, document(with_devices(device(1, "A", status=["x" * length])))))
    assert f": found status = {shown}; expected a value" in problem


def test_a_long_value_is_cut_and_ascii(tmp_path):
    objects = with_devices(device(1, "A", status=["\u00e9" * 100]))
    (problem,) = refusal(written(tmp_path, document(objects)))
    assert f": found status = {ascii(['\u00e9' * 100])[:60]}...; expected a value" in problem


def test_dangling_ids_repeated_ids_and_circles(tmp_path):
    objects = with_devices(device(1, "A", site=99), device(1, "B", tags=[1, 98], primary_ip4=97))
    objects["dcim.platform"][0]["parent"] = 2
    objects["dcim.location"].append(named(2, "x", site=1, parent=2))
    circle = f"a row that is its own ancestor; expected parents without a circle. {AGAIN}"
    assert refusal(written(tmp_path, document(objects))) == [
        f': objects["dcim.device"][1] (id 1): found id 1 a second time; expected each id once. {AGAIN}',
        f': objects["dcim.location"][1] (id 2): found {circle}',
        f': objects["dcim.platform"][0] (id 1): found {circle}',
        f': objects["dcim.platform"][1] (id 2): found {circle}',
        ': objects["dcim.device"][0] (id 1): found site = 99, which is no dcim.site here; expected the id of a '
        f"dcim.site. {AGAIN}",
        ': objects["dcim.device"][1] (id 1): found tags = 98, which is no extras.tag here; expected the id of a '
        f"extras.tag. {AGAIN}",
        ': objects["dcim.device"][1] (id 1): found primary_ip4 = 97, which is no ipam.ipaddress here; expected the id '
        f"of a ipam.ipaddress. {AGAIN}",
    ]


@pytest.mark.parametrize(
    ("table", "column"),
    [(table.object_type, column) for table in TABLES.values() for column in table.references],
)
def test_every_reference_is_checked(tmp_path, table, column):
    objects = extra_rows()
    many = isinstance(objects[table][0][column], list)
    objects[table][0][column] = [9999] if many else 9999
    target = TABLES[table].references[column]
    number = objects[table][0]["id"]
    found = [
        problem for problem in refusal(written(tmp_path, document(objects))) if f"found {column} = 9999," in problem
    ]
    assert found == [
        f': objects["{table}"][0] (id {number}): found {column} = 9999, which is no {target} here; expected the id of '
        f"a {target}. {AGAIN}"
    ]


def test_rows_that_refer_to_malformed_ones_are_not_told_a_second_time(tmp_path):
    objects = rows()
    objects["dcim.site"][0] = named(0, "pap-stadhuis", region=2, tenant=1, time_zone=None)
    assert refusal(written(tmp_path, document(objects))) == [
        f": objects[\"dcim.site\"][0] (id 0): found id = 0; expected a value of the right type in column 'id'. {AGAIN}"
    ]


@pytest.mark.parametrize(
    ("count", "more"), [(20, ""), (21, " (the first 20 of 21 problems)"), (50, " (the first 20 of 50 problems)")]
)
def test_a_flood_of_problems_is_cut(tmp_path, count, more):
    path = written(tmp_path, document(with_devices(*(device(n, "A", site=99) for n in range(1, count + 1)))))
    summary, problems = refusal_of(load, path)
    assert summary == f"The registry snapshot {path} cannot be used{more}"
    assert len(problems) == 20


def test_moments_are_kept_as_they_are(tmp_path):
    objects = with_devices(device(1, "A", last_updated=None), device(2, "B", last_updated=UPDATED))
    found = load(written(tmp_path, document(objects))).objects.devices
    assert [row.last_updated for row in found] == [None, UPDATED]
