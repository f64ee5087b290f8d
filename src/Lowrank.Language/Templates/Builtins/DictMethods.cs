namespace Lowrank.Language;

/// <summary>The methods of dicts that change nothing, and the names of those that do.</summary>
static class DictMethods
{
    static readonly HashSet<string> changing = ["clear", "pop", "popitem", "setdefault", "update"];

    static readonly Dictionary<string, TemplateMethod<PythonDict>> byName = new TemplateMethod<PythonDict>[]
    {
        new("get", "key default?", (dict, a) => dict[a[0]!] ?? a[1] ?? PythonNone.Value),
        new("keys", "", (dict, _) => new PythonDictView("keys", dict)),
        new("values", "", (dict, _) => new PythonDictView("values", dict)),
        new("items", "", (dict, _) => new PythonDictView("items", dict)),
        new("copy", "", (dict, _) => dict.Copy()),
    }.ToDictionary(method => method.Name);

    /// <summary>The method of that name; null if there is none.</summary>
    public static object? Find(PythonDict dict, string name) =>
        changing.Contains(name) ? Undefined.Unsafe(dict, name) : byName.GetValueOrDefault(name)?.Of(dict);
}
