using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>
/// What parameters are called that belong to no module of the model: an adapter's part, by its target's path and its own name.
/// </summary>
/// <remarks>By it the state of an optimizer finds its parameter again, in whatever order parameters are given.</remarks>
public static class ParameterNames
{
    static readonly ConditionalWeakTable<Tensor, string> known = [];

    /// <summary>Names a parameter for as long as it lives.</summary>
    public static void Set(Tensor parameter, string name) => known.AddOrUpdate(parameter, name);

    /// <summary>Its name; null where it was given none.</summary>
    public static string? Find(Tensor parameter) => known.TryGetValue(parameter, out var name) ? name : null;

    /// <summary>
    /// A name for each parameter of each group: its own; else its group's number and its own in there, as in <c>0.3</c>. A name that comes
    /// again is numbered.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<ParameterGroup> groups)
    {
        var met = new Dictionary<string, int>();
        var names = new List<IReadOnlyList<string>>();
        foreach (var (g, group) in groups.Index())
            names.Add([.. group.Parameters.Index().Select(p => Numbered(Find(p.Item) ?? $"{g}.{p.Index}"))]);
        return names;

        string Numbered(string name)
        {
            int count = met[name] = met.GetValueOrDefault(name) + 1;
            return count == 1 ? name : $"{name}#{count}";
        }
    }
}
