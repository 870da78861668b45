"""The uppermost level of each classification of industries, as `check` knows it: codes and titles.

Sources: US Census Bureau, NAICS 2022; US OSHA, SIC Manual 1987; United Nations, ISIC Rev. 4. NACE Rev. 2 has the
sections of ISIC Rev. 4, here under ISIC's titles.
"""

from collections.abc import Mapping
from types import MappingProxyType

SYSTEMS = ("naics", "sic", "isic", "nace")

NAICS_SECTORS: Mapping[str, str] = MappingProxyType(
    {
        "11": "Agriculture, Forestry, Fishing and Hunting",
        "21": "Mining, Quarrying, and Oil and Gas Extraction",
        "22": "Utilities",
        "23": "Construction",
        "31-33": "Manufacturing",
        "42": "Wholesale Trade",
        "44-45": "Retail Trade",
        "48-49": "Transportation and Warehousing",
        "51": "Information",
        "52": "Finance and Insurance",
        "53": "Real Estate and Rental and Leasing",
        "54": "Professional, Scientific, and Technical Services",
        "55": "Management of Companies and Enterprises",
        "56": "Administrative and Support and Waste Management and Remediation Services",
        "61": "Educational Services",
        "62": "Health Care and Social Assistance",
        "71": "Arts, Entertainment, and Recreation",
        "72": "Accommodation and Food Services",
        "81": "Other Services (except Public Administration)",
        "92": "Public Administration",
    }
)

SIC_DIVISIONS: Mapping[str, str] = MappingProxyType(
    {
        "A": "Agriculture, Forestry, And Fishing",
        "B": "Mining",
        "C": "Construction",
        "D": "Manufacturing",
        "E": "Transportation, Communications, Electric, Gas, And Sanitary Services",
        "F": "Wholesale Trade",
        "G": "Retail Trade",
        "H": "Finance, Insurance, And Real Estate",
        "I": "Services",
        "J": "Public Administration",
    }
)

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "A": "Agriculture, forestry and fishing",
        "B": "Mining and quarrying",
        "C": "Manufacturing",
        "D": "Electricity, gas, steam and air conditioning supply",
        "E": "Water supply; sewerage, waste management and remediation activities",
        "F": "Construction",
        "G": "Wholesale and retail trade; repair of motor vehicles and motorcycles",
        "H": "Transportation and storage",
        "I": "Accommodation and food service activities",
        "J": "Information and communication",
        "K": "Financial and insurance activities",
        "L": "Real estate activities",
        "M": "Professional, scientific and technical activities",
        "N": "Administrative and support service activities",
        "O": "Public administration and defence; compulsory social security",
        "P": "Education",
        "Q": "Human health and social work activities",
        "R": "Arts, entertainment and recreation",
        "S": "Other service activities",
        "T": "Activities of households as employers; "
        "undifferentiated goods- and services-producing activities of households for own use",
        "U": "Activities of extraterritorial organizations and bodies",
    }
)

SECTORS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"naics": NAICS_SECTORS, "sic": SIC_DIVISIONS, "isic": SECTIONS, "nace": SECTIONS}
)

# A section as users see it: "J Information and communication".
SECTION_NAMES: Mapping[str, str] = MappingProxyType({letter: f"{letter} {title}" for letter, title in SECTIONS.items()})
