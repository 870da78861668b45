"""The canonical form of specs, by example: what a reviewer sees in a diff."""

from textwrap import dedent

import pytest

from segdsl.diagnostics import SourceText
from segdsl.language.formatter import format_tree
from segdsl.language.keywords import WORDS
from segdsl.language.parser import parse


def fmt(text: str) -> str:
    tree, found = parse(SourceText("spec.seg", text))
    assert found == ()
    return format_tree(tree, text)


def assert_becomes(before: str, after: str) -> None:
    """Formatting turns one text into another, and leaves that as it is."""
    expected = dedent(after).lstrip("\n")
    assert fmt(dedent(before)) == expected
    assert fmt(expected) == expected


def assert_stays(text: str) -> None:
    assert_becomes(text, text)


def test_empty_spec_stays_empty() -> None:
    assert fmt("") == ""
    assert fmt("\n  \n") == ""


def test_spec_of_comments_stays() -> None:
    assert_becomes("\n\n# one\n\n\n\n#two  \n", "# one\n\n#two\n")


# ---- blank lines


def test_one_blank_line_stands_between_declarations() -> None:
    assert_becomes(
        """
        population a from b {}
        derive c {
          d = 1 }



        population e from f { keep "x" when y }
        """,
        """
        population a from b {}

        derive c {
          d = 1
        }

        population e from f { keep "x" when y }
        """,
    )


def test_one_line_declarations_stay_together_where_the_author_wrote_them_so() -> None:
    assert_stays(
        """
        import "lib/common.seg"
        param min_mrr : money(USD) = $250
        param as_of   : date       = 2026-01-31
        set tech   = ("Software", "IT services")
        set rivals from "lists/rivals.csv"

        param later : int = 1
        """
    )


def test_a_declaration_of_several_lines_is_set_apart() -> None:
    assert_becomes(
        """
        param a : int = 1
        derive b {
          c = d
        }
        # of the next
        param e : int = 2
        """,
        """
        param a : int = 1

        derive b {
          c = d
        }

        # of the next
        param e : int = 2
        """,
    )


def test_at_most_one_blank_line_stays_between_items_and_none_at_the_edges_of_a_block() -> None:
    assert_becomes(
        """
        derive a {

          b = c



          d = e
          f = g

        }
        """,
        """
        derive a {
          b = c

          d = e
          f = g
        }
        """,
    )


# ---- comments


def test_comments_stay_where_they_stand() -> None:
    assert_stays(
        """
        # head of the file

        # about the source
        source a from "a.csv" {  # behind the brace
          # above the first column
          b : int key  # behind a column

          # above the second
          c      : text   # behind it
          longer : text?  # under the one before
          # before the brace
        }  # behind the closing brace
        # below it

        # end of the file
        """
    )


def test_comments_inside_an_expression_stay_behind_what_they_follow() -> None:
    assert_becomes(
        """
        derive a {
          b = c == 1 and # the first
            d in ("x", # not y
              # but z
              "z")  # all
        }
        """,
        """
        derive a {
          b = c == 1  # the first
              and d in (
                "x",  # not y
                # but z
                "z",
              )  # all
        }
        """,
    )


def test_comment_below_a_declaration_is_not_moved_to_the_next() -> None:
    assert_stays(
        """
        source a from b {
          c : int key
        }
        # about a, not about d

        source d from b {
          c : int key
        }
        """
    )


def test_comment_in_a_one_line_block_opens_it() -> None:
    assert_becomes(
        """
        about { goal: "x" # why
        }
        """,
        """
        about {
          goal: "x"  # why
        }
        """,
    )


# ---- columns


def test_columns_of_a_source_are_aligned() -> None:
    assert_becomes(
        """
        source accounts from "a.csv" {
          read { delimiter: ";" dates: "DD/MM/YYYY" }
          account_id: text key
          name:text pii
          employees : count? range 1..3M empty "n/a","Select"
          country:category from `Country Code`
          is_test : bool=false
          links account_id to others
          on duplicate keep last by name
        }
        """,
        """
        source accounts from "a.csv" {
          read { delimiter: ";"  dates: "DD/MM/YYYY" }
          account_id : text key
          name       : text      pii
          employees  : count?    range 1 .. 3M  empty "n/a", "Select"
          country    : category  from `Country Code`
          is_test    : bool      = false
          links account_id to others
          on duplicate keep last by name
        }
        """,
    )


