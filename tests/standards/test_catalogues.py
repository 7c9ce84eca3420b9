"""Every catalogue that comes with the product: sound, complete in four languages, and keeping every key it had."""

import collections
import dataclasses
from pathlib import Path

import pytest

import standards
from standards import LANGUAGES

KEYS = Path(__file__).parent / "keys"
COUNTS = {
    "ib-psp-2020": {"category": 4, "standard": 9, "practice": 41, "requirement": 48, "specification": 16},
    "ib-programme-development-milestones": {"milestone": 4, "step": 18},
    "ib-learner-profile": {"attribute": 10},
    "ib-approaches-to-learning": {"skill_category": 5, "skill": 15},
}


def test_the_catalogues_are_these():
    assert set(standards.available()) == set(COUNTS)


@pytest.mark.parametrize("key", standards.available())
class TestEveryCatalogue:
    def test_holds_as_many_nodes_of_each_kind_as_its_source(self, key):
        assert collections.Counter(node.kind for node in standards.load(key)) == COUNTS[key]

    def test_still_has_every_key_it_ever_had(self, key):
        kept = set((KEYS / f"{key}.txt").read_text("utf-8").split())
        assert kept <= {node.key for node in standards.load(key)}

    def test_has_all_its_keys_on_the_list_of_keys(self, key):
        listed = set((KEYS / f"{key}.txt").read_text("utf-8").split())
        assert {node.key for node in standards.load(key)} <= listed

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_speaks_the_language_on_every_node(self, key, language):
        for node in standards.load(key):
            assert node.labels[language], node.key
            assert node.summaries[language].endswith((".", "…")), node.key
            assert len(node.label(language)) <= 46, node.label(language)
            assert len(node.summary(language)) <= 160, node.key

    def test_has_as_many_prompts_and_about_as_much_evidence_in_every_language(self, key):
        for node in standards.load(key):
            assert len({len(node.prompts.get(language, ())) for language in LANGUAGES}) == 1, node.key
            assert len({bool(node.evidence_kinds.get(language)) for language in LANGUAGES}) == 1, node.key

    def test_names_itself_its_levels_and_its_scales_in_every_language(self, key):
        catalogue = standards.load(key)
        for language in LANGUAGES:
            assert catalogue.names[language]
            assert all(level.labels[language] for level in catalogue.levels)
            for scale in catalogue.scales:
                assert scale.labels[language]
                assert all(step.labels[language] for step in scale.levels)

    def test_gives_siblings_labels_that_tell_them_apart(self, key):
        catalogue = standards.load(key)
        for language in LANGUAGES:
            for parent in [None, *catalogue.nodes]:
                children = catalogue.children(parent.key) if parent else catalogue.roots
                labels = [child.label(language) for child in children]
                assert len(labels) == len(set(labels)), (parent, language)

    def test_says_whose_it_is_and_that_its_words_are_ours(self, key):
        catalogue = standards.load(key)
        assert "independent work" in catalogue.publisher
        assert "our own" in catalogue.licence

    def test_never_prints_the_letters_pdp_alone(self, key):
        for node in standards.load(key):
            words = [*node.labels.values(), *node.summaries.values()]
            for phrases in (*node.evidence_kinds.values(), *node.prompts.values()):
                words += phrases
            assert not [text for text in words if "PDP" in text.split()], node.key


def test_a_catalogue_is_read_once_per_process():
    assert standards.load("ib-psp-2020") is standards.load("ib-psp-2020")


def test_an_unknown_framework_names_the_known_ones():
    with pytest.raises(
        standards.CatalogueError, match=r"There is no framework 'ib-psp-2014'\. Known frameworks: ib-app"
    ):
        standards.load("ib-psp-2014")


