import json
import stat

import pytest
from registry_estate import ROWS, device, document, rows, snapshot, with_devices

from werkplek.errors import WerkplekError
from werkplek.registry.snapshot import digest, dump, load, to_bytes


def written(tmp_path, content):
    path = tmp_path / "estate.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def refusal(path):
    with pytest.raises(WerkplekError) as caught:
        load(path)
    return str(caught.value)


def test_a_snapshot_comes_back_as_it_went(tmp_path):
    before = snapshot(rows())
    dump(before, tmp_path / "estate.json")
    assert load(tmp_path / "estate.json") == before


def test_the_file_is_private_and_follows_format_1(tmp_path):
    path = tmp_path / "estate.json"
    dump(snapshot(rows()), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_bytes()) == document(ROWS)


def test_the_same_registry_gives_the_same_bytes_in_any_order_of_rows():
    turned = {name: list(reversed(table)) for name, table in reversed(rows().items())}
    assert to_bytes(snapshot(turned)) == to_bytes(snapshot(rows()))
    assert digest(snapshot(turned).objects) == document(ROWS)["sha256"]


def test_each_row_has_its_own_line(tmp_path):
    lines = to_bytes(snapshot(rows())).decode().splitlines()
    assert sum('"name":"PAP-LT-001"' in line for line in lines) == 1
    assert not any("PAP-LT-001" in line and "PAP-BALIE-001" in line for line in lines)


def test_unknown_columns_and_tables_are_left_alone(tmp_path):
    objects = with_devices(device(1, "PAP-LT-001", comments="{{ later }}")) | {"dcim.interface": []}
    assert load(written(tmp_path, document(objects))).objects.devices[0].name == "PAP-LT-001"


def test_no_file(tmp_path):
    path = tmp_path / "estate.json"
    assert refusal(path) == (
        f"The registry snapshot {path} cannot be used\n"
        f"  {path}: found No such file or directory; expected a registry snapshot. Check the option `snapshot`."
    )


def test_not_json(tmp_path):
    path = written(tmp_path, '{"schema": 1,\n oops}')
    assert f"{path}:2:2: found text that is not JSON (Expecting property name" in refusal(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"a": "\xff"}', "'utf-8' codec can't decode byte 0xff in position 7: invalid start byte"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": NaN}', "the number NaN"),
        (rb'{"a": "\ud800"}', "'utf-8' codec can't encode character '\\ud800' in position 7: surrogates not allowed"),
    ],
)
def test_not_strictly_json(tmp_path, content, found):
    path = tmp_path / "estate.json"
    path.write_bytes(content)
    assert f"{path}: found text that is not JSON ({found}); expected a registry snapshot" in refusal(path)


@pytest.mark.parametrize(
    ("content", "found"), [([], "list"), ({"schema": 2}, "schema 2"), ({"devices": []}, "schema None")]
)
def test_wrong_schema(tmp_path, content, found):
    path = written(tmp_path, content)
    assert f"{path}: found {found}; expected a registry snapshot of schema 1" in refusal(path)


def test_missing_header_and_tables(tmp_path):
    content = document(rows())
    del content["taken_at"], content["objects"]["dcim.site"]
    path = written(tmp_path, content)
    assert refusal(path).splitlines()[1:] == [
        f"  {path}: found no key 'taken_at'; expected a text",
        f"  {path}: objects: found no list for 'dcim.site'; expected a list of rows, which may be empty",
    ]


def test_tampered_objects(tmp_path):
    content = document(rows())
    expected = content["sha256"]
    content["objects"]["dcim.device"][0]["tenant"] = 2
    text = refusal(written(tmp_path, content))
    assert f"; expected sha256 {expected}. The file was changed after it was written: take the snapshot again." in text


def test_malformed_rows_are_named_by_place(tmp_path):
    objects = with_devices(device(1, "A"), device(2, "B", role="3"), device(3, "C", tags=[True]), 7)
    del objects["dcim.device"][0]["site"]
    path = written(tmp_path, document(objects))
    lines = refusal(path).splitlines()
    assert lines[1].startswith(
        f"  {path}: objects[\"dcim.device\"][0] (id 1): found no column 'site'; expected the col"
    )
    assert lines[2] == (
        f"  {path}: objects[\"dcim.device\"][1] (id 2): found role = '3'; "
        "expected a value of the right type in column 'role'. Take the snapshot again."
    )
    assert "[2] (id 3): found tags = [True];" in lines[3]
    assert 'objects["dcim.device"][3]: found int instead of a row;' in lines[4]


def test_dangling_ids_repeated_ids_and_circles(tmp_path):
    objects = with_devices(device(1, "A", site=99), device(1, "B", tags=[1, 98]))
    objects["dcim.platform"][0]["parent"] = 2
    path = written(tmp_path, document(objects))
    text = refusal(path)
    assert 'objects["dcim.device"][0] (id 1): found site = 99, which is no dcim.site here; expected the id of a' in text
    assert 'objects["dcim.device"][1] (id 1): found tags = 98, which is no extras.tag here' in text
    assert 'objects["dcim.device"][1] (id 1): found id 1 a second time; expected each id once.' in text
    assert 'objects["dcim.platform"][0] (id 1): found a row that is its own ancestor' in text
    assert 'objects["dcim.platform"][1] (id 2): found a row that is its own ancestor' in text


def test_a_flood_of_problems_is_cut(tmp_path):
    path = written(tmp_path, document(with_devices(*(device(n, "A", site=99) for n in range(1, 51)))))
    lines = refusal(path).splitlines()
    assert lines[0] == f"The registry snapshot {path} cannot be used (the first 20 of 50 problems)"
    assert len(lines) == 21
