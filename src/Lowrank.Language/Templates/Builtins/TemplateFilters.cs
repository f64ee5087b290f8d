namespace Lowrank.Language;

/// <summary>All filters, and those of them that apply others by name.</summary>
static class TemplateFilters
{
    /// <summary>The list: Jinja's, but for urlize and random, and tojson as transformers has it.</summary>
    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        .. TextFilters.All, .. ListFilters.All, .. ValueFilters.All,
        new("map", (run, value, arguments) => Lazy(value, () => Mapping(run, arguments), (made, item) => (true, made(item)))),
        Selecting("select", byAttribute: false, wanted: true), Selecting("reject", byAttribute: false, wanted: false),
        Selecting("selectattr", byAttribute: true, wanted: true), Selecting("rejectattr", byAttribute: true, wanted: false),
    ];

    static readonly Dictionary<string, TemplateFilter> byName = All.ToDictionary(filter => filter.Name);

    /// <summary>The filter of that name; null if there is none.</summary>
    public static TemplateFilter? Find(string name) => byName.GetValueOrDefault(name);

    static TemplateFilter Selecting(string name, bool byAttribute, bool wanted) => new(name, (run, value, arguments) =>
        Lazy(value, () => Choosing(run, arguments, byAttribute), (holds, item) => (holds(item) == wanted, item)));

    // Nothing is done, and no argument looked at, before the first item is asked for.
    static PythonGenerator Lazy<T>(object value, Func<T> prepared, Func<T, object, (bool Keeps, object Item)> step)
    {
        return new(Items());

        IEnumerable<object> Items()
        {
            if (!PythonTypes.IsTrue(value)) yield break;
            var how = prepared();
            foreach (var one in PythonTypes.Items(value))
                if (step(how, one) is (true, var item)) yield return item;
        }
    }

    static Func<object, object> Mapping(TemplateRun run, CallArguments arguments)
    {
        bool isByAttribute = arguments.Positional.Count == 0 && arguments.Named.Any(one => one.Name == "attribute");
        if (isByAttribute)
        {
            foreach (var (name, _) in arguments.Named)
                if (name is not ("attribute" or "default"))
                    throw new TemplateFault(TemplateFault.Argument, $"Unexpected keyword argument {PythonRepr.Of(name)}");
            return Attributes.Getter(Named(arguments, "attribute"), Named(arguments, "default"));
        }
        if (arguments.Positional.Count == 0) throw new TemplateFault(TemplateFault.Argument, "map requires a filter argument");
        string wanted = PythonTypes.Text(arguments.Positional[0]).Value;
        var filter = Find(wanted) ?? throw new TemplateFault(TemplateFault.Runtime, $"No filter named {PythonRepr.Of(wanted)}.");
        var rest = arguments.Skip(1);
        return item => filter.Apply(run, item, rest);
    }

    static object? Named(CallArguments arguments, string name) => arguments.Named.FirstOrDefault(one => one.Name == name).Value;

    static Func<object, bool> Choosing(TemplateRun run, CallArguments arguments, bool byAttribute)
    {
        var given = arguments.Positional;
        if (byAttribute && given.Count == 0) throw new TemplateFault(TemplateFault.Argument, "Missing parameter for attribute name");
        var attribute = byAttribute ? Attributes.Getter(given[0]) : item => item;
        int used = byAttribute ? 1 : 0;
        if (given.Count == used) return item => PythonTypes.IsTrue(attribute(item));
        string wanted = PythonTypes.Text(given[used]).Value;
        var test = TemplateTests.Find(wanted) ?? throw new TemplateFault(TemplateFault.Runtime, $"No test named {PythonRepr.Of(wanted)}.");
        var rest = arguments.Skip(used + 1);
        return item => test.Holds(run, attribute(item), rest);
    }
}
