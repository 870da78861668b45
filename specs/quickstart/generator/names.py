"""Names and addresses from the vocabularies of several countries."""

from generator.draws import Draws

_STEMS = (
    "Alder", "Amber", "Apex", "Aurora", "Beacon", "Birch", "Bluewater", "Bright", "Cobalt", "Copper",
    "Crescent", "Delta", "Ember", "Evergreen", "Falcon", "Fern", "Granite", "Harbor", "Hazel", "Helix",
    "Ivory", "Juniper", "Keystone", "Lark", "Linden", "Lumen", "Maple", "Meridian", "Mosaic", "Nimbus",
    "North", "Oak", "Onyx", "Orchard", "Osprey", "Pioneer", "Quarry", "Raven", "River", "Rowan", "Sable",
    "Sierra", "Slate", "Summit", "Swift", "Tide", "Umber", "Vale", "Vector", "Willow", "Zephyr",
)  # fmt: skip
_TRADES = {
    "Software": ("Software", "Labs", "Systems", "Apps"),
    "IT services": ("IT", "Cloud Services", "Consulting", "Networks"),
    "Telecom": ("Telecom", "Mobile", "Fibre"),
    "Manufacturing": ("Works", "Industries", "Tools", "Components"),
    "Banking": ("Bank", "Capital", "Credit Union"),
    "Healthcare": ("Health", "Clinics", "Medical Group"),
    "Retail": ("Stores", "Market", "Outfitters"),
    "Logistics": ("Logistics", "Freight", "Couriers"),
    "Education": ("Academy", "Learning", "College"),
    "Construction": ("Builders", "Construction", "Contractors"),
}
# Country: (given names, family names, streets, cities, company forms)
_WORLD: dict[str, tuple[tuple[str, ...], ...]] = {
    "DE": (
        ("Jürgen", "Anke", "Sören", "Käthe", "Björn"),
        ("Müller", "Schäfer", "Groß", "Köhler", "Jäger"),
        ("Königsallee", "Schloßstraße", "Am Mühlbach"),
        ("Köln", "München", "Düsseldorf"),
        ("{stem} {trade} GmbH", "{family} {trade} GmbH & Co. KG", "{stem}-{trade} AG"),
    ),
    "AT": (
        ("Franziska", "Günther", "Elfriede"),
        ("Höller", "Gruber", "Pröll"),
        ("Mariahilfer Straße", "Währinger Straße"),
        ("Wien", "Graz"),
        ("{family} {trade} GmbH", "{stem} {trade} GmbH"),
    ),
    "FR": (
        ("Éloïse", "François", "Zoé", "Jérôme", "Noël"),
        ("Lefèvre", "Gérard", "Bézier", "Nuñez"),
        ("rue de l'Église", "avenue Foch", "quai d'Orléans"),
        ("Orléans", "Besançon", "Nîmes"),
        ("Société {family} {trade}", "{stem} {trade} SARL", "L'Atelier {family}"),
    ),
    "PL": (
        ("Łukasz", "Małgorzata", "Grażyna"),
        ("Żak", "Wiśniewski", "Dąbrowska"),
        ("ul. Świętojańska", "ul. Długa"),
        ("Łódź", "Kraków", "Gdańsk"),
        ("{family} {trade} Sp. z o.o.", "{stem} {trade} S.A."),
    ),
    "KZ": (
        ("Айгүл", "Нұрлан", "Ольга", "Сергей"),
        ("Қасымов", "Иванова", "Смағұлов"),
        ("улица Абая", "проспект Достык"),
        ("Алматы", "Астана"),
        ("ТОО «{family} и партнёры»", "ТОО «Северный ветер {stem}»", "АО «{family} Өнеркәсіп»"),
    ),
    "UZ": (
        ("Oʻktam", "Gulchehra", "Toʻlqin", "Zuhra"),
        ("Gʻulomov", "Yoʻldosheva", "Sharipov"),
        ("Mustaqillik koʻchasi", "Bogʻishamol koʻchasi"),
        ("Toshkent", "Fargʻona"),
        ("{family} Savdo MChJ", "Oʻzbek {trade} MChJ ({stem})", "Yangi {stem} Toʻqimachilik AJ"),
    ),
    "JP": (
        ("美咲", "健太", "陽子"),
        ("山田", "佐藤", "鈴木"),
        ("本町1丁目", "桜通り"),
        ("東京", "大阪"),
        ("株式会社{family}製作所", "{family}商事株式会社 ({stem})"),
    ),
    "CN": (
        ("伟", "芳", "秀英"),
        ("王", "李", "张"),
        ("人民路", "解放大道"),
        ("上海", "深圳"),
        ("{family}氏科技有限公司 ({stem})", "深圳{stem}贸易有限公司"),
    ),
    "BR": (
        ("João", "Conceição", "Thaís"),
        ("Gonçalves", "Araújo", "Magalhães"),
        ("Rua São Bento", "Avenida Brasil"),
        ("São Paulo", "Goiânia"),
        ("{family} {trade} Ltda", "{stem} Soluções S.A."),
    ),
}
_ENGLISH = (
    ("Ava", "Noah", "Mia", "Liam", "Zara", "Owen", "Ruth", "Ian", "Priya", "Sean"),
    ("Baker", "O'Neil", "Singh", "Carter", "Hughes", "Diaz", "Novak", "Reyes", "Walsh", "Kim"),
    ("Main St", "Station Road", "Mill Lane", "5th Avenue", "Dock Street"),
    ("Springfield", "Bristol", "Halifax", "Perth", "Austin"),
    (
        "{stem} {trade}", "{stem} {trade} Inc.", "{family} & {stem} {trade}",
        '"{stem}" {trade} Ltd', "{stem}; {family} {trade}",
    ),
)  # fmt: skip


def company_name(draws: Draws, country: str, industry: str) -> str:
    _, families, _, _, forms = _WORLD.get(country, _ENGLISH)
    # The two odd forms with quotes and semicolons at the end of the list are rare.
    form = draws.pick(forms) if country in _WORLD or draws.chance(0.08) else draws.pick(forms[:3])
    return form.format(stem=draws.pick(_STEMS), trade=draws.pick(_TRADES[industry]), family=draws.pick(families))


def address(draws: Draws, country: str) -> str:
    """Two lines, with a line end inside the cell as CRMs export it."""
    _, _, streets, cities, _ = _WORLD.get(country, _ENGLISH)
    return f"{draws.pick(streets)} {draws.integer(1, 240)}\n{draws.pick(cities)}"


def person_name(draws: Draws, country: str) -> tuple[str, str]:
    """Given and family name."""
    given, families, *_ = _WORLD.get(country, _ENGLISH)
    return draws.pick(given), draws.pick(families)