def test_one_long_item_does_not_push_its_neighbours_out() -> None:
    assert_stays(
        """
        source a from "a.csv" {
          id     : int key  from ID
          size   : category("Small", "Medium", "Large")?  from Size
          region : text?    from Region
        }

        population b from a {
          drop "a"   when id == 1
          drop "a reason that takes more columns than any reader would want" when id == 2
          drop "bcd" when id == 3
        }
        """
    )


def test_alignment_ends_at_blank_lines_and_comments() -> None:
    assert_stays(
        """
        derive a {
          b = 1

          longer_name = 2
          c           = 3
          # another group
          d = 4
        }
        """
    )


def test_wide_and_combining_characters_count_by_their_width() -> None:
    # Each of the names and of the labels is as wide as the others.
    assert_stays("derive a {\n  名前 = 1\n  abcd = 2\n  q\u0301xyz = 3\n}\n")
    assert_stays(
        'score a for b {\n  plus "x\u0323yzw"  1  when c\n  plus "全角"  2  when d\n  plus "wide"  3  when e\n}\n'
    )


def test_score_terms_align_sign_label_amount_and_condition() -> None:
    assert_becomes(
        """
        score quality "Customer quality" for customers {
          base acv
          minus "cost to serve" tickets_12m*$60
          plus "growing" 10% of acv when growth>20%
          missing terms as 0
          grade A top 20%,B next 30%,C rest
        }
        """,
        """
        score quality "Customer quality" for customers {
          base                   acv
          minus "cost to serve"  tickets_12m * $60
          plus  "growing"        10% of acv  when growth > 20%
          missing terms as 0
          grade A top 20%, B next 30%, C rest
        }
        """,
    )


def test_segments_align_title_and_condition() -> None:
    assert_becomes(
        """
        segmentation fit for b {
          segment jvm "JVM shops" when uses_jvm { owner: "x"
            segment inner otherwise }
          segment web "Web" when technologies has any ("php",)
          segment other otherwise
        }
        """,
        """
        segmentation fit for b {
          segment jvm "JVM shops" when uses_jvm {
            owner: "x"
            segment inner otherwise
          }
          segment web   "Web" when technologies has any ("php")
          segment other       otherwise
        }
        """,
    )


def test_one_line_hypotheses_align() -> None:
    assert_becomes(
        """
        hypothesis larger "Larger companies buy more" { expect higher employees means higher quality }
        hypothesis by_sector "Sector tells" { expect sector separates quality }
        """,
        """
        hypothesis larger    "Larger companies buy more" { expect higher employees means higher quality }
        hypothesis by_sector "Sector tells"              { expect sector separates quality }
        """,
    )


# ---- one line or several


def test_block_written_on_one_line_is_broken_when_it_is_too_long() -> None:
    name = "a_rather_long_name_of_a_column"
    assert_becomes(
        f"audience a from b {{ where {name} == 1 columns {name}, {name}_2 order by {name} desc }}\n",
        f"""
        audience a from b {{
          where    {name} == 1
          columns  {name}, {name}_2
          order by {name} desc
        }}
        """,
    )


def test_block_written_on_several_lines_is_not_joined() -> None:
    assert_stays(
        """
        hypothesis a {
          expect b separates c
        }
        """
    )


def test_long_condition_is_broken_before_when_and_then_before_each_and() -> None:
    condition = "industry_of_the_parent in technology_sectors and employees_in_all_countries >= 500"
    assert_becomes(
        f'population a from b {{\n  keep "large technology" when {condition}\n}}\n'
        f'population c from d {{ keep "large technology in Europe" when {condition} and region == "Europe" and x }}',
        """
        population a from b {
          keep "large technology"
              when industry_of_the_parent in technology_sectors and employees_in_all_countries >= 500
        }

        population c from d {
          keep "large technology in Europe"
              when industry_of_the_parent in technology_sectors
              and employees_in_all_countries >= 500
              and region == "Europe"
              and x
        }
        """,
    )


def test_long_lists_stand_one_a_line_so_that_a_diff_shows_one_line() -> None:
    values = [f'"a value of the set number {i}"' for i in range(6)]
    body = "".join(f"  {value},\n" for value in values)
    assert fmt(f"set s = ({', '.join(values)})") == f"set s = (\n{body})\n"


def test_long_case_has_a_branch_a_line() -> None:
    assert_becomes(
        """
        derive a {
          size = case when employees > 1000 and industry in tech then "large technology company"
          when employees > 100 then "medium" else "small" end
        }
        """,
        """
        derive a {
          size = case
            when employees > 1000 and industry in tech then "large technology company"
            when employees > 100 then "medium"
            else "small"
          end
        }
        """,
    )


