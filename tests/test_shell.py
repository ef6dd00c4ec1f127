"""Every question of `reconstruct` and `consistency` from a shell."""

from __future__ import annotations

import inspect
import json
import shlex

import pytest

import ketastats as ks
from ketastats import _shell
from ketastats.__main__ import main
from ketastats._shell import VERBS, joined, question_parser

RATIO = '{"value": "0.6", "ci": ["0.4", "0.9"], "method": "log"}'
SAMPLES = {
    "high": {"mean": "3.2", "sd": "1.1", "n": 12, "scale": [1, 5]},
    "low": {"mean": "2.6", "sd": "1.0", "n": 15, "scale": [1, 5]},
}
#: One call of every function, and the same from Python.
CALLS = {
    "reconstruct tables --n1 352 --n2 376 --risk-ratio": (
        [RATIO],
        lambda: ks.reconstruct.tables(n1=352, n2=376, risk_ratio=json.loads(RATIO)),
    ),
    "reconstruct means --n1 9-10 --n2 12 --p 0.572 --test student,welch": (
        [],
        lambda: ks.reconstruct.means(n1=range(9, 11), n2=12, p="0.572", test=("student", "welch")),
    ),
    "reconstruct means --n1 16 --n2 28 --ci -0.5,1.25 --level 0.95": (
        [],
        lambda: ks.reconstruct.means(n1=16, n2=28, ci=("-0.5", "1.25"), level=0.95),
    ),
    "reconstruct samples --mean 3.5 --sd 1.2 --n 9 --scale 1,7 --counts 7=0,1=0-2": (
        [],
        lambda: ks.reconstruct.samples(mean="3.5", sd="1.2", n=9, scale=(1, 7), counts={7: 0, 1: (0, 2)}),
    ),
    "reconstruct sample_groups --mean 2.85 --sd 1.06": (
        [json.dumps(SAMPLES)],
        lambda: ks.reconstruct.sample_groups(
            {
                name: ks.reconstruct.samples(**one | {"scale": (1, 5)})  # type: ignore[arg-type]
                for name, one in SAMPLES.items()
            },
            mean="2.85",
            sd="1.06",
        ),
    ),
    "reconstruct outcomes --n 83 --test pearson --nested remission<response": (
        ['{"response": "0.230", "remission": {"p": "0.397", "n": "82-83"}}'],
        lambda: ks.reconstruct.outcomes(
            {"response": "0.230", "remission": {"p": "0.397", "n": range(82, 84)}},
            n=83,
            test="pearson",
            nested=[("remission", "response")],
        ),
    ),
    "reconstruct subgroups --n 20 --test pearson": (
        ['{"neglect": {"response": "0.65"}, "abuse": {"response": "0.37"}}'],
        lambda: ks.reconstruct.subgroups(
            {"neglect": {"response": "0.65"}, "abuse": {"response": "0.37"}}, n=20, test="pearson"
        ),
    ),
    "reconstruct contingency --rows 9,8,? --columns 2 --n 24 --p 0.041 --test pearson": (
        [],
        lambda: ks.reconstruct.contingency(rows=(9, 8, None), columns=2, n=24, p="0.041", test="pearson"),
    ),
    "reconstruct anova --n 20,22,19 --means 5.1,4.2,6.0 --sds 1.9,,2.0 --f 4.02": (
        [],
        lambda: ks.reconstruct.anova(n=[20, 22, 19], means=["5.1", "4.2", "6.0"], sds=["1.9", None, "2.0"], f="4.02"),
    ),
    "reconstruct change --sd-pre 14.58 --sd-post 7.79 --sd-change 13.01": (
        [],
        lambda: ks.reconstruct.change(sd_pre="14.58", sd_post="7.79", sd_change="13.01"),
    ),
    "reconstruct confusion --n 83 --sensitivity 80.0% --specificity 70.7%": (
        [],
        lambda: ks.reconstruct.confusion(n=83, sensitivity="80.0%", specificity="70.7%"),
    ),
    "reconstruct counts --n 1-18 --rate 71%": ([], lambda: ks.reconstruct.counts(n=range(1, 19), rate="71%")),
    "reconstruct quantiles --n 20 --minimum 2 --q1 4 --median 6 --q3 10 --maximum 14": (
        [],
        lambda: ks.reconstruct.quantiles(n=20, minimum="2", q1="4", median="6", q3="10", maximum="14"),
    ),
    "consistency grim 5.19 --n 28": ([], lambda: ks.consistency.grim("5.19", n=28)),
    "consistency grimmer 4.2 2.9 20 --scale 1,7": (
        [],
        lambda: ks.consistency.grimmer("4.2", "2.9", 20, scale=(1, 7)),
    ),
    "consistency admissible_sums 3.33 1.234 --n 250": (
        [],
        lambda: ks.consistency.admissible_sums("3.33", "1.234", 250),
    ),
    "consistency debit 0.44 0.50 1683": ([], lambda: ks.consistency.debit("0.44", "0.50", n=1683)),
    "consistency sd_limits 4.2 5 --scale 1,7 --items 2": (
        [],
        lambda: ks.consistency.sd_limits("4.2", n=5, scale=(1, 7), items=2),
    ),
    "consistency grim_u 30.5 10 12 --no-ties": ([], lambda: ks.consistency.grim_u("30.5", n1=10, n2=12, ties=False)),
    "consistency total --n 83 --sizes 37,46 --mean 18.0 --means 17.2,18.6": (
        [],
        lambda: ks.consistency.total(n=83, sizes=[37, 46], mean="18.0", means=["17.2", "18.6"]),
    ),
    "consistency change_sd 8.0 5.0 6.0": ([], lambda: ks.consistency.change_sd("8.0", "5.0", "6.0")),
    "consistency grim_splits 5.3 4.71 --n 40": ([], lambda: ks.consistency.grim_splits("5.3", "4.71", n=40)),
    "consistency denominators 33%,33%,33% --n 1-29 --add-up": (
        [],
        lambda: ks.consistency.denominators(["33%", "33%", "33%"], n=range(1, 30), add_up=True),
    ),
    "consistency pvalue t -2.00 .04 --df 101": ([], lambda: ks.consistency.pvalue("t", "-2.00", ".04", df=101)),
    "consistency pvalue F 4.02 .06 --df1 2 --df 58 --factors 2,3": (
        [],
        lambda: ks.consistency.pvalue("F", "4.02", ".06", df1=2, df=58, factors=[2, 3]),
    ),
    "consistency confidence_interval 0.62 0.39 1.00 --level 0.95 --measure odds_ratio --p 0.048": (
        [],
        lambda: ks.consistency.confidence_interval("0.62", "0.39", "1.00", level=0.95, measure="odds_ratio", p="0.048"),
    ),
    "consistency effect_size d 0.97 --test t --statistic 4.00 --n1 35 --n2 35": (
        [],
        lambda: ks.consistency.effect_size("d", "0.97", test="t", statistic="4.00", n1=35, n2=35),
    ),
    "consistency u_pvalue 30 .048 10 12": ([], lambda: ks.consistency.u_pvalue("30", ".048", 10, 12)),
}
#: Those that return no table.
PLAIN = {
    "reconstruct sample_exists --mean 1.50 --sd 0.75 --n 4 --scale 1,5": ("False", 1),
    "reconstruct sample_exists --mean 1.50 --sd 0.58 --n 4 --scale 1,5": ("True", 0),
    "reconstruct horns 60,60,60,60,60 --scale 1,5": ("0.5", 0),
    "consistency binary_sd 15 27": ("0.5063696835418333", 0),
}


