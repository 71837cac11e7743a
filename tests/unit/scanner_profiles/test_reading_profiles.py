"""Scanner profiles: what ships is sound, what is wrong is named."""

from pathlib import Path

import pytest

from configuration.settings import Settings
from documents.errors import ConfigurationError
from scanner_profiles.reading_profiles import load_profile, load_profiles

GOOD = 'description_vi = "Bàn tiếp nhận"\ndescription_en = "Intake desk"\n'


def written(folder: Path, content: str, *, name: str = "desk") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_what_ships_is_loaded_by_name() -> None:
    profiles = load_profiles()

    assert set(profiles) == {"backfile", "default", "desk_adf_duplex", "desk_flatbed"}
    assert all(name == profile.name for name, profile in profiles.items())
    assert Settings.model_fields["intake"].default.profile in profiles


def test_only_the_profile_for_old_papers_confirms_without_a_person() -> None:
    policies = {name: one.confirm_policy for name, one in load_profiles().items()}

    assert policies.pop("backfile") == "backfile"
    assert set(policies.values()) == {"none"}


def test_what_a_profile_leaves_out_has_a_default(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, GOOD))

    assert (profile.name, profile.dpi, profile.colour) == ("desk", 300, "colour")
    assert (profile.rest_seconds, profile.confirm_policy) == (5.0, "none")


def test_a_whole_number_of_seconds_will_do(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, GOOD + "rest_seconds = 7"))

    assert profile.rest_seconds == 7.0


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (GOOD + "dpi = 150", "dpi"),
        (GOOD + "dpi = 601", "dpi"),
        (GOOD + 'dpi = "300"', "dpi"),
        (GOOD + "dpi = true", "dpi"),
        (GOOD + 'colour = "sepia"', "colour"),
        (GOOD + 'is_duplex = "yes"', "is_duplex"),
        (GOOD + "is_duplex = true", "is_duplex"),
        (GOOD + "rest_seconds = -1", "rest_seconds"),
        (GOOD + "rest_seconds = nan", "rest_seconds"),
        (GOOD + "rest_seconds = true", "rest_seconds"),
        (GOOD + "resolution = 300", "resolution"),
        (GOOD + 'name = "other"', "name"),
        ('description_vi = "Bàn"', "description_en"),
        (GOOD.replace("Bàn tiếp nhận", " "), "description_vi"),
        ("dpi =", "*"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, content: str, key: str) -> None:
    file = written(tmp_path, content)

    with pytest.raises(ConfigurationError) as caught:
        load_profile(file)

    for message in (caught.value.reason.vi, caught.value.reason.en):
        assert "desk.toml" in message
        assert f"“{key}”" in message


@pytest.mark.parametrize("name", ["Desk", "1desk", "desk-1", "d" * 41])
def test_a_file_whose_name_is_no_profile_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load_profile(written(tmp_path, GOOD, name=name))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="absent"):
        load_profile(tmp_path / "absent.toml")


def test_one_wrong_file_stops_the_whole_folder(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD + "dpi = 1", name="broken")

    with pytest.raises(ConfigurationError, match="broken"):
        load_profiles(tmp_path)
