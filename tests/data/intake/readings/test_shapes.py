"""The evidence for a reading."""

from helpers.data.intake.readings.shapes import Shape, Undecided, merged


def test_shapes_of_several_files_are_those_of_one_column():
    first = [Shape("9.99", 3, "1.50", "7.25"), Shape("9", 1, "4", "4")]
    second = [Shape("9", 4, "0", "3"), Shape("n/a", 1, "n/a", "n/a")]
    assert merged([first, second]) == (
        Shape("9", 5, "0", "4"),
        Shape("9.99", 3, "1.50", "7.25"),
        Shape("n/a", 1, "n/a", "n/a"),
    )


def test_the_order_of_files_changes_nothing():
    one, other = [Shape("99", 2, "10", "20"), Shape("9", 2, "1", "2")], [Shape("9", 1, "0", "0")]
    assert merged([one, other]) == merged([other, one])


def test_no_files_have_no_shapes():
    assert merged([]) == ()


def test_what_is_undecided_says_what_it_may_be():
    error = Undecided("'1.234' may be 1234 or 1.234.", ("1234", "1.234"))
    assert isinstance(error, ValueError)
    assert (str(error), error.readings) == ("'1.234' may be 1234 or 1.234.", ("1234", "1.234"))
