using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>The kinds of values that graphs hold: null, switches, texts, numbers, and lists and objects of these.</summary>
static class GraphKinds
{
    /// <summary>A value of .NET's as graphs have it: whole numbers of any size, other numbers as double, links as lists.</summary>
    /// <param name="value">The value; itself where it is of such a kind.</param>
    /// <param name="place">Where it stands, as errors name it: "color of node 1 (EmptyImage)".</param>
    /// <exception cref="LowrankException">It is of another kind.</exception>
    public static object? Of(object? value, string place) => value switch
    {
        null or bool or string or BigInteger or double => value,
        GraphLink link => link.Written,
        IFormattable when Number(value) is { } number => number,
        IReadOnlyDictionary<string, object?> fields => Fields(fields, place),
        IEnumerable list => List(list, place),
        _ => throw new LowrankException($"{place} is a {value.GetType().Name}. " +
            "A graph holds texts, switches, numbers, links, and lists and objects of these."),
    };

    static object? Number(object value) => Type.GetTypeCode(value.GetType()) switch
    {
        >= TypeCode.SByte and <= TypeCode.UInt64 when value is not Enum => BigInteger.Parse(Plain(value), CultureInfo.InvariantCulture),
        // 0.8f is 0.8, and not 0.800000011920929.
        >= TypeCode.Single and <= TypeCode.Decimal => double.Parse(Plain(value), CultureInfo.InvariantCulture),
        _ => value is Half ? double.Parse(Plain(value), CultureInfo.InvariantCulture) : null,
    };

    static string Plain(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    static IReadOnlyDictionary<string, object?> Fields(IReadOnlyDictionary<string, object?> fields, string place)
    {
        var taken = new OrderedDictionary<string, object?>(
            fields.Select(field => KeyValuePair.Create(field.Key, Of(field.Value, place))));
        return fields.Values.SequenceEqual(taken.Values, ReferenceEqualityComparer.Instance) ? fields : taken;
    }

    static IReadOnlyList<object?> List(IEnumerable list, string place)
    {
        object?[] given = [.. list.Cast<object?>()], taken = [.. given.Select(one => Of(one, place))];
        bool isSame = given.SequenceEqual(taken, ReferenceEqualityComparer.Instance);
        return isSame && list is IReadOnlyList<object?> already ? already : taken;
    }
}
