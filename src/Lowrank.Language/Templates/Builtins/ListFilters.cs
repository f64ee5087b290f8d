using System.Numerics;

namespace Lowrank.Language;

/// <summary>Filters on things that have items.</summary>
static class ListFilters
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        TemplateFilter.Of("batch", "linecount fill_with?", Batches),
        TemplateFilter.Of("count", "", (value, _) => PythonTypes.Length(value)),
        TemplateFilter.Of("length", "", (value, _) => PythonTypes.Length(value)),
        TemplateFilter.Of("dictsort", "case_sensitive? by? reverse?", SortedDict),
        TemplateFilter.Of("first", "", (value, _) =>
            PythonTypes.Items(value).FirstOrDefault() ?? Empty("No first item, sequence was empty.")),
        TemplateFilter.Of("last", "", (value, _) => Last(value)),
        TemplateFilter.Of("groupby", "attribute default? case_sensitive?", Groups),
        TemplateFilter.Of("items", "", (value, _) => Pairs(value)),
        TemplateFilter.Of("join", "d? attribute?", (value, a) => TextSearch.Joined(
            PythonTypes.Text(a[0] ?? MarkedText.Empty), PythonTypes.Items(value).Select(Attributes.Getter(a[1])), PythonTypes.Text)),
        TemplateFilter.Of("list", "", (value, _) => PythonTypes.ListOf(value)),
        TemplateFilter.Of("max", "case_sensitive? attribute?", (value, a) => Outermost(value, a, 1)),
        TemplateFilter.Of("min", "case_sensitive? attribute?", (value, a) => Outermost(value, a, -1)),
        TemplateFilter.Of("reverse", "", (value, _) => Reversed(value)),
        TemplateFilter.Of("slice", "slices fill_with?", Slices),
        TemplateFilter.Of("sort", "reverse? case_sensitive? attribute?", Sorted),
        TemplateFilter.Of("sum", "attribute? start?", (value, a) =>
            PythonTypes.Items(value).Select(Attributes.Getter(a[0])).Aggregate(a[1] ?? BigInteger.Zero, PythonArithmetic.Add)),
        TemplateFilter.Of("unique", "case_sensitive? attribute?", (value, a) => new PythonGenerator(Unique(value, a))),
    ];

    static Undefined Empty(string hint) => Undefined.Because(hint);

    static bool IsOn(object? given) => given is not null && PythonTypes.IsTrue(given);

    static object Uncased(object value) => value is MarkedText text ? TextCase.Lower(text) : value;

    static Func<object, object> Key(object? attribute, object? caseSensitive, object? otherwise = null)
    {
        var get = Attributes.Getter(attribute, otherwise);
        return IsOn(caseSensitive) ? get : item => Uncased(get(item));
    }

    static object Last(object value)
    {
        if (value is PythonGenerator)
            throw new TemplateFault(TemplateFault.Type, $"{PythonRepr.Of(PythonTypes.Name(value))} object is not reversible");
        if (value is MarkedText or List<object> or PythonTuple or PythonRange)
            return PythonSlices.At(value, -1) ?? Empty("No last item, sequence was empty.");
        return PythonTypes.Items(value).LastOrDefault() ?? Empty("No last item, sequence was empty.");
    }

    static PythonGenerator Batches(object value, object?[] a)
    {
        int size = PythonTypes.IntArgument(a[0]!);
        return new(Items());

        IEnumerable<object> Items()
        {
            var batch = new List<object>();
            foreach (var item in PythonTypes.Items(value))
            {
                if (batch.Count == size)
                {
                    yield return batch;
                    batch = [];
                }
                batch.Add(item);
            }
            if (batch.Count == 0) yield break;
            while (a[1] is not (null or PythonNone) && batch.Count < TemplateLimits.Checked(size)) batch.Add(a[1]!);
            yield return batch;
        }
    }

    static PythonGenerator Slices(object value, object?[] a)
    {
        int slices = TemplateLimits.Checked(PythonTypes.IntArgument(a[0]!));
        return new(Items());

        IEnumerable<object> Items()
        {
            var items = PythonTypes.ListOf(value);
            if (slices == 0) throw new TemplateFault(TemplateFault.Division, "integer division or modulo by zero");
            int each = items.Count / slices, longer = items.Count % slices, start = 0;
            for (int i = 0; i < slices; i++)
            {
                int length = each + (i < longer ? 1 : 0);
                var part = items.GetRange(start, length);
                start += length;
                if (a[1] is not (null or PythonNone) && i >= longer) part.Add(a[1]!);
                yield return part;
            }
        }
    }

    static object SortedDict(object value, object?[] a)
    {
        string by = a[1] is null ? "key" : PythonTypes.Text(a[1]!).Value;
        if (by is not ("key" or "value"))
            throw new TemplateFault(TemplateFault.Argument, "You can only sort by either \"key\" or \"value\"");
        var dict = value as PythonDict ?? throw (value as Undefined)?.Fault() ?? new Undefined(null, value, (MarkedText)"items").Fault();
        var items = new PythonDictView("items", dict).Items;
        int place = by == "key" ? 0 : 1;
        return PythonEquality.Sorted(items, pair => Key(null, a[0])(((PythonTuple)pair).Items[place]), IsOn(a[2]));
    }

    static List<object> Groups(object value, object?[] a)
    {
        var key = Key(a[0], a[2], a[1]);
        var groups = new List<(object Key, List<object> Items)>();
        foreach (object item in PythonEquality.Sorted(PythonTypes.Items(value), key, false))
        {
            object its = key(item);
            bool goesOn = groups.Count > 0 && PythonEquality.AreEqual(groups[^1].Key, its);
            if (!goesOn) groups.Add((its, []));
            groups[^1].Items.Add(item);
        }
        // Without regard to case the group is called as its first item has it.
        var shown = Attributes.Getter(a[0], a[1]);
        return groups.ConvertAll(group => (object)new PythonGroup(IsOn(a[2]) ? group.Key : shown(group.Items[0]), group.Items));
    }

    static PythonGenerator Pairs(object value)
    {
        return new(Items());

        IEnumerable<object> Items()
        {
            if (value is Undefined) return [];
            return value is PythonDict dict
                ? new PythonDictView("items", dict).Items
                : throw new TemplateFault(TemplateFault.Type, "Can only get item pairs from a mapping.");
        }
    }

    static object Outermost(object value, object?[] a, int sign)
    {
        var key = Key(a[1], a[0]);
        object? best = null, bestKey = null;
        foreach (object item in PythonTypes.Items(value))
        {
            object its = key(item);
            // Asked as Python asks, later against earlier, so that a fault names them in that order.
            bool isBetter = best is null || PythonEquality.Compare(its, bestKey!, sign < 0 ? "<" : ">") * sign > 0;
            if (isBetter) (best, bestKey) = (item, its);
        }
        return best ?? Empty("No aggregated item, sequence was empty.");
    }

    static object Reversed(object value)
    {
        if (value is MarkedText) return PythonSlices.Slice(value, PythonNone.Value, PythonNone.Value, BigInteger.MinusOne)!;
        var items = PythonTypes.ItemsOrNull(value)?.ToList() ??
            throw new TemplateFault(TemplateFault.Argument, "argument must be iterable");
        items.Reverse();
        return value is PythonGenerator ? items : new PythonGenerator(items, PythonTypes.Name(value) + "_reverseiterator");
    }

    static object Sorted(object value, object?[] a)
    {
        // "v,k" sorts by both; one name is a list of one, so that a fault is told of the items.
        object?[] names = a[2] is MarkedText text ? [.. TextSearch.Split(text, ",", -1)] : [a[2]];
        var keys = names.Select(name => Key(name, a[1])).ToArray();
        return PythonEquality.Sorted(PythonTypes.Items(value), item => keys.Select(key => key(item)).ToList(), IsOn(a[0]));
    }

    static IEnumerable<object> Unique(object value, object?[] a)
    {
        var key = Key(a[1], a[0]);
        var seen = new HashSet<object>(PythonEquality.Comparer);
        foreach (object item in PythonTypes.Items(value))
            if (seen.Add(key(item))) yield return item;
    }
}
