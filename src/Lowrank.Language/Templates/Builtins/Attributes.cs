using System.Numerics;

namespace Lowrank.Language;

/// <summary>What a.b and a['b'] mean: the first looks for an attribute and then for a key, the second the other way round.</summary>
static class Attributes
{
    /// <summary>a.b.</summary>
    public static object Get(object owner, string name)
    {
        if (owner is Undefined undefined) throw undefined.Fault();
        return Named(owner, name) ?? Keyed(owner, (MarkedText)name) ?? new Undefined(null, owner, (MarkedText)name);
    }

    /// <summary>a.b, where the name is at hand as a value.</summary>
    public static object Get(object owner, MarkedText name)
    {
        if (owner is Undefined undefined) throw undefined.Fault();
        return Named(owner, name.Value) ?? Keyed(owner, name) ?? new Undefined(null, owner, name);
    }

    /// <summary>a[b].</summary>
    public static object Item(object owner, object key)
    {
        if (owner is Undefined undefined) throw undefined.Fault();
        if (Keyed(owner, key) is { } item) return item;
        return (key is MarkedText name ? Named(owner, name.Value) : null) ?? new Undefined(null, owner, key);
    }

    /// <summary>The attribute alone, not the key; undefined if there is none.</summary>
    public static object Only(object owner, MarkedText name)
    {
        if (owner is Undefined undefined) throw undefined.Fault();
        return Named(owner, name.Value) ?? new Undefined(null, owner, name);
    }

    static object? Named(object owner, string name)
    {
        if (name.StartsWith('_')) return name.StartsWith("__", StringComparison.Ordinal) ? Undefined.Unsafe(owner, name) : null;
        return owner switch
        {
            PythonDict dict => DictMethods.Find(dict, name),
            MarkedText text => TextMethods.Find(text, name),
            IHasAttributes one => one.Attribute(name) ?? (owner is PythonTuple ? ListMethods.Find(owner, name) : null),
            List<object> or PythonTuple => ListMethods.Find(owner, name),
            PythonRange range => OfRange(range, name),
            BigInteger or double or bool => NumberAttributes.Find(owner, name),
            _ => null,
        };
    }

    static object? OfRange(PythonRange range, string name) => name switch
    {
        "start" => range.Start,
        "stop" => range.Stop,
        "step" => range.Step,
        _ => ListMethods.Find(range, name),
    };

    static object? Keyed(object owner, object key)
    {
        if (owner is PythonDict dict) return key is List<object> or PythonDict ? null : dict[key];
        bool hasPlaces = owner is MarkedText or List<object> or PythonTuple or PythonRange;
        return hasPlaces && PythonArithmetic.Whole(key) is { } index ? PythonSlices.At(owner, index) : null;
    }

    /// <summary>What filters take as attribute: "a.b.0" walks, a number is a place.</summary>
    /// <param name="attribute">The name or place; null or None for the item itself.</param>
    /// <param name="otherwise">What stands for one that is not there.</param>
    public static Func<object, object> Getter(object? attribute, object? otherwise = null)
    {
        object[] parts = attribute switch
        {
            null or PythonNone => [],
            MarkedText path => [.. TextSearch.Split(path, ".", -1).Select(Part)],
            _ => [attribute],
        };
        return item =>
        {
            foreach (object part in parts)
            {
                item = Item(item, part);
                bool isMissing = item is Undefined && otherwise is not (null or PythonNone);
                if (isMissing) item = otherwise!;
            }
            return item;
        };
    }

    static object Part(object part)
    {
        string text = ((MarkedText)part).Value;
        bool isPlace = text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit);
        return isPlace ? BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : part;
    }
}