class TestPsp2020:
    psp = standards.load("ib-psp-2020")

    def test_a_node_is_found_by_key_and_by_code(self):
        assert self.psp.node("ib-psp-2020/0301-02") is self.psp.node("0301-02")
        assert self.psp.node("0301-02").short_name == "Culture 2"
        assert "0301-02" in self.psp
        assert "0301-99" not in self.psp

    def test_a_label_is_given_in_the_language_asked_for(self):
        node = self.psp.node("0301-02")
        assert [node.label(language) for language in ("en", "fr", "es", "it", "de")] == [
            "Inclusion policy",
            "Politique d'inclusion",
            "Política de inclusión",
            "Politica di inclusione",
            "Inclusion policy",
        ]

    def test_an_unknown_code_offers_the_nearest_ones(self):
        with pytest.raises(standards.NodeNotFound, match=r"no node '0301-2' in the framework 'ib-psp-2020'.*0301-02"):
            self.psp.node("0301-2")

    def test_the_tree_can_be_walked_both_ways(self):
        assert [node.code for node in self.psp.roots] == ["01", "02", "03", "04"]
        assert [node.code for node in self.psp.ancestors("0301-01-0331")] == ["03", "0301", "0301-01", "0301-01-0300"]
        assert [node.code for node in self.psp.children("0301-01-0300")] == [
            "0301-01-0311",
            "0301-01-0331",
            "0301-01-0332",
        ]
        assert [node.code for node in self.psp.descendants("0101-01")] == ["0101-01-0100", "0101-01-0200"]
        assert self.psp.children("0202-02") == ()

    def test_a_parent_stands_before_its_children(self):
        seen: set[str | None] = {None}
        for node in self.psp:
            assert node.parent_key in seen
            seen.add(node.key)

    def test_practices_are_asked_for_by_programme(self):
        assert len(self.psp.practices()) == len(self.psp.practices("DP")) == 41
        assert len(self.psp.of_level("requirement", "CP")) == 49
        assert len(self.psp) == 118

    def test_a_specification_is_a_requirement_of_one_programme(self):
        node = self.psp.node("0401-02-0141")
        assert (node.level, node.kind, node.programmes) == ("requirement", "specification", ("CP",))
        assert self.psp.node(node.parent_key or "").code == "0401-02-0100"
        assert not node.applies_to("DP")
        assert node.applies_to("CP")
        assert node.applies_to(None)

    def test_every_practice_has_keywords_evidence_and_prompts_in_every_language(self):
        for node in self.psp.practices():
            for language in LANGUAGES:
                assert len(node.keywords_in(language)) >= 4, node.key
                assert len(node.evidence_in(language)) >= 3, node.key
                assert len(node.prompts_in(language)) >= 2, node.key

    def test_confidence_and_what_was_not_seen_are_kept(self):
        assert self.psp.node("0404-02").confidence == "code_derived"
        assert self.psp.node("0201-04").not_seen == ("0201-04-0100", "0201-04-0200", "0201-04-0300")
        assert self.psp.node("0401-02-0100").not_seen == ("0401-02-0111",)
        assert self.psp.node("0202-02").coverage == "none"

    def test_a_practice_is_rated_in_three_levels_by_default_or_in_four(self):
        assert [scale.key for scale in self.psp.scales_for("practice")] == ["three-levels", "four-levels"]
        three, four = self.psp.scales_for("standard")
        assert [step.key for step in three.levels] == ["developing", "developed", "highly-developed"]
        assert [step.key for step in four.levels] == ["emerging", "developing", "demonstrating", "excelling"]
        assert three.level(3).label("it") == "Molto sviluppato"
        assert all(step.descriptor(language) for step in (*three.levels, *four.levels) for language in LANGUAGES)

    def test_a_requirement_is_met_partly_met_or_not_yet(self):
        (scale,) = self.psp.scales_for("requirement")
        assert [(step.value, step.key) for step in scale.levels] == [(1, "not-yet"), (2, "partly"), (3, "met")]
        assert scale is self.psp.scale("met")
        assert scale.level(1).descriptor() == ""

    def test_a_rating_off_the_scale_is_refused(self):
        with pytest.raises(LookupError, match="goes from 1 to 3; 4 is not on it"):
            self.psp.scale("three-levels").level(4)

    def test_an_unknown_scale_names_the_known_ones(self):
        with pytest.raises(LookupError, match="has no scale 'seven'; it has: three-levels, four-levels, met"):
            self.psp.scale("seven")

    def test_names_for_people_come_in_their_language(self):
        assert self.psp.name("it") == "Standard e pratiche dei programmi IB"
        assert [level.label("es") for level in self.psp.levels][2] == "Aplicación concreta"
        assert self.psp.scale("met").label("fr") == "Satisfait ou non"

    def test_nothing_can_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            self.psp.node("0301-02").code = "x"  # type: ignore[misc]  # that it may not be assigned is what is tested
        assert len({self.psp.node("0301-02"), self.psp.node("0301-02")}) == 1


def test_programmes_have_their_full_names_in_the_language_asked_for():
    psp = standards.load("ib-psp-2020")
    assert psp.programme_name("MYP") == "Middle Years Programme"
    assert psp.programme_name("MYP", "fr") == "Programme d'éducation intermédiaire"
    assert psp.programme_name("DP", "de") == "Diploma Programme"
    assert psp.programme_name("XP", "es") == "XP"


def test_milestones_are_a_path_without_ratings():
    path = standards.load("ib-programme-development-milestones")
    assert [node.code for node in path.children("M3")] == ["3.1", "3.2", "3.3", "3.4"]
    assert path.node("ib-programme-development-milestones/3.1").parent_key == "ib-programme-development-milestones/M3"
    assert path.scales == ()
    assert path.practices() == ()
    assert path.scales_for("step") == ()


def test_a_node_key_splits_into_framework_and_code():
    assert standards.split_key("ib-psp-2020/0301-02") == ("ib-psp-2020", "0301-02")