def test_every_function_is_a_question() -> None:
    asked = {tuple(line.split()[:2]) for line in [*CALLS, *PLAIN]}
    assert asked <= {(verb, name) for verb in VERBS for name in _shell._questions(verb)}
    for verb in VERBS:
        with pytest.raises(SystemExit):
            question_parser(verb).parse_args(["nothing"])
        for name in _shell._questions(verb):
            assert question_parser(verb).parse_args([name]).question == name


@pytest.mark.parametrize("line", CALLS)
def test_the_answer_is_that_of_the_library(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    more, ask = CALLS[line]
    expected = ask()
    words = [*line.split(), *more]
    status = main([*words, "--csv"])
    assert capsys.readouterr().out == expected.to_frame().to_csv(index=False)
    assert status == (0 if expected else 1)
    assert main(words) == status
    assert capsys.readouterr().out.startswith(expected.summary())


@pytest.mark.parametrize("line", PLAIN)
def test_a_plain_answer_is_printed(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    text, status = PLAIN[line]
    assert main(line.split()) == status
    assert capsys.readouterr().out.strip() == text


def test_json_holds_the_rows_and_what_was_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reconstruct", "counts", "--n", "83", "--rate", "25%", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [row["x"] for row in record["rows"]] == ks.reconstruct.counts(n=83, rate="25%").x.tolist()
    assert record["assumptions"]


def test_a_set_too_large_to_list_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["reconstruct", "samples", "--mean", "3.5", "--sd", "1.2", "--n", "60", "--scale", "1,7"]
    expected = ks.reconstruct.samples(mean="3.5", sd="1.2", n=60, scale=(1, 7))
    assert expected.count > 10_000
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(f"{expected.count:,} ")
    assert main([*words, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["count"], record["rows"]) == (expected.count, None)


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_in_the_help_runs(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = question_parser(verb).format_help()
    examples = [line.strip() for line in text.splitlines() if line.startswith("  ketastats ")]
    assert len(examples) >= 4
    for example in examples:
        assert main(shlex.split(example)[1:]) in (0, 1)
        assert capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_tells_of_every_parameter(verb: str) -> None:
    for function in _shell._questions(verb).values():
        told = _shell._documented(function)
        for each in inspect.signature(function).parameters.values():
            assert told.get(each.name) or each.kind is each.VAR_KEYWORD, (function.__name__, each.name)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("consistency grim", "--mean is missing"),
        ("consistency grim 5.19 28 7", "at most 2 values: mean, n"),
        ("consistency grim 5.19 28 --n 28", "--n is '28'"),
        ("consistency grim 5.19 --n many", "--n is 'many'; allowed: a whole number"),
        ("consistency grim 5.19 --n 83-75", "--n is '83-75'; allowed: a whole number"),
        ("reconstruct tables --n 83 --p 0.230 --test chi", "test is"),
        ("reconstruct outcomes {response", "JSON"),
        ("reconstruct samples --mean 3.5 --sd 1.2 --n 9 --scale 1,7 --counts 7", "value=people"),
        ("reconstruct sample_groups [1]", "groups"),
        ('reconstruct sample_groups {"a":1}', "the keywords of samples"),
        ("consistency confidence_interval 1 0 2 --level high", "--level is 'high'; allowed: a number"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out


def test_negative_values_stay_with_their_option() -> None:
    assert joined(["--ci", "-0.5,1", "-2.00", "--t", "-.5", "-h"]) == ["--ci=-0.5,1", "-2.00", "--t=-.5", "-h"]
