using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>When Python takes two values as equal, and which comes first.</summary>
sealed class PythonEquality : IEqualityComparer<object>
{
    /// <summary>For keys: lists and dicts are none.</summary>
    public static PythonEquality Comparer { get; } = new();

    /// <inheritdoc/>
    bool IEqualityComparer<object>.Equals(object? a, object? b) => a is not null && b is not null && AreEqual(a, b);

    /// <inheritdoc/>
    public int GetHashCode(object key) => key switch
    {
        MarkedText text => text.Value.GetHashCode(StringComparison.Ordinal),
        bool on => HashOf(on ? 1 : 0),
        BigInteger number => HashOf((double)number),
        double number => HashOf(number),
        PythonTuple tuple => HashOf(tuple),
        List<object> or PythonDict => throw new TemplateFault(
            TemplateFault.Type, $"unhashable type: {PythonRepr.Of(PythonTypes.Name(key))}"),
        Undefined => typeof(Undefined).GetHashCode(),
        _ => RuntimeHelpers.GetHashCode(key),
    };

    static int HashOf(double number) => number.GetHashCode();

    int HashOf(PythonTuple tuple)
    {
        using var level = ValueLevel.Enter();
        return tuple.Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, GetHashCode(item)));
    }

    /// <summary>Whether they are equal.</summary>
    public static bool AreEqual(object a, object b)
    {
        if (ReferenceEquals(a, b)) return true;
        using var level = ValueLevel.Enter();
        return (a, b) switch
        {
            (MarkedText x, MarkedText y) => x.Value == y.Value,
            (Undefined, Undefined) => true,
            (List<object> x, List<object> y) => AllEqual(x, y),
            (PythonTuple x, PythonTuple y) => AllEqual(x.Items, y.Items),
            (PythonDict x, PythonDict y) => SameEntries(x, y),
            (PythonRange x, PythonRange y) => AllEqual(x.Items.ToList(), y.Items.ToList()),
            _ => PythonTypes.IsNumber(a) && PythonTypes.IsNumber(b) && SameNumber(a, b),
        };
    }

    static bool SameNumber(object a, object b)
    {
        var (x, y) = (PythonArithmetic.Whole(a), PythonArithmetic.Whole(b));
        if (x is not null && y is not null) return x == y;
        if (x is null && y is null) return (double)a == (double)b;
        double fraction = x is null ? (double)a : (double)b;
        return double.IsInteger(fraction) && new BigInteger(fraction) == (x ?? y);
    }

    static bool AllEqual(IReadOnlyList<object> a, IReadOnlyList<object> b)
    {
        if (a.Count != b.Count) return false;
        for (int i = 0; i < a.Count; i++)
            if (!AreEqual(a[i], b[i])) return false;
        return true;
    }

    static bool SameEntries(PythonDict a, PythonDict b) =>
        a.Count == b.Count && a.Entries.All(entry => b[entry.Key] is { } other && AreEqual(entry.Value, other));

    /// <summary>Below 0 if the first comes before the second.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="sign">The operator, which a fault names.</param>
    /// <exception cref="TemplateFault">Python does not order them.</exception>
    public static int Compare(object a, object b, string sign = "<")
    {
        using var level = ValueLevel.Enter();
        if ((a as Undefined ?? b as Undefined) is { } undefined) throw undefined.Fault();
        if (a is MarkedText x && b is MarkedText y) return CompareTexts(x.Value, y.Value);
        if (PythonTypes.IsNumber(a) && PythonTypes.IsNumber(b)) return CompareNumbers(a, b);
        if (a is List<object> list && b is List<object> other) return CompareItems(list, other, sign);
        if (a is PythonTuple tuple && b is PythonTuple second) return CompareItems(tuple.Items, second.Items, sign);
        string both = $"{PythonRepr.Of(PythonTypes.Name(a))} and {PythonRepr.Of(PythonTypes.Name(b))}";
        throw new TemplateFault(TemplateFault.Type, $"{PythonRepr.Of(sign)} not supported between instances of {both}");
    }

    static int CompareNumbers(object a, object b) => PythonArithmetic.Whole(a) is { } x && PythonArithmetic.Whole(b) is { } y
        ? x.CompareTo(y)
        : PythonArithmetic.Float(a).CompareTo(PythonArithmetic.Float(b));

    // By code points: a pair of surrogates comes after every single unit.
    static int CompareTexts(string a, string b)
    {
        int same = PythonPoints.Common(a, b);
        if (same == a.Length || same == b.Length) return a.Length.CompareTo(b.Length);
        return PythonPoints.At(a, same).CompareTo(PythonPoints.At(b, same));
    }

    static int CompareItems(IReadOnlyList<object> a, IReadOnlyList<object> b, string sign)
    {
        for (int i = 0; i < Math.Min(a.Count, b.Count); i++)
            if (!AreEqual(a[i], b[i])) return Compare(a[i], b[i], sign);
        return a.Count.CompareTo(b.Count);
    }

    /// <summary>Whether a container has an item, as "in" asks.</summary>
    public static bool Contains(object container, object item)
    {
        if (container is MarkedText text)
        {
            if (item is MarkedText part) return text.Value.Contains(part.Value, StringComparison.Ordinal);
            throw new TemplateFault(TemplateFault.Type, $"'in <string>' requires string as left operand, not {PythonTypes.Name(item)}");
        }
        if (container is PythonDict dict) return dict[item] is not null;
        var items = PythonTypes.ItemsOrNull(container) ?? throw new TemplateFault(
            TemplateFault.Type, $"argument of type {PythonRepr.Of(PythonTypes.Name(container))} is not iterable");
        return items.Any(one => AreEqual(one, item));
    }

    /// <summary>The items in order: one that equals another keeps its place behind it.</summary>
    public static List<object> Sorted(IEnumerable<object> items, Func<object, object> key, bool reverse)
    {
        var keyed = items.Select(item => (Key: key(item), Item: item)).ToArray();
        if (reverse) Array.Reverse(keyed);
        // Halves are sorted and merged, always asking whether the later one is less, as Python asks.
        var spare = new (object Key, object Item)[keyed.Length];
        for (int width = 1; width < keyed.Length; width *= 2)
        {
            for (int left = 0; left < keyed.Length; left += 2 * width) Merge(keyed, spare, left, width);
            (keyed, spare) = (spare, keyed);
        }
        if (reverse) Array.Reverse(keyed);
        return [.. keyed.Select(pair => pair.Item)];
    }

    static void Merge((object Key, object Item)[] from, (object Key, object Item)[] to, int left, int width)
    {
        int middle = Math.Min(left + width, from.Length), end = Math.Min(left + 2 * width, from.Length);
        int a = left, b = middle;
        for (int i = left; i < end; i++)
        {
            bool takesLater = b < end && (a >= middle || Compare(from[b].Key, from[a].Key) < 0);
            to[i] = takesLater ? from[b++] : from[a++];
        }
    }
}
