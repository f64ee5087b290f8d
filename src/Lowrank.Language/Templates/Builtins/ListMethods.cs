using System.Numerics;

namespace Lowrank.Language;

/// <summary>The methods of lists, tuples and ranges that change nothing, and the names of those that do.</summary>
static class ListMethods
{
    static readonly HashSet<string> changing = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    static readonly TemplateMethod<object> index = new("index", "value start? stop?", (list, a) => Index(list, a));
    static readonly TemplateMethod<object> count = new("count", "value", (list, a) =>
        (BigInteger)PythonTypes.Items(list).Count(item => PythonEquality.AreEqual(item, a[0]!)));
    static readonly TemplateMethod<object> copy = new("copy", "", (list, _) => PythonTypes.ListOf(list));

    /// <summary>The method of that name; null if there is none.</summary>
    public static object? Find(object list, string name) => name switch
    {
        "index" => index.Of(list),
        "count" => count.Of(list),
        "copy" when list is List<object> => copy.Of(list),
        _ when list is List<object> && changing.Contains(name) => Undefined.Unsafe(list, name),
        _ => null,
    };

    static BigInteger Index(object list, object?[] a)
    {
        var items = PythonTypes.ListOf(list);
        int start = a[1] is null ? 0 : PythonTypes.IntArgument(a[1]!), stop = a[2] is null ? items.Count : PythonTypes.IntArgument(a[2]!);
        if (start < 0) start = Math.Max(0, start + items.Count);
        if (stop < 0) stop += items.Count;
        for (int i = start; i < Math.Min(stop, items.Count); i++)
            if (PythonEquality.AreEqual(items[i], a[0]!)) return (BigInteger)i;
        throw new TemplateFault(TemplateFault.Value, list is PythonTuple
            ? "tuple.index(x): x not in tuple"
            : $"{PythonRepr.Of(a[0]!)} is not in {PythonTypes.Name(list)}");
    }
}
