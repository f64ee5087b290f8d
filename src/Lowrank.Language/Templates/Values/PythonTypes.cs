using System.Numerics;

namespace Lowrank.Language;

/// <summary>Kinds of values: their names in Python, and what holds for all of them.</summary>
static class PythonTypes
{
    /// <summary>Python's name of a value's kind.</summary>
    public static string Name(object value) => value switch
    {
        MarkedText { IsMarkup: true } => "Markup",
        MarkedText => "str",
        BigInteger => "int",
        PythonNone => "NoneType",
        PythonGenerator generator => generator.Kind,
        PythonDictView view => "dict_" + view.Kind,
        TemplateCallable callable => callable is TemplateFunction ? "builtin_function_or_method" : callable.GetType().Name,
        _ => names.GetValueOrDefault(value.GetType(), value.GetType().Name),
    };

    static readonly Dictionary<Type, string> names = new()
    {
        [typeof(double)] = "float", [typeof(bool)] = "bool", [typeof(List<object>)] = "list", [typeof(PythonTuple)] = "tuple",
        [typeof(PythonDict)] = "dict", [typeof(PythonRange)] = "range", [typeof(PythonNamespace)] = "Namespace",
        [typeof(PythonGroup)] = "_GroupTuple",
    };

    /// <summary>Whether Python takes it as true.</summary>
    public static bool IsTrue(object value) => value switch
    {
        bool on => on,
        MarkedText text => text.Value.Length > 0,
        PythonNone or Undefined => false,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        _ => LengthOrNull(value) is not { } length || length > 0,
    };

    /// <summary>What len() says; null where it has none.</summary>
    public static BigInteger? LengthOrNull(object value) => value switch
    {
        MarkedText text => text.Length,
        List<object> list => list.Count,
        PythonTuple tuple => tuple.Items.Count,
        PythonDict dict => dict.Count,
        PythonDictView view => view.Of.Count,
        PythonRange range => range.Length,
        Undefined => 0,
        _ => null,
    };

    /// <summary>What len() says.</summary>
    public static BigInteger Length(object value) => LengthOrNull(value) ??
        throw new TemplateFault(TemplateFault.Type, $"object of type {PythonRepr.Of(Name(value))} has no len()");

    /// <summary>The items of anything that has some; null where it has none.</summary>
    public static IEnumerable<object>? ItemsOrNull(object value) => value switch
    {
        MarkedText text => Characters(text),
        List<object> list => list,
        PythonTuple tuple => tuple.Items,
        PythonDict dict => dict.Keys,
        PythonDictView view => view.Items,
        PythonRange range => range.Items,
        PythonGenerator generator => generator.Rest,
        Undefined => [],
        _ => null,
    };

    /// <summary>The items of anything that has some.</summary>
    public static IEnumerable<object> Items(object value) => ItemsOrNull(value) ??
        throw new TemplateFault(TemplateFault.Type, $"{PythonRepr.Of(Name(value))} object is not iterable");

    /// <summary>The items as a list of their own.</summary>
    public static List<object> ListOf(object value)
    {
        var list = new List<object>();
        foreach (var item in Items(value))
        {
            list.Add(item);
            TemplateLimits.Checked(list.Count);
        }
        return list;
    }

    /// <summary>The characters of a text, each a text.</summary>
    public static IEnumerable<object> Characters(MarkedText text)
    {
        for (int i = 0; i < text.Value.Length; i += PythonPoints.Width(text.Value, i))
            yield return text.Part(i, PythonPoints.Width(text.Value, i));
    }

    /// <summary>The text itself, or what str() makes of another value.</summary>
    public static MarkedText Text(object value) => value as MarkedText ?? PythonRepr.Str(value);

    /// <summary>The text that an argument must be.</summary>
    public static MarkedText TextArgument(object value) => value switch
    {
        MarkedText text => text,
        Undefined undefined => throw undefined.Fault(),
        _ => throw new TemplateFault(TemplateFault.Type, $"a str is needed, not {PythonRepr.Of(Name(value))}"),
    };

    /// <summary>The whole number that an argument must be, within 32 bits.</summary>
    public static int IntArgument(object value) => value switch
    {
        BigInteger number => (int)BigInteger.Max(BigInteger.Min(number, int.MaxValue), int.MinValue),
        bool on => on ? 1 : 0,
        Undefined undefined => throw undefined.Fault(),
        _ => throw new TemplateFault(TemplateFault.Type, $"{PythonRepr.Of(Name(value))} object cannot be interpreted as an integer"),
    };

    /// <summary>Whether it is a number, a bool among them.</summary>
    public static bool IsNumber(object value) => value is BigInteger or double or bool;
}