def test_long_aggregate_has_its_clauses_on_lines_of_their_own() -> None:
    assert_becomes(
        """
        derive a {
          profit = sum(orders.profit where ordered_on within 12 months before as_of
          and product in ("Alpha", "Beta", "Gamma") )
        }
        """,
        """
        derive a {
          profit = sum(
            orders.profit
            where ordered_on within 12 months before as_of and product in ("Alpha", "Beta", "Gamma")
          )
        }
        """,
    )


# ---- names and literals


def test_literals_stay_as_they_were_written() -> None:
    assert_becomes(
        'about { a: 1_000,2.5M,"\\u{e9}\\n", r"\\d", 250   GBP, $ 3, 20 %, 12  months, -5, 1..2, 2026-01-31 }\n',
        'about { a: 1_000, 2.5M, "\\u{e9}\\n", r"\\d", 250 GBP, $ 3, 20 %, 12 months, -5, 1 .. 2, 2026-01-31 }\n',
    )


def test_backquotes_stay_only_where_they_are_needed() -> None:
    assert_becomes(
        "derive `a` { `b` = `c` + `Annual Revenue` + `and` `from` = d }\n",
        "derive a { b = c + `Annual Revenue` + `and`  from = d }\n",
    )


@pytest.mark.parametrize(
    "spec",
    [
        "derive `{}` {{ `{}` = `{}` + 1 }}",
        "derive a {{ b = `{}`(`{}`) c = d.`{}` }}",
        "derive a {{ b = count(`{}` over `{}`) c = sum(`{}`) }}",
        "derive a {{ b = x in `{}` c = case when `{}` then `{}` else `{}` end }}",
        "source `{}` like `{}` from `{}`, `{}` {{ `{}` : `{}` from `{}` links `{}`, `{}` to `{}` }}",
        "source a {{ b : money by `{}` rates `{}` at `{}` known from `{}` on duplicate keep last by `{}` }}",
        "source a {{ b : text known after `{}` c : `{}`(`{}`)? without `{}`, `{}` }}",
        "enrich `{}` using `{}` {{ x: `{}` `{}` from `{}` `{}`: 5 `{}` from `{}` }}",
        'population `{}` from `{}` {{ keep "a" when `{}` drop "b" when not `{}` }}',
        'score `{}` for `{}` {{ base `{}` plus "x" `{}` when `{}` grade `{}` top 20%, `{}` next 30%, `{}` rest }}',
        "score a for b {{ grade `{}` }}",
        "hypothesis `{}` {{ expect `{}` means lower `{}` expect higher `{}` means higher `{}` among `{}` }}",
        "hypothesis a {{ expect `{}` separates `{}` expect lower proxy any of `{}`, `{}` means lower `{}` }}",
        "segmentation `{}` for `{}` using `{}` {{ `{}`: `{}`, `{}` }}",
        "segmentation a for b nearest {{ measure `{}` log scale 2 segment `{}` at `{}` 1, `{}` 2 }}",
        'segmentation a for b {{ segment `{}` when `{}` {{ message `{}`: "x" segment `{}` otherwise }} }}',
        "evaluate `{}`, `{}` against `{}` {{ `{}`: 5 require `{}` of `{}` >= 1 }}",
        "audience `{}` from `{}` {{ where `{}` except `{}`, `{}` order by `{}` desc, `{}` take 5 per `{}` }}",
        "audience a from b {{ columns `{}`, `{}`, `{}` = `{}` }}",
        'test "x" {{ given `{}` {{ `{}`: 1 }} expect `{}` }}',
    ],
)
def test_every_word_of_the_language_may_be_a_name_everywhere(spec: str) -> None:
    for word in sorted(WORDS):
        text = spec.replace("`{}`", f"`{word}`").replace("{{", "{").replace("}}", "}")
        tree, found = parse(SourceText("spec.seg", text))
        assert found == ()
        formatted = format_tree(tree, text)
        again, found = parse(SourceText("spec.seg", formatted))
        assert found == (), formatted
        assert again.declarations == tree.declarations, formatted


def test_a_name_behind_a_number_does_not_become_its_unit() -> None:
    assert_stays("enrich a using b { limit: 5  `days` from c }\n")
    assert_stays("enrich a using b { limit: 5  `ARR` from c }\n")
    assert_stays("evaluate a against b { folds: 5  months: 12 }\n")
    assert_stays("derive a {\n  b   = 5\n  ARR = 12\n}\n")
