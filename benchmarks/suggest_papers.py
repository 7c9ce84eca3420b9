"""Papers for `suggest.py` made from others or from nothing: nameless, long, and such as show no practice at all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence_app.domain.suggesting import DocumentProfile

PAGE = 2_500
"""Characters on a page, more or less."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with the keys people gave it, the main one first; none if it shows nothing.

    `original` is the same for a document and its copies.
    """

    profile: DocumentProfile
    language: str
    keys: tuple[str, ...]
    original: str


def nameless(document: Labelled) -> Labelled:
    """The same document under a scanner's name, its title, headings and folder lost."""
    profile = replace(document.profile, file_name="scan0001.pdf", title="", headings=(), folder="")
    return replace(document, profile=profile)


def among_others(documents: Sequence[Labelled], pages: int) -> list[Labelled]:
    """Each document with the texts of others behind its own, so many pages: a handbook that speaks of everything."""
    found = []
    for number, document in enumerate(documents):
        behind = [other.profile.text for other in (*documents[number + 1 :], *documents[:number])]
        text = document.profile.text
        while behind and len(text) < pages * PAGE:
            text += "\n\n" + "\n\n".join(behind)
        found.append(replace(document, profile=replace(document.profile, text=text[: pages * PAGE])))
    return found


IDLE = "They came in, sat down, talked about what they had seen on the way, and went out again when it was late. "


def drawn_out(documents: Sequence[Labelled], pages: int) -> list[Labelled]:
    """Each document drawn out to so many pages by idle talk after each of its lines, with a page of talk in front."""
    found = []
    for document in documents:
        lines = document.profile.text.splitlines() or [""]
        text = IDLE * (PAGE // len(IDLE))
        number = 0
        while len(text) < pages * PAGE:
            text += f"\n{lines[number % len(lines)]}\n{IDLE}"
            number += 1
        found.append(replace(document, profile=replace(document.profile, text=text)))
    return found


@dataclass(frozen=True, slots=True)
class _Notice:
    """A kind of paper that shows nothing: its name, its lines with a gap for a word and one for a number."""

    name: str
    language: str
    head: str
    line: str
    words: tuple[str, ...]


def _notice(name: str, language: str, head: str, line: str, words: str) -> _Notice:
    return _Notice(name, language, head, line, tuple(words.split()))


NOTICES = (
    _notice("menu week 7", "en", "What the kitchen cooks", "{word} with {other}, portion {number} g.",
            "soup rice chicken lentils salad pasta fish carrots yoghurt apples beans bread cheese"),
    _notice("menu semaine 7", "fr", "Ce que prépare la cuisine", "{word} et {other}, portion de {number} g.",
            "potage riz poulet lentilles salade pâtes poisson carottes yaourt pommes haricots pain fromage"),
    _notice("menu semana 7", "es", "Lo que se cocina", "{word} con {other}, porción de {number} g.",
            "sopa arroz pollo lentejas ensalada pasta pescado zanahoria yogur manzana judías pan queso"),
    _notice("menu settimana 7", "it", "Che cosa si cucina", "{word} con {other}, porzione da {number} g.",
            "minestra riso pollo lenticchie insalata pasta pesce carote yogurt mele fagioli pane formaggio"),
    _notice("bus timetable", "en", "Departures", "{word} Street to {other} Road at 7:{number}, school gate 8:05.",
            "Mill Station Church Harbour Market Park Hill River Castle Garden Queen Forest"),
    _notice("horaires bus", "fr", "Départs", "Rue {word} vers place {other}, départ à 7 h {number}, école à 8 h 05.",
            "Moulin Gare Église Port Marché Parc Colline Rivière Château Jardin Reine Forêt"),
    _notice("horario autobuses", "es", "Salidas", "Calle {word} a plaza {other}, salida 7:{number}, colegio 8:05.",
            "Molino Estación Iglesia Puerto Mercado Parque Colina Río Castillo Jardín Reina Bosque"),
    _notice("orario bus", "it", "Partenze", "Via {word} fino a piazza {other}, partenza 7:{number}, scuola 8:05.",
            "Mulino Stazione Chiesa Porto Mercato Parco Collina Fiume Castello Giardino Regina Bosco"),
    _notice("invoice 311", "en", "Bill to: Hilltop School, library, laboratory and sports hall",
            "{number} {word}, {other}, net {number}.00, VAT 20 %.",
            "chairs shelves lamps desks paper toner cables screws curtains mats pencils folders"),
    _notice("facture 311", "fr", "Client : école de la Colline, bibliothèque, laboratoire et gymnase",
            "{number} {word}, {other}, net {number},00, TVA 20 %.",
            "chaises étagères lampes bureaux papier toner câbles vis rideaux tapis crayons dossiers"),
    _notice("factura 311", "es", "Cliente: colegio de la Colina, biblioteca, laboratorio y gimnasio",
            "{number} {word}, {other}, neto {number},00, IVA 21 %.",
            "sillas estantes lámparas mesas papel tóner cables tornillos cortinas alfombras lápices carpetas"),
    _notice("fattura 311", "it", "Cliente: scuola della Collina, biblioteca, laboratorio e palestra",
            "{number} {word}, {other}, netto {number},00, IVA 22 %.",
            "sedie scaffali lampade banchi carta toner cavi viti tende tappeti matite cartelle"),
    _notice("boiler report", "en", "Work done by the engineer", "Checked {word}, replaced {other}, {number} min.",
            "burner valve pump filter gasket thermostat pipe fan fuse switch tank chimney"),
    _notice("contrat de location", "fr", "Entre le loueur et le client", "Article {number} : {word}, {other}.",
            "loyer durée dépôt résiliation assurance livraison panne remplacement échéance taxe restitution signature"),
    _notice("partidos", "es", "Liga de fútbol", "{word} contra {other}, sábado a las 10:{number}, campo de arriba.",
            "Águilas Leones Halcones Tigres Osos Lobos Delfines Panteras Toros Búhos"),
    _notice("sconti uniformi", "it", "Abiti usati", "{word} e {other}, taglia {number}, in buono stato.",
            "felpa polo gonna pantaloni giacca tuta calze grembiule cravatta maglione"),
)  # fmt: skip


def notices(pages: int, *, named: bool) -> list[Labelled]:
    """Menus, timetables of buses, invoices and the like in four languages, so many pages; the same at every run."""
    dice = random.Random("notices")
    found = []
    for number, notice in enumerate(NOTICES):
        text = f"{notice.head}\n"
        while len(text) < pages * PAGE:
            word, other = dice.sample(notice.words, 2)
            text += notice.line.format(word=word, other=other, number=dice.randint(10, 59)) + "\n"
        name = f"{notice.name}.pdf" if named else "scan0001.pdf"
        profile = DocumentProfile(file_name=name, text=text, language=notice.language)
        found.append(Labelled(profile, notice.language, (), str(number)))
    return found
