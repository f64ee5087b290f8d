using System.Numerics;

namespace Lowrank.Language;

/// <summary>All tests.</summary>
static class TemplateTests
{
    /// <summary>The list: Jinja's.</summary>
    public static IReadOnlyList<TemplateTest> All { get; } =
    [
        new("odd", "", (value, _) => IsRest(value, 2, 1)),
        new("even", "", (value, _) => IsRest(value, 2, 0)),
        new("divisibleby", "num", (value, a) => IsZero(PythonArithmetic.Remainder(value, a[0]!))),
        new("defined", "", (value, _) => value is not Undefined),
        new("undefined", "", (value, _) => value is Undefined),
        new("filter", "", (value, _) => value is MarkedText name && TemplateFilters.Find(name.Value) is not null),
        new("test", "", (value, _) => value is MarkedText name && Find(name.Value) is not null),
        new("none", "", (value, _) => value is PythonNone),
        new("boolean", "", (value, _) => value is bool),
        new("false", "", (value, _) => value is false),
        new("true", "", (value, _) => value is true),
        new("integer", "", (value, _) => value is BigInteger),
        new("float", "", (value, _) => value is double),
        new("number", "", (value, _) => PythonTypes.IsNumber(value)),
        new("lower", "", (value, _) => TextTests.IsLower(PythonTypes.Text(value))),
        new("upper", "", (value, _) => TextTests.IsUpper(PythonTypes.Text(value))),
        new("string", "", (value, _) => value is MarkedText),
        new("mapping", "", (value, _) => value is PythonDict),
        new("sequence", "", (value, _) => value is MarkedText or List<object> or PythonTuple or PythonDict or PythonRange or Undefined),
        new("iterable", "", (value, _) => PythonTypes.ItemsOrNull(value) is not null),
        new("callable", "", (value, _) => value is TemplateCallable or Undefined),
        new("sameas", "other", (value, a) => IsSame(value, a[0]!)),
        new("escaped", "", (value, _) => value is MarkedText { IsMarkup: true }),
        new("in", "seq", (value, a) => PythonEquality.Contains(a[0]!, value)),
        .. Comparisons(),
    ];

    static readonly Dictionary<string, TemplateTest> byName = All.ToDictionary(test => test.Name);

    /// <summary>The test of that name; null if there is none.</summary>
    public static TemplateTest? Find(string name) => byName.GetValueOrDefault(name);

    static IEnumerable<TemplateTest> Comparisons()
    {
        (string Names, Func<object, object, bool> Holds)[] rows =
        [
            ("== eq equalto", PythonEquality.AreEqual),
            ("!= ne", (x, y) => !PythonEquality.AreEqual(x, y)),
            ("> gt greaterthan", (x, y) => PythonEquality.Compare(x, y, ">") > 0),
            (">= ge", (x, y) => PythonEquality.Compare(x, y, ">=") >= 0),
            ("< lt lessthan", (x, y) => PythonEquality.Compare(x, y, "<") < 0),
            ("<= le", (x, y) => PythonEquality.Compare(x, y, "<=") <= 0),
        ];
        foreach (var (names, holds) in rows)
            foreach (string name in names.Split(' '))
                yield return new(name, "other", (value, a) => holds(value, a[0]!));
    }

    static bool IsZero(object value) => PythonEquality.AreEqual(value, BigInteger.Zero);

    static bool IsRest(object value, int of, int rest) =>
        PythonEquality.AreEqual(PythonArithmetic.Remainder(value, (BigInteger)of), (BigInteger)rest);

    static bool IsSame(object a, object b) => ReferenceEquals(a, b) || (a is bool or BigInteger && a.Equals(b));
}
